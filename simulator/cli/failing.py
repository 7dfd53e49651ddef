"""How commands end when something is wrong: a clear message on standard error, and the exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click

from simulator.errors import EXIT_DEFECT, EXIT_INVALID, DefectError, SpecError, UsageError


def fail(message: str, code: int = EXIT_INVALID) -> NoReturn:
    """Print a message to standard error and leave."""
    click.echo(message, err=True)
    sys.exit(code)


@contextmanager
def reported_errors() -> Iterator[None]:
    """Turn the simulator's exceptions into messages and exit codes."""
    try:
        yield
    except SpecError as error:
        count = len(error.problems)
        fail(f"{error}\n{count} problem{'s' if count > 1 else ''}; nothing was run or written.")
    except UsageError as error:
        fail(str(error))
    except DefectError as error:
        fail(str(error), EXIT_DEFECT)
