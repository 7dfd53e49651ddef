"""What an experiment has of its own that watches and reacts: added to its topology's, or put in its place."""

from pathlib import Path
from typing import Any

import pytest

from simulator.errors import SpecError
from simulator.language.changes import with_changes
from simulator.language.countermeasures import BY_KEY, with_experiment
from simulator.language.files import read_experiment
from tests import small
from tests.small import HERE, NAME

NODES = {"nodes": {"per_zone": 1, "workers": 4}}
SERVICE = {"regions": [HERE], "compute": NODES, "operations": {"view": [{"compute": "1 ms"}]}}
BUSY = {
    "metric": "nodes.worker_utilization",
    "of": f"api@{HERE}",
    "statistic": "average",
    "threshold": "> 80 %",
}
SHED = {"of": "api", "keep": "50 %", "trigger": {"alarm": "busy"}}
FLEET = {"service": "api", "in": HERE, "min": 3, "max": 9, "track": {"target": "50 %"}}
SHIFT = {"zone": f"{HERE}a", "trigger": {"at": "1 min"}, "expires": "2 min"}
ACL = {"protects": ["api"], "rules": {"flood": {"limit": 100}}}
PLAN = {"trigger": {"alarm": "busy"}, "steps": [{"custom": "tell", "takes": "1 s"}]}


def system(**more: Any) -> small.Written:
    return small.topology(
        regions={HERE: {}},
        services={"api": SERVICE},
        dns={NAME: {"service": "api", "policy": "simple", "ttl": "60 s"}},
        **more,
    )


def complaints(topology: small.Written, tmp_path: Path, **own: Any) -> list[str]:
    """What is said, each with the line of the experiment and the text there."""
    path = small.write(tmp_path, topology, small.experiment(**own))
    lines = path.read_text(encoding="utf-8").splitlines()
    with pytest.raises(SpecError) as found:
        read_experiment(path)
    problems = found.value.problems
    assert {one.file for one in problems} == {str(path)}
    return [f"{lines[one.line - 1].strip()} | {one.message}" for one in problems]


def test_what_an_experiment_adds_stands_beside_its_topologys() -> None:
    own = {
        "alarms": {"busy": BUSY},
        "plans": {"tell": PLAN},
        "scaling": {"fleet": FLEET},
        "zonal_shifts": {"away": SHIFT},
        "waf": {"front": ACL},
        "canaries": {"probe": {"near": HERE, "operation": "view"}},
    }
    here = system(alarms={"busy": BUSY}, shedding={"less": SHED})
    loaded = small.read(here, small.experiment(**own, shedding={"none": SHED | {"keep": "0 %"}}))
    assert {key: [*getattr(loaded.topology, key)] for key in (*own, "shedding")} == {
        "alarms": ["busy"],
        "plans": ["tell"],
        "scaling": ["fleet"],
        "zonal_shifts": ["away"],
        "waf": ["front"],
        "canaries": ["probe"],
        "shedding": ["less", "none"],
    }


def test_one_of_the_same_name_takes_the_place_of_the_topologys() -> None:
    here = system(alarms={"busy": BUSY}, shedding={"less": SHED})
    loaded = small.read(here, small.experiment(shedding={"less": SHED | {"keep": "0 %"}}))
    assert {name: one.keep for name, one in loaded.topology.shedding.items()} == {"less": 0.0}


def test_an_alarm_of_the_topology_may_be_followed_and_one_of_ones_own_be_asked_for() -> None:
    expect = [{"false_alarms": {"alarm": "busy", "at_most": 0}}]
    assert small.read(system(), small.experiment(alarms={"busy": BUSY}, expect=expect)).topology.alarms
    assert small.read(system(alarms={"busy": BUSY}), small.experiment(shedding={"less": SHED}))


@pytest.mark.parametrize(
    ("own", "at", "says"),
    [
        ({"shedding": {"less": SHED}}, "alarm: busy", "unknown alarm 'busy'"),
        ({"scaling": {"fleet": FLEET | {"max": 1}}}, "min: 3", "is more than the most, 1"),
        (
            {"zonal_shifts": {"away": SHIFT | {"zone": f"{HERE}x"}}},
            f"zone: {HERE}x",
            f"unknown zone '{HERE}x'",
        ),
        (
            {"waf": {"front": ACL | {"protects": ["apo"]}}},
            "- apo",
            "unknown service 'apo'; did you mean 'api'?",
        ),
        (
            {"canaries": {"probe": {"near": HERE, "operation": "vew"}}},
            "operation: vew",
            "unknown operation 'vew'; did you mean 'view'?",
        ),
        (
            {"plans": {"tell": {"steps": [{"plan": "none"}]}}},
            "- plan: none",
            "unknown failover plan 'none'",
        ),
    ],
)
def test_what_is_wrong_with_it_is_said_at_its_place(
    tmp_path: Path, own: dict[str, Any], at: str, says: str
) -> None:
    (found,) = complaints(system(), tmp_path, **own)
    where, _, message = found.partition(" | ")
    assert where == at
    assert says in message


def test_what_both_have_together_is_wrong_where_the_experiment_says_it(tmp_path: Path) -> None:
    """Two web ACLs before one service, of which the topology has the first."""
    (found,) = complaints(system(waf={"first": ACL}), tmp_path, waf={"second": ACL})
    assert found.startswith("- api | service 'api' has web ACL 'first' already")


def test_what_becomes_wrong_in_the_topology_is_said_where_the_experiment_changes_it(tmp_path: Path) -> None:
    steps = [{"on": {"alarm": "busy"}, "change": "nodes", "bounds": [{"by": 1}]}]
    fleet = {key: value for key, value in FLEET.items() if key != "track"} | {"steps": steps}
    here = system(alarms={"busy": BUSY, "other": BUSY}, scaling={"fleet": fleet})
    (found,) = complaints(here, tmp_path, alarms={"busy": {"rule": "ALARM(other)"}})
    assert found.startswith(
        "alarms: | with this, scaling.fleet.steps.0.on.alarm is wrong: alarm 'busy' has no"
    )


def test_a_program_may_add_them_and_what_it_adds_is_checked() -> None:
    loaded = small.read(system(alarms={"busy": BUSY}), small.experiment())
    shedding = small.read(
        system(alarms={"busy": BUSY}), small.experiment(shedding={"less": SHED})
    ).experiment.shedding
    assert [*with_changes(with_experiment(loaded, shedding=shedding)).topology.shedding] == ["less"]
    without = small.read(system(), small.experiment())
    with pytest.raises(SpecError, match=r"shedding\.less\.trigger\.alarm: unknown alarm 'busy'"):
        with_changes(with_experiment(without, shedding=shedding))


@pytest.mark.parametrize("key", ["shedding", "plans", "waf"])
def test_a_run_without_one_has_neither_the_experiments_nor_the_topologys(key: str) -> None:
    of_key = {"shedding": {"less": SHED}, "plans": {"less": PLAN}, "waf": {"less": ACL}}[key]
    here = system(alarms={"busy": BUSY}, **{key: of_key})
    loaded = small.read(here, small.experiment(**{key: of_key}))
    left = with_changes(BY_KEY[key].without(loaded, "less"))
    found = getattr(left.topology, key)
    if key == "shedding":
        assert found == {}
    elif key == "plans":
        assert found["less"].trigger is None
    else:
        assert {rule.action for rule in found["less"].rules.values()} == {"count"}
