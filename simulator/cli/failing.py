"""How commands end when something is wrong: a clear message on standard error, and the exit code."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from simulator.errors import EXIT_DEFECT, EXIT_INVALID, REPORT_IT, DefectError, SpecError, UsageError

EXIT_INTERRUPTED = 130
"""What shells say of a program that the user interrupted."""


def fail(message: str, code: int = EXIT_INVALID) -> NoReturn:
    """Print a message to standard error and leave."""
    click.echo(message, err=True)
    sys.exit(code)


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
    except Exception:
        fail(f"{traceback.format_exc()}{REPORT_IT}", EXIT_DEFECT)
