"""Designs on the same users: what each changes, and for whom."""
