"""Faults: what acts now, and what it comes to. One file a target, as in `language.models.faults`."""
