"""Where the program starts: Ctrl-C is understood before anything slow is imported."""

import sys

from simulator.cli.interrupts import watch

EXIT_BROKEN_PIPE = 141
"""What shells say of a program that wrote to a pipe that nobody reads."""


def start() -> None:
    """Run the command line and leave with its exit code."""
    watch()
    from simulator.cli import main

    output = sys.stdout
    try:
        main(prog_name="simulator")
    except SystemExit:
        if sys.stdout is not output:  # click replaced it, for its help met a closed pipe: that is no verdict
            sys.exit(EXIT_BROKEN_PIPE)
        raise
    except OSError as error:  # so did a full disk
        from simulator.cli.failing import fail

        fail(f"cannot print: {error.strerror or error}")
