"""Detectors on counts made by hand: whom they flag, when, and when they let go."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("pyod")

from simulator.control_plane.usual import Usual
from simulator.plan.detectors import UsualPlan
from tests.small import HERE, THERE, experiment, plan_of, played, topology

MINUTE_S = 60
SYSTEM: dict[str, Any] = {
    "services": {
        "api": {
            "regions": [HERE],
            "gateway": {},
            "compute": {"lambda": {}},
            "operations": {"view": [{"compute": "5 ms"}], "buy": [{"compute": "5 ms"}]},
        }
    },
    "dns": {"api.example": {"service": "api", "policy": "simple", "ttl": "60 s"}},
}
PEOPLE = {"near": HERE, "sessions": 30, "think_time": "10 s", "actions": {"view": 3, "buy": 1}}
DETECTOR = {"of": ["api"], "in": HERE}
BOTS = {
    "at": "4 min",
    "for": "5 min",
    "bots": {"near": THERE, "rate": "2/s", "actions": {"buy": 1}, "addresses": 2},
}


def outcome_of(seed: int = 1, faults: tuple[Any, ...] = (BOTS,), minutes: int = 12, **changes: Any) -> Any:
    detectors = {"unusual": DETECTOR | changes.pop("detector", {})}
    run = experiment(duration=f"{minutes} min", users={"people": PEOPLE}, faults=list(faults))
    return played(topology(**SYSTEM | changes, detectors=detectors), run, seed)


def flags(outcome: Any, kind: str = "clients_flagged") -> list[tuple[float, dict[str, int]]]:
    return [(one.at_ns / 1e9, one.detail["populations"]) for one in outcome.events if one.kind == kind]


# distances


def test_what_was_seen_in_quiet_times_is_usual() -> None:
    quiet = np.random.default_rng(1).poisson([6.0, 2.0, 0.0], (500, 3))
    usual = Usual(quiet, 1.0)
    assert usual.distances(quiet).max() <= 1.0


def test_distance_is_that_to_the_fifth_nearest_by_roots_of_counts() -> None:
    """Quiet counts are 1, 4, 9, … 100, one step of 1 apart by their roots.

    From the end of the row the fifth nearest is 5 steps away, and nobody lies further out. 400 is 20, whose
    fifth nearest, 36, is 6: 14 steps, or 2.8 times as far.
    """
    quiet = (np.arange(1, 11) ** 2)[:, None]
    found = Usual(quiet, 1.0).distances(np.array([[400], [1], [400]]))
    assert found.tolist() == pytest.approx([2.8, 0.8, 2.8])
    assert Usual(quiet, 2.0).distances(np.array([[400]])).tolist() == pytest.approx([1.4])


def test_too_few_tell_nothing() -> None:
    assert not Usual(np.ones((5, 2), np.int64), 1.5).is_known


# runs


def test_usual_is_what_people_do_in_quiet_times() -> None:
    """30 sessions for twelve stretches of ten minutes, six actions a minute each."""
    system = topology(**SYSTEM, detectors={"unusual": DETECTOR})
    (usual,) = plan_of(system, experiment(users={"people": PEOPLE})).control.of(UsualPlan)
    assert 1_800 <= len(usual.counts) <= 4_000
    view, buy, refused, failed = usual.counts.mean(axis=0)
    assert view + buy == pytest.approx(6.0, rel=0.03)
    assert view / buy == pytest.approx(3.0, rel=0.1)
    assert (refused, failed) == (0.0, 0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_addresses_of_bots_are_flagged_after_two_minutes_and_let_go_ten_after_the_last(seed: int) -> None:
    """A request a second from each, from minute 4 to 9: minutes 4 and 5 are unusual, which is known at 360 s.

    The last unusual minute ends at 540 s; ten minutes later they are let go.
    """
    outcome = outcome_of(seed, minutes=21)
    assert flags(outcome) == [(360.0, {"bots 1": 2})]
    assert flags(outcome, "clients_released") == [(540.0 + 600.0, {"bots 1": 2})]


def test_nobody_is_flagged_in_quiet_times() -> None:
    outcome = outcome_of(faults=(), minutes=60)
    assert not flags(outcome)
    (seen,) = outcome.detectors
    assert seen.looked_at == pytest.approx(30 * 60, rel=0.02)
    assert seen.highest < 1.0


def test_an_outage_is_the_systems() -> None:
    """Everybody sees errors: all are unusual, and nobody is flagged; where that is no matter, all are."""
    errors = {"at": "4 min", "for": "5 min", "service": "api", "region": HERE, "mode": "error"}
    outcome = outcome_of(faults=(errors,))
    assert not flags(outcome)
    assert outcome.detectors[0].system_periods >= 4
    assert (
        sum(found["people"] for _, found in flags(outcome_of(faults=(errors,), detector={"most": "100 %"})))
        >= 25
    )


def test_a_detector_goes_dark_with_its_region() -> None:
    """It runs in the other region, which is down until 420 s: minutes 7 and 8 are the first it judges."""
    dark = {"at": "3 min", "for": "4 min", "region": THERE, "mode": "black_hole"}
    outcome = outcome_of(faults=(BOTS, dark), detector={"in": THERE})
    assert flags(outcome) == [(540.0, {"bots 1": 2})]


def test_who_is_flagged_is_throttled_by_a_rule_that_says_so() -> None:
    """Flagged at 360 s, and blocked from then on once the rule knows; people are not."""
    waf = {"front": {"protects": ["api"], "rules": {"flagged": {"flagged_by": "unusual"}}}}
    outcome = outcome_of(waf=waf)
    bots = outcome.plan.populations.index("bots 1")
    assert outcome.tallies.rule_matched[0, bots] == pytest.approx(180 * 2, rel=0.15)
    assert outcome.tallies.rule_matched.sum() == outcome.tallies.rule_matched[0, bots]
    limits = [one for one in outcome.events if one.kind == "web_acl_limits"]
    assert [(one.target, one.detail["keys"]) for one in limits] == [(f"front: flagged@{HERE}", 2)]
    (flagged,) = [one for one in outcome.events if one.kind == "clients_flagged"]
    assert limits[0].cause == flagged.number
    assert outcome.events[flagged.cause].kind == "fault_on"


def test_a_flag_changes_nothing_without_a_rule() -> None:
    watched, alone = outcome_of(), outcome_of(detector={"margin": 100})
    assert watched.tallies.attempts.tolist() == alone.tallies.attempts.tolist()
