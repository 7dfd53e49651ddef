"""Calls from instances to stores: how often they were tried, why they failed, what was given up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import EXTERNAL, SERVICE
from simulator.boundary.outcomes import CALL_FAILURES
from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.result.calls import CallCounts, Calls, StoreCalls
from simulator.result.externals import ExternalCalls


def section(outcome: Outcome) -> Calls:
    """The `calls` section: all together, and by store and region in which it is."""
    plan, t = outcome.plan, outcome.tallies
    called = np.isin(plan.data.store_kind, (EXTERNAL, SERVICE))[:, np.newaxis] & (t.calls > 0)
    pairs = np.argwhere((plan.data.store_replica == 1) | called).tolist()
    stores = tuple(
        StoreCalls(
            plan.stores[store],
            plan.regions[region],
            **vars(_counts(outcome, (store, region))),
            is_elsewhere=bool(called[store, region]),
        )
        for store, region in pairs
    )
    held = zip(callees(plan), t.window_called_from.sum(axis=0).tolist(), strict=True)
    by_count = sorted(held, key=lambda one: -one[1])
    return Calls(_counts(outcome, ...), t.call_retries_denied, stores, {name: n for name, n in by_count if n})


def callees(plan: Plan) -> tuple[str, ...]:
    """The names of the services that others call, by number."""
    until = len(plan.stores) - plan.data.externals
    return plan.stores[until - plan.data.callees : until]


def externals(outcome: Outcome) -> dict[str, ExternalCalls]:
    """The `externals` section: the last stores, each as all regions call it."""
    plan, t = outcome.plan, outcome.tallies
    first = len(plan.stores) - plan.data.externals
    homes = [plan.locations[place] if place >= 0 else None for place in plan.data.store_home[first:].tolist()]
    return {
        name: ExternalCalls(
            **vars(_counts(outcome, first + number)),
            kind=plan.external_kinds[number],
            home=homes[number],
            effects=int(t.effects[number]),
            double_applied=int(t.effects_again[number]),
            deduplicated=int(t.effects_left_out[number]),
        )
        for number, name in enumerate(plan.stores[first:])
    }


def _counts(outcome: Outcome, where: Any) -> CallCounts:
    """`where` is a store and region, a store, or all of them."""
    t = outcome.tallies
    calls, tries = _count(t.calls, where), _count(t.call_tries, where)
    failures = [_count(t.call_failures[cause], where) for cause in range(len(CALL_FAILURES))]
    return CallCounts(
        calls=calls,
        tries=tries,
        tries_per_call=share(tries, calls),
        failures=dict(zip(CALL_FAILURES, failures, strict=True)),
        given_up=_count(t.calls_failed, where),
        connections_opened=_count(t.connections_opened, where),
    )


def _count(counts: NDArray[np.int64], where: Any) -> int:
    return int(counts[where].sum())
