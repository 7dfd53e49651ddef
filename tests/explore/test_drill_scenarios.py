"""The default set of a drill: every kind of disruption stands in it, played or with the reason why not."""

from pathlib import Path

import pytest

from simulator.explore.drill.functions import EVERYTHING, functions_of
from simulator.explore.drill.moment import busiest_hour, start_of_run
from simulator.explore.drill.scenarios import experiment_of, scenarios
from simulator.language.changes import with_changes
from simulator.language.files import Loaded, read_topology
from simulator.language.models.topology import Topology
from simulator.result.drill import NOT_APPLICABLE, UNTESTED, NotPlayed, Scenario
from tests.explore.drilled import PEOPLE, system
from tests.small import HERE, NAME, THERE

SHIPPED = sorted((Path(__file__).parents[2] / "topologies").glob("*.yaml"))


def of(**changes: object) -> Topology:
    return Topology.model_validate(system(**changes))


def listed(topology: Topology) -> dict[str, Scenario | NotPlayed]:
    return {one.key: one for one in scenarios(topology)}


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_every_scenario_of_every_shipped_topology_is_a_valid_experiment(path: Path) -> None:
    topology = read_topology(path)
    for one in scenarios(topology):
        if isinstance(one, Scenario):
            experiment = experiment_of(one, topology, one.duration_ns)
            with_changes(Loaded(experiment, topology, one.key, {}))  # raises what is wrong with it
        else:
            assert one.reason


def test_every_region_zone_pair_and_table_breaks() -> None:
    found = listed(of(tables={"orders": {"replicas": [HERE, THERE], "point_in_time_recovery": {}}}))
    played = {key for key, one in found.items() if isinstance(one, Scenario)}
    assert played == {
        f"region-dark:{HERE}",
        f"region-dark:{THERE}",
        f"region-lost:{HERE}",
        f"region-lost:{THERE}",
        f"geography-dark:{HERE}+{THERE}",
        f"cut-apart:{HERE}+{THERE}",
        "data-corrupted:orders",
        "data-deleted:orders",
        f"control-plane-frozen:{HERE}",
        f"control-plane-frozen:{THERE}",
    }


def test_what_a_topology_cannot_have_is_listed_with_the_reason() -> None:
    found = listed(of())
    for key in ("issuer-down", f"zone-dark:{HERE}a"):
        one = found[key]
        assert isinstance(one, NotPlayed)
        assert one.status == NOT_APPLICABLE
    alone = listed(of(regions={HERE: {}}, services={"api": {"regions": [HERE], "operations": {}}}, tables={}))
    assert {key for key, one in alone.items() if isinstance(one, NotPlayed)} >= {
        "geography-dark",
        "cut-apart",
        "data-corrupted",
        "data-deleted",
    }


def test_regions_of_two_continents_are_not_lost_together() -> None:
    found = listed(of(regions={HERE: {}, "us-east-1": {}}))
    assert isinstance(found["geography-dark"], NotPlayed)
    assert f"cut-apart:{HERE}+us-east-1" in found


KEPT = {"engine": "rds", "writer": HERE, "readers": [THERE], "point_in_time_recovery": {"regions": [HERE]}}


def test_a_database_is_restored_by_times_of_its_owner_and_else_untested() -> None:
    found = listed(of(databases={"accounts": KEPT}))
    for key in ("data-corrupted:accounts", "data-deleted:accounts"):
        one = found[key]
        assert isinstance(one, NotPlayed)
        assert one.status == UNTESTED
        assert "'drill: {database_restores: {accounts: {takes: …}}}'" in one.reason
    times = {"takes": {"median": "1 h", "p99": "3 h"}, "replica_takes": "20 min"}
    topology = of(databases={"accounts": KEPT}, drill={"database_restores": {"accounts": times}})
    for key in ("data-corrupted:accounts", "data-deleted:accounts"):
        one = listed(topology)[key]
        assert isinstance(one, Scenario)
        experiment = experiment_of(one, topology, one.duration_ns)
        with_changes(Loaded(experiment, topology, one.key, {}))
        (restore,) = experiment.restores
        assert (restore.database, restore.region) == ("accounts", HERE)
        assert restore.replica_takes.root == 20 * 60 * 10**9  # type: ignore[union-attr]


def test_a_database_without_a_history_is_gone_for_good() -> None:
    bare = {name: value for name, value in KEPT.items() if name != "point_in_time_recovery"}
    one = listed(of(databases={"accounts": bare}))["data-deleted:accounts"]
    assert isinstance(one, Scenario)
    assert set(one.gone) == {"accounts"}


def test_a_share_of_a_bucket_is_damaged_and_nothing_brings_it_back() -> None:
    found = listed(of(buckets={"files": {"replicas": [HERE, THERE]}}))
    for mode in ("corrupted", "deleted"):
        one = found[f"data-{mode}:files"]
        assert isinstance(one, Scenario)
        assert one.faults == ({"at": "10 min", "bucket": "files", "mode": mode, "items": "10 %"},)
        assert set(one.gone) == {"files"}


def test_what_is_active_everywhere_has_no_standby_and_turns_back_by_itself() -> None:
    found = listed(of())
    for key in ("standby-activation", "failback"):
        one = found[key]
        assert isinstance(one, NotPlayed)
        assert one.status == NOT_APPLICABLE


def test_a_standby_that_needs_nobody_takes_over_from_all_active_regions() -> None:
    regions = {HERE: {}, THERE: {}, "eu-north-1": {"role": "standby"}}
    services = {"api": {"regions": [*regions], "operations": {"view": [{"compute": "1 ms"}], "order": []}}}
    one = listed(of(regions=regions, services=services))[f"standby-activation:{HERE}+{THERE}"]
    assert isinstance(one, Scenario)
    assert [fault["region"] for fault in one.faults] == [HERE, THERE]
    alone = listed(of(regions={HERE: {}, THERE: {"role": "standby"}}))["standby-activation"]
    assert isinstance(alone, NotPlayed)
    assert f"'region-lost:{HERE}'" in alone.reason


def test_a_table_with_a_history_is_restored_and_one_without_is_gone_for_good() -> None:
    bare, kept = of(), of(tables={"orders": {"replicas": [HERE, THERE], "point_in_time_recovery": {}}})
    gone, back = listed(bare)["data-deleted:orders"], listed(kept)["data-deleted:orders"]
    assert isinstance(gone, Scenario)
    assert isinstance(back, Scenario)
    assert not gone.restores
    assert set(gone.gone) == {"orders"}
    assert back.restores[0]["from"] == "system_backup"  # a deleted table keeps no history
    assert not back.gone


def test_a_store_without_another_copy_is_gone_with_its_region() -> None:
    found = listed(of(tables={"orders": {"replicas": [HERE]}}))
    lost, spared = found[f"region-lost:{HERE}"], found[f"region-lost:{THERE}"]
    assert isinstance(lost, Scenario)
    assert isinstance(spared, Scenario)
    assert set(lost.gone) == {"orders"}
    assert not spared.gone


def test_the_disruption_begins_in_the_busiest_hour() -> None:
    assert busiest_hour(of()) == 14
    profile = [1.0] * 24
    profile[20] = 2.0
    crowd = {"near": HERE, "arrivals": "1/s", "session_length": "5 min", "daily_profile": profile}
    topology = of(users=PEOPLE | {"crowd": crowd | {"think_time": "5 s", "actions": {"view": 1}}})
    assert busiest_hour(topology) == 20
    # ten minutes before 20:00 is 19:50
    assert start_of_run(topology) == ("monday", (19 * 60 + 50) * 60 * 10**9)
    # nine in ten sessions of a second crowd begin on Saturdays, most of all
    weekend = crowd | {"arrivals": "9/s", "weekly_profile": [0, 0, 0, 0, 0, 1, 0]}
    weekend |= {"think_time": "5 s", "actions": {"view": 1}}
    weekly = of(users={"crowd": weekend})
    assert busiest_hour(weekly) == 5 * 24 + 20
    assert start_of_run(weekly)[0] == "saturday"


def test_a_function_has_the_stores_that_its_operations_use() -> None:
    viewing, ordering = functions_of(of())
    assert viewing.stores == ()
    assert ordering.stores == ("orders",)
    assert ordering.operations == ("api.order",)
    assert ordering.recovery_point_s == 3600
    assert ordering.tolerable_outage_s == 86_400  # not said: at least a day


def test_without_objectives_everything_is_one_function_that_nothing_is_asked_of() -> None:
    (everything,) = functions_of(of(objectives={}))
    assert everything.name == EVERYTHING
    assert everything.stores == ("orders",)
    assert not everything.has_objective


def test_a_plan_that_somebody_starts_is_a_scenario_and_one_with_a_trigger_begins_by_itself() -> None:
    wait = {"custom": "wait", "takes": "1 min"}
    plans = {
        "by hand": {"steps": [wait, {"plan": "part"}]},
        "part": {"steps": [wait]},
        "by itself": {"trigger": {"after_detection": "1 min"}, "steps": [wait]},
    }
    found = listed(of(plans=plans))
    assert [key for key in found if key.startswith("standby-activation")] == ["standby-activation:by hand"]
    one = found["standby-activation:by hand"]
    assert isinstance(one, Scenario)
    assert one.operator == ({"run": "by hand", "at": "15 min"},)
    assert isinstance(found["failback"], NotPlayed)


OVER = {"steps": [{"change": NAME, "order": [THERE, HERE]}]}
BACK = {"steps": [{"change": NAME, "order": [HERE, THERE]}]}


def failover(**record: object) -> dict[str, object]:
    order = {"service": "api", "policy": "failover", "order": [HERE, THERE]}
    return {NAME: order | {"health_check": "api"} | record}


def test_a_plan_that_changes_a_record_is_started_while_no_record_can_be_changed_too() -> None:
    one = listed(of(dns=failover(), plans={"over": OVER}))["control-plane-frozen:over"]
    assert isinstance(one, Scenario)
    assert one.faults[0] == {"at": "10 min", "control_plane": "route53", "mode": "frozen"}
    assert one.operator == ({"run": "over", "at": "15 min"},)


def test_a_plan_that_leads_away_and_none_that_leads_back_is_a_gap() -> None:
    one = listed(of(dns=failover(), plans={"over": OVER}))["failback"]
    assert isinstance(one, NotPlayed)
    assert (one.status, one.reason) == (UNTESTED, "plan over leads away, and no plan leads back")


def test_the_plan_that_leads_back_is_started_when_the_region_has_been_back_for_a_while() -> None:
    found = listed(of(dns=failover(), plans={"over": OVER, "back": BACK}))
    assert [key for key in found if key.startswith("standby-activation")] == ["standby-activation:over"]
    one = found[f"failback:{HERE}"]
    assert isinstance(one, Scenario)
    assert one.operator == ({"run": "over", "at": "15 min"}, {"run": "back", "at": "145 min"})
    assert one.title.endswith("and led back to by plan back after 15 min")


def test_a_record_that_is_failed_back_by_hand_is_and_one_with_a_hold_down_does_it_alone() -> None:
    by_hand = listed(of(dns=failover(failback="manual")))[f"failback:{HERE}"]
    alone = listed(of(dns=failover(failback={"hold_down": "10 min"})))[f"failback:{HERE}"]
    assert isinstance(by_hand, Scenario)
    assert isinstance(alone, Scenario)
    assert by_hand.operator == ({"fail_back": NAME, "at": "145 min"},)
    assert alone.operator == ()
    assert alone.title.endswith(f"and led back to by the record {NAME}")
