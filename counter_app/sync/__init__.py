"""Bundles that travel between desks."""
