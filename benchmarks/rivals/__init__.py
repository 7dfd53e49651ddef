"""The same questions asked of other simulators, and of a loop in C: `python -m benchmarks.rivals`."""
