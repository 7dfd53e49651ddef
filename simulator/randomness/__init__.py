"""Keyed draws: each is a pure function of seed, stream, entity and counter."""
