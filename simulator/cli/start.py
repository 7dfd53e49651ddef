"""Where the program starts: Ctrl-C is understood before anything slow is imported."""

import gc
import os
import sys

from simulator.cli.interrupts import watch

EXIT_BROKEN_PIPE = 141
"""What shells say of a program that wrote to a pipe that nobody reads."""

_COLLECT_AFTER = 500_000
"""Start-up makes objects that stay, some 200,000; looking through them for garbage every few hundred takes a
tenth of its time.
"""

_THREADS = "OPENBLAS_NUM_THREADS"
"""How many threads NumPy begins for its linear algebra, of which the program does next to nothing.

A process without any can be copied (`simulator.explore.copying`).
"""


def start() -> None:
    """Run the command line and leave with its exit code."""
    watch()
    gc.set_threshold(_COLLECT_AFTER)
    os.environ.setdefault(_THREADS, "1")
    try:
        _run()
    finally:
        gc.freeze()  # what is there goes with the process; Python need not look for garbage in it first


def _run() -> None:
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
        from simulator.cli.saying import hush

        hush(output)
        fail(f"cannot print: {error.strerror or error}")
