"""What the replayed incidents tell beyond their expectations: who was healthy, and what would have helped."""

import dataclasses
from itertools import pairwise
from typing import Any

import pytest

import simulator
from simulator.language.models.autoscaling import ScaledService
from simulator.language.models.topology import Service
from simulator.report import scaling
from tests.examples.runs import MINUTE, loaded, ran, served, served_in, with_experiment, with_topology

DYNAMODB, KINESIS = "aws-2025-10-20-dynamodb-dns", "aws-2020-11-25-kinesis"
KEY, ZONES = "azuread-2021-03-15-signing-key", "aws-mec1-2026-03-01-two-az-loss"
DATA, POLICY = "aws-mec1-2026-03-01-data-loss", "google-cloud-2025-06-12-global-policy"
GITHUB = "github-2018-10-21-split-brain"
CONGESTED, WITHDRAWN = "aws-2021-12-07-internal-network", "facebook-2021-10-04"
FLAPPING, BACKLOG = "cloudflare-2025-11-18-flapping", "aws-2024-07-30-kinesis-backlog"
SCALED_IN = "slack-2021-01-04"


@pytest.mark.parametrize("name", [DYNAMODB, KINESIS, KEY, ZONES, WITHDRAWN])
def test_no_health_check_ever_turns(name: str) -> None:
    assert ran(name)["dns"]["health"] == []


# DynamoDB's endpoint


def test_the_other_region_serves_as_before() -> None:
    before = served(DYNAMODB, "us-west-2", 0, 5 * MINUTE) / 5
    meanwhile = served(DYNAMODB, "us-west-2", 5 * MINUTE, 162 * MINUTE) / 157
    assert meanwhile == pytest.approx(
        before, rel=0.05
    )  # 8,000 requests in the first: 1.1 % is a standard deviation


def test_calls_failed_for_want_of_an_address_and_for_nothing_else() -> None:
    stores = ran(DYNAMODB)["calls"]["stores"]
    failures = {(one["store"], one["region"]): {k for k, n in one["failures"].items() if n} for one in stores}
    assert failures == {
        ("catalog", "us-east-1"): {"dns"},
        ("catalog", "us-west-2"): set(),
        ("orders", "us-east-1"): {"dns"},
        ("orders", "us-west-2"): set(),
    }


def test_nodes_whose_connections_have_no_limit_of_age_never_notice() -> None:
    shipped = loaded(DYNAMODB)
    calls = shipped.topology.services["app"].calls.model_copy(update={"connection_age": None})  # type: ignore[union-attr]
    assert simulator.run(with_service(shipped, "app", calls=calls))["requests"]["success"] == 1


def with_service(one: simulator.Loaded, name: str, **changes: Any) -> simulator.Loaded:
    service: Service = one.topology.services[name].model_copy(update=changes)
    return with_topology(one, services=one.topology.services | {name: service})


# Sign-in


def test_who_is_signed_in_thins_out_within_an_hour_in_both_regions() -> None:
    for region in ("us-east-1", "us-west-2"):
        quarters = [served(KINESIS, region, (60 + 15 * k) * MINUTE, (75 + 15 * k) * MINUTE) for k in range(4)]
        assert quarters == sorted(quarters, reverse=True)
        assert served(KINESIS, region, 121 * MINUTE, 1_088 * MINUTE) == 0


def with_identity(**changes: Any) -> simulator.Result:
    shipped = loaded(KINESIS)
    assert shipped.topology.identity is not None
    return simulator.run(
        with_topology(shipped, identity=shipped.topology.identity.model_copy(update=changes))
    )


def test_tokens_of_a_day_carry_those_signed_in_until_they_leave() -> None:
    result = with_identity(access_token=24 * 60 * MINUTE * 10**9)
    assert served_in(result, "us-east-1", 121 * MINUTE, 180 * MINUTE) > 1_000


def test_an_issuer_in_the_second_region_lets_everybody_in() -> None:
    result = with_identity(issuer=["us-east-1", "us-west-2"])
    assert result["continuity"]["counts"]["logged_out"] == 0
    assert result["requests"]["success"] == 1


# The signing key


def test_all_regions_reject_alike() -> None:
    rejected = [one["rejected"] for one in ran(KEY)["identity"]["regions"]]
    assert len(rejected) == 3
    assert max(rejected) < 1.1 * min(rejected)


# The Emirates


def test_the_load_balancer_sends_to_dead_nodes_until_it_has_noticed() -> None:
    (site,) = [
        one for one in ran(ZONES)["capacity"]["sites"] if one["region"] == "me-central-1" and one["started"]
    ]
    assert site["unreachable"] > 0
    assert served(ZONES, "me-central-1", 22 * MINUTE, 336 * MINUTE) > 300_000
    assert served(ZONES, "me-central-1", 337 * MINUTE, 480 * MINUTE) == 0


def test_data_survives_only_where_its_copy_was_far_enough() -> None:
    tables = ran(DATA)["loss"]["tables"]
    kept = {name: 1 - row["lost"] / row["acknowledged"] for name, row in tables.items()}
    assert kept["receipts"] == kept["profiles"] == 0
    assert kept["orders"] > 0.9999


# A policy that is wrong everywhere


def test_no_region_is_left_without_the_wrong_policy() -> None:
    found = ran(POLICY)["damage"]["stores"]["policies"]["regions"]
    assert {region for region, one in found.items() if one["first_read_s"] is not None} == {*found}
    assert sum(one["struck_items"] for one in found.values()) == 50
    first_s = sorted(one["first_read_s"] for one in found.values())
    assert first_s[-1] - 600 < 10


def test_where_wrong_answers_are_good_enough_nothing_happens() -> None:
    """Who fails open does not notice: the policy is wrong, and the call is served all the same."""
    shipped = loaded(POLICY)
    objective = shipped.experiment.objective.model_copy(update={"wrong_answers": "ok"})
    found = simulator.run(with_experiment(shipped, objective=objective))
    assert found.recovery.isolation
    assert found.requests.success == 1
    assert found.damage.wrong_answers > 100_000


# The clusters


def test_only_the_cluster_that_was_promoted_at_once_had_two_writers() -> None:
    bases = ran(GITHUB)["databases"]["by_name"]
    assert {name: base["writer"] for name, base in bases.items()} == {
        "at_once": "us-west-2", "held_down": "us-east-1", "fenced": "us-west-2",
    }  # fmt: skip
    assert [name for name, base in bases.items() if base["split_brain_s"]] == ["at_once"]


def test_the_orchestrator_promotes_by_plans_that_nobody_decides_and_one_waits_in_vain() -> None:
    """The cut is over after 43 s, and the check well again before it has failed for a minute."""
    found = ran(GITHUB).plans
    assert {one.plan: one.state for one in found} == {"promote_at_once": "done", "promote_fenced": "done"}
    for one in found:
        assert one.decided_s is None
        assert one.ended_s is not None
        assert 300 + 7 < one.triggered_s < one.ended_s < 300 + 43


def test_what_the_east_alone_had_is_the_rate_times_the_time_that_it_was_cut_off() -> None:
    """22.2 writes a second for 43 s are 954.6, before and after the promotion; three deviations."""
    at_once = ran(GITHUB)["databases"]["by_name"]["at_once"]
    alone = at_once["unshipped"] + at_once["past_promotion"]
    assert alone == pytest.approx(22.2 * 43, abs=3 * 954.6**0.5)


# The control plane of records


def test_a_freeze_of_record_changes_holds_up_nothing_but_the_edit() -> None:
    """Without it the same people edit the record within the times that the catalog gives them."""
    shipped = loaded(CONGESTED)
    faults = [one for one in shipped.experiment.faults if getattr(one, "mode", None) != "frozen"]
    frozen, thawed = ran(CONGESTED), simulator.run(with_experiment(shipped, faults=faults))
    for population in ("of_checked", "of_switched"):
        assert recovered(thawed, population) == recovered(frozen, population)
    assert recovered(thawed, "of_edited") < 2 * 60 * MINUTE < 420 * MINUTE < recovered(frozen, "of_edited")


def recovered(result: simulator.Result, population: str) -> float:
    """The recovery time that a shipped expectation asks for."""
    (measured,) = [
        one.measured
        for one in result.expectations
        if one.measure == "recovery_time" and one.scope == {"population": population}
    ]
    assert isinstance(measured, float)
    return measured


def test_whoever_gives_up_after_an_hour_has_edited_nothing() -> None:
    """The catalog's timeout of a step: the plan strands at the record, and says what it lacked."""
    shipped = loaded(CONGESTED)
    edit = shipped.topology.plans["edit"]
    steps = [edit.steps[0].model_copy(update={"timeout": None})]
    plans = shipped.topology.plans | {"edit": edit.model_copy(update={"steps": steps})}
    result = simulator.run(with_topology(shipped, plans=plans))
    (run,) = [one for one in result.plans if one.plan == "edit"]
    assert (run.state, run.stranded_at) == ("stranded", ("change edited.example",))
    assert run.steps[0].lacked == "Route 53's control plane refuses changes"
    assert run.ended_s is not None
    assert run.decided_s is not None
    assert run.ended_s - run.decided_s == 60 * MINUTE


# Names that are withdrawn


def test_the_tools_were_behind_what_was_broken() -> None:
    """From afar nothing can be done; whoever drives there can, as could whoever had a second domain."""
    runs = {one.plan: one for one in ran(WITHDRAWN).plans}
    afar = runs["from_afar"]
    assert (afar.state, afar.stranded_at) == ("stranded", ("undo the command",))
    assert afar.steps[0].lacked == "nobody answers for the name tools.example"
    on_site, prepared = runs["on_site"].took_s, runs["by_another_domain"].took_s
    assert on_site is not None
    assert prepared is not None
    assert on_site > (45 + 60 + 30) * MINUTE  # the shortest that its steps can take
    assert prepared < 3 * 60 * MINUTE


def test_resolvers_ask_many_times_as_often_while_nobody_answers() -> None:
    """A failure is kept for seconds, an answer for minutes. Cloudflare saw 30 times as many queries."""
    shipped = loaded(WITHDRAWN)
    quiet = simulator.run(with_experiment(shipped, faults=[], expect=[]))
    asked = ran(WITHDRAWN)["dns"]["lookups"]["authoritative"]
    assert asked > 10 * quiet["dns"]["lookups"]["authoritative"]


# The file that was good or bad every five minutes


def bad_s(population: str) -> float:
    """How much of the hundred minutes of flapping a population was not served, as if asked for evenly."""
    expected = f"1 h 50 min, {population})"
    (found,) = (one.measured for one in ran(FLAPPING).expectations if expected in one.expectation)
    return (1 - float(found)) * 100 * MINUTE


def spells() -> list[tuple[float, float]]:
    return [*ran(FLAPPING).recovery.faults[0].intervals_s]


def test_who_follows_a_check_loses_the_begin_of_every_spell() -> None:
    """Three checks, 5 s until answers follow at most, and half of the 60 s for which caches keep them.

    Checks of 10 s take 25 to 30 s, and those of 30 s about 85 s. Where a spell begins before all caches have
    led users back, fewer are there to lose it.
    """
    count = len(spells())
    assert count >= 3
    assert 50 <= bad_s("of_quick") / count <= 70
    assert 100 <= bad_s("of_usual") / count <= 130
    assert bad_s("of_alone") == pytest.approx(sum(end - start for start, end in spells()), rel=0.03)


def test_who_waits_before_going_back_loses_few_and_who_is_led_back_by_hand_one() -> None:
    assert bad_s("of_latched") == pytest.approx(bad_s("of_quick") / len(spells()), rel=0.25)
    assert bad_s("of_latched") <= bad_s("of_held") < bad_s("of_quick") < bad_s("of_usual") < bad_s("of_alone")


def test_an_alarm_of_one_minute_flaps_and_one_of_three_in_fifteen_spans_what_is_good_for_ten() -> None:
    """With ten good minutes behind it, five of the last fifteen were bad; after fifteen none was."""
    found = {one.alarm: one for one in ran(FLAPPING).monitoring.alarms}
    good_s = [start - end for (_, end), (start, _) in pairwise([*spells(), (110.0 * MINUTE, 200.0 * MINUTE)])]
    assert found["one minute"].alarms == 1 + sum(gap > 0 for gap in good_s)
    assert found["three of fifteen"].alarms == 1 + sum(gap >= 15 * MINUTE for gap in good_s)
    assert found["three of fifteen"].alarms < found["one minute"].alarms


def test_an_alarm_that_wants_more_minutes_tells_later() -> None:
    """Two more for three of fifteen, but for what is published late; all of fifteen take three bad files."""
    one, three, whole = (found.time_to_detect_s or 0 for found in ran(FLAPPING).monitoring.alarms)
    assert 0 < one < three <= one + 2 * MINUTE + 60
    assert whole >= 15 * MINUTE


# What waited behind a stream


def waiting(stopped_min: int, ratio: float) -> float:
    """For how many minutes what is written is not yet delivered, after so long a stop."""
    shipped = loaded(BACKLOG)
    minutes = 60 * 10**9
    fault = next(one for one in shipped.experiment.faults if one.replication.table == "logs")
    experiment = shipped.experiment.model_copy(
        update={
            "faults": [fault.model_copy(update={"for_": stopped_min * minutes})],
            "duration": (15 + stopped_min + int(1.2 * stopped_min / (ratio - 1)) + 20) * minutes,
            "expect": [],
        }
    )
    logs = shipped.topology.buckets["logs"].model_copy(update={"catch_up": ratio})
    one = with_topology(shipped, buckets=shipped.topology.buckets | {"logs": logs})
    result = simulator.run(dataclasses.replace(one, experiment=experiment))
    (found,) = (one.unprotected_s for one in result.protection if one.store == "logs")
    return found / 60


@pytest.mark.parametrize(("stopped_min", "ratio"), [(412, 3.0), (206, 1.84), (60, 1.24)])
def test_a_backlog_takes_its_outage_over_the_ratio_less_one(stopped_min: int, ratio: float) -> None:
    """An object takes up to half a minute in any case, which is added to the stop."""
    by_hand = stopped_min + stopped_min / (ratio - 1)
    assert waiting(stopped_min, ratio) == pytest.approx(by_hand, abs=1 / (ratio - 1) + 0.5)


def test_the_metric_of_what_waits_grows_with_what_comes_and_stays_on_when_all_is_well() -> None:
    """24 a minute for 412 minutes: 9,888, with a deviation of 99."""
    series = {(one.metric, one.of): one for one in ran(BACKLOG).monitoring.metrics}
    for store in ("logs", "events"):
        found = series["s3.operations_pending_replication", f"{store}@us-east-1→us-east-2"]
        assert found.highest == pytest.approx(24 * 412, abs=3 * 99)


def test_an_alarm_on_the_age_returns_long_after_the_repair_and_one_on_errors_never_speaks() -> None:
    """What waits was written later and later: its age falls from 412 min to 15 by `ratio - 1` a minute.

    Then a minute is over, is published 1 to 3 min later, and looked at; three of three need one good one.
    """
    alarms = {one.alarm: one for one in ran(BACKLOG).monitoring.alarms}
    for name, ratio in (("logs are late", 1.84), ("events are late", 1.24)):
        returned_s = alarms[name].time_to_return_s
        assert returned_s is not None
        assert 0 <= returned_s / 60 - (412 - 15) / (ratio - 1) <= 6
    assert (alarms["writes fail"].missed, alarms["writes fail"].silent_because) == (
        True,
        "threshold_not_reached",
    )


# a web tier that is scaled in


@pytest.mark.middle
def test_the_capacity_that_was_taken_away_would_have_been_enough() -> None:
    """Without the policy that takes nodes away 24 serve 43 actions a second, with 373 of 480 workers."""
    shipped = loaded(SCALED_IN)
    scaler = shipped.topology.scaling["web"]
    assert isinstance(scaler, ScaledService)
    busy = [policy for policy in scaler.steps if policy.on.alarm == "workers-busy"]
    kept = {"web": scaler.model_copy(update={"steps": busy})}
    result = simulator.run(with_topology(shipped, scaling=kept))
    assert result.scaling is not None
    (web,) = result.scaling
    assert (web.scaled_in, web.least) == (0, 24)
    assert result.recovery.recovery_time_s == 0
    assert result["requests"]["success"] > 0.995


def test_the_report_says_that_capacity_went_with_the_metric() -> None:
    (first, *_) = scaling.gist(ran(SCALED_IN))
    assert first.startswith("'web' went from 24 to 13 nodes in the outage, from 2")
    assert first.endswith("on, as its metric fell")


def test_why_nodes_left_leads_to_the_network() -> None:
    """A node left because of the scaler, this because of an alarm, and this because calls took longer."""
    events = ran(SCALED_IN).events
    left = next(one for one in events if one.kind == "node_left")
    chain = [left]
    while chain[-1].cause is not None:
        chain.append(events[chain[-1].cause])
    assert [one.kind for one in chain] == ["node_left", "scaled", "alarm_changed", "fault_on"]
