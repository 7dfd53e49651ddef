"""Checks of rates: when they are made, when what they find takes effect, and what is logged of it."""

from typing import Any

import numpy as np
import pytest

from simulator.control_plane.web_acls import populations_of
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.control_plane.recording import RecordingPlane
from tests.small import HERE, THERE, experiment, guarded, plan_of

SECOND = 10**9


def guarded_plan(**rule: Any) -> Plan:
    """A REST API in two regions with a web ACL, an office behind one address, and bots behind two."""
    office = {"near": HERE, "sessions": 5, "think_time": "10 s", "actions": {"view": 1}, "addresses": 1}
    bots = {"near": THERE, "rate": "5/s", "actions": {"view": 1}, "addresses": 2}
    fault = {"at": "20 s", "for": "60 s", "bots": bots}
    return plan_of(guarded(**rule), experiment(duration="2 min", users={"office": office}, faults=[fault]))


class Told(RecordingPlane):
    """A plane whose keys are above a limit between two seconds, for the first web ACL alone."""

    def __init__(self, keys: tuple[int, ...], from_s: float, until_s: float) -> None:
        super().__init__()
        self._keys, self._span_ns = keys, (from_s * SECOND, until_s * SECOND)
        self.checks: dict[int, list[int]] = {}

    def over_limit(self, rule: int) -> Any:
        self.checks.setdefault(rule, []).append(self.now_ns)
        is_over = rule == 0 and self._span_ns[0] <= self.now_ns < self._span_ns[1]
        return np.array(self._keys if is_over else (), np.int64)


def played(plan: Plan, plane: Told) -> Outcome:
    return simulate(plan, plane)


def test_rates_are_checked_every_ten_seconds_at_a_phase_of_each_region() -> None:
    plane = Told((), 0, 0)
    played(guarded_plan(), plane)
    phases = {rule: checks[0] for rule, checks in plane.checks.items()}
    assert len({*phases.values()}) == 2  # one web ACL in each of two regions
    for rule, checks in plane.checks.items():
        assert 0 <= phases[rule] < 10 * SECOND
        assert checks == [phases[rule] + 10 * SECOND * k for k in range(12)]  # two minutes


def test_what_a_check_finds_takes_effect_after_the_propagation_and_is_undone_as_late() -> None:
    """Above the limit from 30 s to 70 s: the checks behind these instants find it, and 10 s later it acts."""
    plane = Told((0,), 30, 70)
    outcome = played(guarded_plan(), plane)
    found, cleared = (min(t for t in plane.checks[0] if t >= at * SECOND) for at in (30, 70))
    assert plane.of("set_limited") == [
        (found + 10 * SECOND, "set_limited", (0, (0,), True)),
        (cleared + 10 * SECOND, "set_limited", (0, (0,), False)),
    ]
    limits, releases = (one for one in outcome.events if one.kind.startswith("web_acl"))
    assert (limits.kind, limits.at_ns) == ("web_acl_limits", found + 10 * SECOND)
    assert (releases.kind, releases.at_ns) == ("web_acl_releases", cleared + 10 * SECOND)
    assert limits.target == f"front: flood@{HERE}"
    assert limits.detail == {
        "countermeasure": "front",
        "keys": 1,
        "populations": ["office"],
        "action": "block",
    }


def test_who_is_limited_follows_from_the_fault_that_brings_them() -> None:
    """Keys 1 and 2 are the bots' addresses, behind the office's one."""
    outcome = played(guarded_plan(), Told((1, 2), 30, 999))
    [limits] = [one for one in outcome.events if one.kind == "web_acl_limits"]
    assert limits.cause is not None
    assert outcome.events[limits.cause].kind == "fault_on"
    assert limits.detail["populations"] == ["bots 1"]
    assert limits.detail["keys"] == 2


def test_nothing_is_logged_while_nobody_is_above_a_limit() -> None:
    plane = Told((), 0, 0)
    outcome = played(guarded_plan(), plane)
    assert not plane.of("set_limited")
    assert not [one for one in outcome.events if one.kind.startswith("web_acl")]


@pytest.mark.parametrize(
    ("keys", "populations"),
    [((0,), [0]), ((1, 2), [1]), ((0, 2), [0, 1]), ((3 + (1 << 36 | 7),), [1]), ((3 + 5,), [0])],
)
def test_a_key_tells_whose_it_is(keys: tuple[int, ...], populations: list[int]) -> None:
    """One address of the office, two of the bots; behind them sessions by their numbers, 36 bits each."""
    assert populations_of(guarded_plan().data, np.array(keys, np.int64)) == populations
