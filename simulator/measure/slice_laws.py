"""Conservation laws of what is counted by population and by operation: the slices make up the whole."""

from collections.abc import Iterator

from simulator.outcome import Outcome

_KINDS = ("begun", "bad", "waits_from", "waits_until")


def laws_of_slices(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    """Each law: its name and two plain values that are equal if it holds."""
    yield from _laws_of_windows(outcome)
    yield from _laws_of_mixes(outcome)
    t = outcome.tallies
    sent, begun = t.window_sent.sum(axis=1), t.window_fresh + t.window_cached + t.window_pinned
    yield "attempts begun towards a region = of each population", sent.tolist(), begun.tolist()
    yield "user-minutes lost = of each population", int(t.lost_ms_by_population.sum()), t.lost_user_ms
    during = t.sessions_by_presence.sum(axis=(0, 1)).tolist()
    yield "sessions alive during a fault = signed in + arriving", during, t.sessions_during_fault.tolist()


def _laws_of_windows(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    t = outcome.tallies
    for whose in ("population", "operation"):
        slices = [getattr(t, f"{whose}_{kind}").sum(axis=1).tolist() for kind in _KINDS]
        whole = [getattr(t, f"window_{kind}").tolist() for kind in _KINDS]
        yield f"actions by window = of each {whose}", slices, whole


def _laws_of_mixes(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    """Rows of bots come last, for bots are the last populations."""
    t, data = outcome.tallies, outcome.plan.data
    people = int(data.pop_mix_count[data.pop_bots == 0].sum())
    yield (
        "actions = of each population and operation",
        t.actions_by_mix[:people].sum(axis=0).tolist(),
        t.actions.tolist(),
    )
    yield "actions of bots = of each", t.actions_by_mix[people:].sum(axis=0).tolist(), t.bot_actions.tolist()
    for kind in _KINDS[:2]:
        by_mix, by_window = getattr(t, f"{kind}_by_mix"), getattr(t, f"window_{kind}")
        of_each = f"actions {kind} = of each population and operation"
        yield of_each, int(by_mix.sum()), int(by_window.sum())
