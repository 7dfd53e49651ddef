"""Checks a specification as a whole and lowers it to integers and arrays."""
