"""Which slice an expectation asks for: a population's actions, an operation's, or those of both together."""

from simulator.boundary.measures import Asked
from simulator.result.slices import Both, Slice
from simulator.result.whole import Sections


def is_of(asked: Asked, population: str | None, operation: str | None) -> bool:
    """Whether an expectation asks for a population's, or an operation's, actions; None: of any."""
    of_population = asked.population is None or population in (None, asked.population)
    return of_population and (asked.operation is None or operation is None or _is_called(asked, operation))


def _is_called(asked: Asked, operation: str) -> bool:
    """An operation is called `service.operation`, or `operation` alone."""
    return f".{operation}".endswith(f".{asked.operation}")


def is_narrowed(asked: Asked) -> bool:
    """Whether an expectation asks for a part of the actions only."""
    return asked.population is not None or asked.operation is not None


def asked_both(run: Sections, asked: Asked) -> list[Both]:
    """The actions that an expectation asks for, by population and operation."""
    return [one for one in run.slices.both if is_of(asked, one.population, one.operation)]


def asked_slice(run: Sections, asked: Asked) -> Slice | None:
    """The population, or else the operation, that an expectation asks for; None if nobody asks for that."""
    if asked.population is not None:
        return run.slices.populations[asked.population]
    return next((one for name, one in run.slices.operations.items() if _is_called(asked, name)), None)
