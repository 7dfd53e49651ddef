"""One shop with five kinds of standby loses the same region; and is half an hour without it."""

import dataclasses

import pytest

import simulator
from simulator.readiness.whole import readiness_of
from tests.examples.runs import MINUTE, loaded, ran, served, served_in, with_topology

KINDS = ("backup-and-restore", "pilot-light", "warm-standby", "hot-standby", "active-active")
LOST_S = {kind: (150 if kind == "backup-and-restore" else 10) * MINUTE for kind in KINDS}


def name(kind: str) -> str:
    return f"dublin-lost-{kind}"


def share(kind: str) -> float | None:
    """What Frankfurt could take at once."""
    found = readiness_of(loaded(name(kind)).topology).standbys
    return next(one.share for one in found if one.region == "eu-central-1")


def test_all_have_the_same_users_and_objectives() -> None:
    topologies = [loaded(name(kind)).topology for kind in KINDS]
    assert all(one.users == topologies[0].users for one in topologies)
    assert all(one.objectives == topologies[0].objectives for one in topologies)
    assert all(one.plans for one in topologies)


def test_all_serve_them_alike_until_the_outage() -> None:
    """Draws do not depend on the topology; an answer that comes sooner moves later clicks."""
    before = {
        kind: sum(
            served(name(kind), region, LOST_S[kind] - 10 * MINUTE, LOST_S[kind])
            for region in ("eu-west-1", "eu-central-1")
        )
        for kind in KINDS
    }
    assert [*before.values()] == pytest.approx([before["hot-standby"]] * 5, rel=0.02)


def test_the_more_is_ready_the_less_is_lost() -> None:
    lost = [ran(name(kind))["recovery"]["user_minutes_lost"] for kind in KINDS]
    assert lost == sorted(lost, reverse=True)
    (restored,) = ran(name(KINDS[0]))["restores"]
    assert restored["recovery_point_s"] == pytest.approx(90 * MINUTE, abs=MINUTE)  # the capture before
    assert max(ran(name(kind))["loss"]["recovery_point_s"] for kind in KINDS[1:]) < 10


def test_kinds_that_need_a_decision_wait_for_it_and_the_others_for_caches_alone() -> None:
    took_s = {kind: ran(name(kind))["recovery"]["recovery_time_s"] for kind in KINDS}
    for kind in KINDS[:3]:
        (plan,) = ran(name(kind))["plans"]
        assert took_s[kind] > plan["took_s"] > 10 * MINUTE
    assert max(took_s[kind] for kind in KINDS[3:]) < 4 * MINUTE


def test_half_of_the_users_are_served_where_the_readiness_says_that_half_could_be() -> None:
    """51 % of the attempts of the usual load; whoever is turned away tries again, so more come."""
    assert [share(kind) for kind in KINDS] == [0, 0, pytest.approx(0.51, abs=0.01), 1, 1]
    light, warm = (
        served(name(kind), "eu-central-1", 14 * MINUTE, 20 * MINUTE)
        for kind in ("pilot-light", "warm-standby")
    )
    whole = served(name("hot-standby"), "eu-central-1", 14 * MINUTE, 20 * MINUTE)
    assert light == 0
    assert warm / whole == pytest.approx(0.51, abs=0.06)


@pytest.mark.parametrize("kind", ["pilot-light", "warm-standby"])
def test_without_its_plan_a_small_standby_stays_small(kind: str) -> None:
    """Half an hour after the outage Frankfurt serves as many as ten minutes after it."""
    one = loaded(name(kind))
    forty = dataclasses.replace(
        one, experiment=one.experiment.model_copy(update={"duration": 45 * MINUTE * 10**9, "expect": []})
    )
    result = simulator.run(with_topology(forty, plans=_plans_that_only_talk(one)), metrics=True)
    soon = served_in(result, "eu-central-1", 20 * MINUTE, 25 * MINUTE)
    late = served_in(result, "eu-central-1", 40 * MINUTE, 45 * MINUTE)
    assert late == pytest.approx(soon, rel=0.1)
    assert (soon == 0) == (kind == "pilot-light")


def _plans_that_only_talk(one: simulator.Loaded) -> dict[str, object]:
    """The plans with a trigger that never comes."""
    return {key: plan.model_copy(update={"trigger": None}) for key, plan in one.topology.plans.items()}


def test_who_lives_near_the_healthy_region_notices_nothing_where_it_is_active() -> None:
    undisturbed = {kind: ran(name(kind))["continuity"]["undisturbed"] for kind in KINDS}
    assert undisturbed["active-active"] > undisturbed["hot-standby"] > undisturbed["warm-standby"]


# half an hour


def test_where_a_shop_is_nowhere_else_only_the_repair_ends_it_and_all_is_at_stake() -> None:
    alone, two = ran("dublin-dark-single-region"), ran("dublin-dark-active-active")
    assert alone["recovery"]["recovery_time_s"] > 30 * MINUTE
    assert two["recovery"]["recovery_time_s"] < 4 * MINUTE
    assert alone["loss"]["recovery_point_s"] > 9 * MINUTE
    assert two["loss"]["recovery_point_s"] < 10
    assert alone["continuity"]["undisturbed"] < 0.05
