"""What the simulator costs, as whole processes and as ratios within one run: `python -m benchmarks`."""
