"""Engine and twin agree on clients that a detector has flagged, and on what a web ACL does to them."""

from typing import Any

import pytest

pytest.importorskip("pyod")

from simulator.boundary.events import CLIENTS_FLAGGED
from tests.control_plane.test_detectors import BOTS, DETECTOR, PEOPLE, SYSTEM
from tests.small import experiment, plan_of, topology
from tests.twin.test_equality import assert_equal

RULES: dict[str, Any] = {
    "all of them": {"flagged_by": "unusual"},
    "above a limit": {"flagged_by": "unusual", "limit": 10, "window": "1 min"},
}


@pytest.mark.parametrize("rule", RULES)
def test_they_agree_on_whom_a_detector_has_flagged(rule: str) -> None:
    waf = {"front": {"protects": ["api"], "rules": {"flagged": RULES[rule]}}}
    system = topology(**SYSTEM, detectors={"unusual": DETECTOR}, waf=waf)
    run = experiment(users={"people": PEOPLE}, faults=[BOTS], duration="10 min")
    outcome = assert_equal(plan_of(system, run))
    assert outcome.events_of(CLIENTS_FLAGGED)
    assert outcome.tallies.rule_matched.sum() > 0
