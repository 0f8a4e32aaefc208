"""Rules: pure functions and frozen facts, no clock, no input or output."""
