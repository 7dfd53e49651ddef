"""What Ctrl-C does from the program's first moment on: it ends the program at once.

Imports next to nothing, for it stands before everything else that the program imports. What has something to
clean up does so by `failing.cleaning_up`.
"""

import os
import signal

EXIT_INTERRUPTED = 130
"""What shells say of a program that the user interrupted."""


def end_at_once(_signal: object = None, _frame: object = None) -> None:
    """Say that the program was interrupted and leave, whatever is being imported or read just now."""
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(EXIT_INTERRUPTED)


def watch() -> None:
    """From now on Ctrl-C ends the program at once, unless whoever started it wants it to be ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, end_at_once)
