"""What the simulator costs, measured as whole processes and as ratios within one run: `python -m
benchmarks`.
"""
