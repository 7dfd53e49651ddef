"""`python -m simulator.cli`: the command line of a package that is not installed."""

from simulator.cli import main

main(prog_name="simulator")
