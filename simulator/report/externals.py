"""Sentences about external dependencies: calls that were given up, and effects that came about twice."""

from collections.abc import Iterator

from simulator.report.words import name, plural
from simulator.result.externals import ExternalCalls
from simulator.result.whole import Result


def gist(result: Result) -> Iterator[str]:
    """The first layer's: of each external what failed, and what a retry applied once more."""
    for external, found in result.externals.items():
        if found.given_up:
            calls = f"{found.given_up:,} of {plural(found.calls, 'call')}"
            yield f"{calls} to {name(external)}{_where(found)} came to nothing"
        if found.double_applied:
            yield f"{_effects(external, found)}; remedy: an idempotent call"


def _where(found: ExternalCalls) -> str:
    return "" if found.home is None else f" (in {found.home})"


def _effects(external: str, found: ExternalCalls) -> str:
    of = f"{found.double_applied:,} of {plural(found.effects, 'effect')} at {name(external)}"
    return f"{of} {'was' if found.double_applied == 1 else 'were'} applied again by a retry"
