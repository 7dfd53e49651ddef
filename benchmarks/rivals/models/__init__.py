"""The workloads as users of each rival would write them, on its public interface; `run(size, seed)` of each.

A module imports its own rival and the standard library, so that it runs in the rival's environment alone.
What stands in one is a user's code, and is counted as such.
"""
