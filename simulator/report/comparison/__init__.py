"""Designs side by side, for readers."""
