"""The disaster-recovery test: a set of scenarios against the objectives of critical functions."""
