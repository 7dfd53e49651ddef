"""Four designs of one shop meet the same users and the same outage, and differ as their comments say."""

import pytest

from tests.examples.runs import MINUTE, ran, served

DESIGNS = ("single-region", "pilot-light", "active-passive", "active-active")
FAULT_S, REPAIR_S = 10 * MINUTE, 40 * MINUTE


def name(design: str) -> str:
    return f"dublin-dark-{design}"


def test_all_serve_the_same_users_until_the_outage() -> None:
    before = {
        design: sum(
            served(name(design), region, 0, FAULT_S) for region in ran(name(design)).series.windows.regions
        )
        for design in DESIGNS
    }
    # The draws of the users do not depend on the topology; an answer that comes sooner moves later clicks.
    assert [*before.values()] == pytest.approx([before["single-region"]] * 4, rel=0.02)


def test_a_warm_second_region_shortens_the_outage_and_a_pilot_light_that_nobody_lights_does_not() -> None:
    took_s = {design: ran(name(design))["recovery"]["recovery_time_s"] for design in DESIGNS}
    assert took_s["active-active"] <= took_s["active-passive"] < 4 * MINUTE
    assert took_s["single-region"] > 30 * MINUTE
    assert took_s["pilot-light"] > 30 * MINUTE


def test_a_second_copy_of_the_data_takes_the_stake_from_minutes_to_seconds() -> None:
    point_s = {design: ran(name(design))["loss"]["recovery_point_s"] for design in DESIGNS}
    assert point_s["single-region"] > 9 * MINUTE
    assert max(point_s[design] for design in DESIGNS[1:]) < 10


def test_who_lives_near_the_healthy_region_notices_nothing_where_it_is_active() -> None:
    undisturbed = {design: ran(name(design))["continuity"]["undisturbed"] for design in DESIGNS}
    assert undisturbed["active-active"] > undisturbed["active-passive"] > undisturbed["pilot-light"]
    assert undisturbed["single-region"] < 0.05


def test_answers_of_an_overloaded_pilot_light_keep_its_users_after_the_repair() -> None:
    light = name("pilot-light")
    before = served(light, "eu-west-1", FAULT_S - 5 * MINUTE, FAULT_S)
    after = served(light, "eu-west-1", REPAIR_S, REPAIR_S + 5 * MINUTE)
    assert after < before / 2
    (ready,) = [one for one in ran(light)["recovery"]["phases"] if one["phase"] == "capacity_too_small"]
    assert ready["end_s"] > REPAIR_S
