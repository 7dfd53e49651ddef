"""`python -m simulator.cli`: the command line of a package that is not installed."""

from simulator.cli.start import start

start()
