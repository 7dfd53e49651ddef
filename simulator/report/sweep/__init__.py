"""Sweeps and boundaries, for readers."""
