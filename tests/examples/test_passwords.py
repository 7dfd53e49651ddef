"""Bots that are no faster than people: what tells them apart, and what does not."""

import pytest

import simulator
from simulator.language.models.web_acls import RateRule
from tests.examples.runs import loaded, ran, unmet, with_topology

pytest.importorskip("pyod")

NAME = "bots-try-passwords"


@pytest.mark.middle
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_other_seeds_meet_the_expectations(seed: int) -> None:
    assert unmet(NAME, seed) == []


def test_all_three_are_flagged_when_the_first_period_is_over_and_nobody_else_is() -> None:
    result = ran(NAME)
    assert result.detectors is not None
    (found,) = result.detectors
    assert found.flagged == {"bots 1": 3}
    assert found.time_to_detect_s == 300.0
    assert found.flagged_at_end == 0


@pytest.mark.middle
def test_a_rate_rule_that_stops_them_stops_people() -> None:
    """They ask six times a minute, and people about as often: a limit that stops one stops the other."""
    one = loaded(NAME)
    rules = {"flood": RateRule(limit=28)}
    acl = one.topology.waf["front"].model_copy(update={"rules": rules})
    found = simulator.run(with_topology(one, waf={"front": acl}, detectors={})).web_acls
    assert found is not None
    assert found.bots["bots 1"] > 0
    assert found.populations["people"].users > 20
