"""Figures that a trap's tests read from an outcome."""

from simulator.measure.histogram import percentile
from simulator.outcome import Outcome


def success(outcome: Outcome, from_s: int = 0, until_s: int | None = None) -> float:
    """Share of the actions completed in a stretch of the run that succeeded."""
    data, t = outcome.plan.data, outcome.tallies
    window_s = data.window_ns // 10**9
    stretch = slice(from_s // window_s, None if until_s is None else until_s // window_s)
    succeeded, failed = int(t.window_succeeded[stretch].sum()), int(t.window_failed[stretch].sum())
    assert succeeded + failed > 0
    return succeeded / (succeeded + failed)


def region_number(outcome: Outcome, region: str) -> int:
    """Its place in arrays by region."""
    return outcome.plan.regions.index(region)


def kinds(outcome: Outcome) -> set[str]:
    """The kinds of events in the log."""
    return {event.kind for event in outcome.events}


def latency_s(outcome: Outcome, share: float) -> float:
    """A percentile of the time that actions take."""
    ns = percentile(outcome.tallies.action_latency, share)
    assert ns is not None
    return ns / 1e9


def moments_s(outcome: Outcome, kind: str) -> list[float]:
    """When events of a kind happened, in seconds."""
    return [event.at_ns / 1e9 for event in outcome.events if event.kind == kind]


def first_s(outcome: Outcome, kind: str) -> float:
    """When the first of them happened."""
    return moments_s(outcome, kind)[0]
