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
from tests.small import HERE, THERE

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


def test_what_nobody_can_know_is_untested() -> None:
    databases = {"accounts": {"engine": "rds", "writer": HERE, "readers": [THERE]}}
    found = listed(of(databases=databases, buckets={"files": {"replicas": [HERE, THERE]}}))
    keys = ("data-corrupted:accounts", "data-corrupted:files", "standby-activation", "failback")
    assert all(isinstance(found[key], NotPlayed) and found[key].status == UNTESTED for key in keys)  # type: ignore[union-attr]


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
