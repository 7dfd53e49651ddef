"""How commands end when something is wrong: a clear message on standard error, and the exit code."""

import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from simulator.cli.interrupts import EXIT_INTERRUPTED, end_at_once
from simulator.cli.saying import say
from simulator.errors import EXIT_DEFECT, EXIT_INVALID, REPORT_IT, DefectError, SpecError, UsageError


def fail(message: str, code: int = EXIT_INVALID) -> NoReturn:
    """Print a message to standard error and leave."""
    say(message, err=True)
    sys.exit(code)


def printed(was_printed: bool) -> None:
    """Leave if that which a command is asked for could not be printed; why has been said."""
    if not was_printed:
        sys.exit(EXIT_INVALID)


@contextmanager
def reported_errors() -> Iterator[None]:
    """Turn exceptions into messages and exit codes; one that nobody foresaw is a defect, never code 1."""
    try:
        yield
    except SpecError as error:
        count = len(error.problems)
        fail(f"{error}\n{count} problem{'s' if count > 1 else ''}; nothing was run or written.")
    except UsageError as error:
        fail(str(error))
    except DefectError as error:
        fail(str(error), EXIT_DEFECT)
    except KeyboardInterrupt:
        fail("interrupted", EXIT_INTERRUPTED)
    except Exception as error:
        if _came_of_interruption(error):
            fail("interrupted", EXIT_INTERRUPTED)
        fail(f"{traceback.format_exc()}{REPORT_IT}", EXIT_DEFECT)


def _came_of_interruption(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind an exception: libraries turn it into others of their own."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@contextmanager
def cleaning_up() -> Iterator[None]:
    """While the body runs, Ctrl-C raises KeyboardInterrupt, so that bars and unfinished files are removed."""
    if signal.getsignal(signal.SIGINT) is not end_at_once:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, end_at_once)
