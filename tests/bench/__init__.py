"""The bench: one run measures every goal of speed against its floor or peer."""
