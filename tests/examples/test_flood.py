"""The flood of a shop: what its web ACL does, and what the same run is like without it."""

import pytest

import simulator
from simulator.language.countermeasures import BY_KEY
from tests.examples.runs import MINUTE, loaded, ran, success_in, unmet

NAME = "bots-flood-a-shop"


@pytest.mark.middle
@pytest.mark.parametrize(("seed", "seconds"), [(2, 3.3), (3, 7.1), (4, 0.0), (5, 23.7)])
def test_neither_seed_nor_second_decides_what_the_web_acl_does(seed: int, seconds: float) -> None:
    assert unmet(NAME, seed, seconds) == []


def test_each_region_begins_to_count_when_the_flood_comes_to_it() -> None:
    """In Milan it is blocked within 50 s of its begin, in Frankfurt within 50 s of when it comes there."""
    found = ran(NAME).web_acls
    assert found is not None
    milan, frankfurt = (acl.rules[0].first_limited_s for acl in found.acls)
    assert milan is not None
    assert frankfurt is not None
    assert 5 * MINUTE + 30 < milan < 5 * MINUTE + 50
    assert 12 * MINUTE + 60 < frankfurt < 14 * MINUTE + 30


@pytest.mark.middle
def test_without_its_rule_the_flood_takes_the_shop_down_and_nobody_on_campus_is_blocked() -> None:
    """The gateway has 200 a second for the 436 that ask, and people try three times."""
    without = simulator.run(BY_KEY["waf"].without(loaded(NAME), "front"))
    assert success_in(ran(NAME), 6 * MINUTE, 12 * MINUTE) > 0.99
    assert success_in(without, 6 * MINUTE, 12 * MINUTE) < 0.9
    assert success_in(without, 26 * MINUTE, 30 * MINUTE) > 0.99  # the lecture
    assert without.web_acls is not None
    assert without.web_acls.acls[0].blocked == 0
    assert without.web_acls.acls[0].counted > 100_000
