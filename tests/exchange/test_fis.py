"""Templates of AWS FIS: which faults have which actions, in which region, when, and what is told."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.exchange.fis import Exported, templates_of
from tests.small import HERE, THERE, experiment, read, topology, write

ELSEWHERE = "eu-west-2"
VIEW = [{"compute": "1 ms"}]
OPERATIONS = {"view": VIEW}


def system() -> dict[str, Any]:
    """A function, nodes, a table and a bucket, each in two regions."""
    both = [HERE, THERE]
    return topology(
        services={
            "api": {"regions": both, "compute": {"lambda": {}}, "operations": OPERATIONS},
            "web": {
                "regions": both,
                "compute": {"nodes": {"per_zone": 2}},
                "operations": {"look": OPERATIONS["view"]},
            },
        },
        tables={"orders": {"replicas": both}},
        buckets={"files": {"replicas": both}},
    )


def exported(*faults: dict[str, Any], **changes: Any) -> Exported:
    return templates_of(read(system(), experiment(faults=[*faults], duration="1 h", **changes)))


def actions(found: Exported, region: str) -> dict[str, dict[str, Any]]:
    """The actions of a region's template but for the waits, by what they do."""
    written = found.templates[region]["actions"].values()
    return {one["actionId"]: one for one in written if one["actionId"] != "aws:fis:wait"}


def test_a_link_that_is_cut_both_ways_needs_an_action_in_both_regions() -> None:
    found = exported({"at": "10 min", "for": "20 min", "link": {"between": [HERE, THERE]}, "mode": "cut"})
    for region, other in ((HERE, THERE), (THERE, HERE)):
        (action,) = actions(found, region).values()
        assert action["actionId"] == "aws:network:route-table-disrupt-cross-region-connectivity"
        assert action["parameters"] == {"region": other, "duration": "PT20M"}
    one_way = exported({"at": "0 s", "link": {"from": HERE, "to": THERE}, "mode": "cut"})
    assert [*one_way.templates] == [HERE]


def test_a_time_that_the_seed_draws_is_the_earliest_and_told() -> None:
    found = exported({"at": {"any": ["90 s", "30 min"]}, "zone": f"{HERE}b", "mode": "black_hole"})
    (action,) = actions(found, HERE).values()
    (wait,) = action["startAfter"]
    assert found.templates[HERE]["actions"][wait]["parameters"] == {"duration": "PT90S"}
    assert "its time is drawn by the seed; here it begins as early as it may" in found.told[0].notes


def test_an_action_waits_until_its_fault_begins_and_lasts_as_long() -> None:
    found = exported({"at": "90 s", "zone": f"{HERE}b", "mode": "black_hole"})
    template = found.templates[HERE]
    (action,) = actions(found, HERE).values()
    (wait,) = action["startAfter"]
    assert template["actions"][wait] == {"actionId": "aws:fis:wait", "parameters": {"duration": "PT90S"}}
    assert action["parameters"]["duration"] == "PT3510S"  # to the end of the hour
    (target,) = action["targets"].values()
    assert template["targets"][target]["filters"] == [{"path": "AvailabilityZone", "values": [f"{HERE}b"]}]


@pytest.mark.parametrize(
    ("at", "lasts", "wait", "length", "note"),
    [
        ("0 s", "5 min", None, "PT5M", ""),
        ("20 s", "5 min", "PT1M", "PT5M", "a wait of AWS FIS lasts a minute at least"),
        ("2 min", "10 s", "PT2M", "PT1M", "an action of AWS FIS lasts a minute at least"),
        ("10 h", "5 h", "PT600M", "PT120M", "lasts 12 h at most, and the actions end with it"),
    ],
)
def test_times_are_within_what_the_service_takes_and_each_difference_is_told_once(
    at: str, lasts: str, wait: str | None, length: str, note: str
) -> None:
    fault = {"at": at, "for": lasts, "zone": f"{HERE}b", "mode": "black_hole"}
    found = templates_of(read(system(), experiment(faults=[fault], duration="20 h")))
    written = found.templates[HERE]["actions"]
    (action,) = actions(found, HERE).values()
    waits = [written[name]["parameters"]["duration"] for name in action.get("startAfter", ())]
    assert (waits, action["parameters"]["duration"]) == ([wait] if wait else [], length)
    assert [one for one in found.told[0].notes if note in one] == list(found.told[0].notes)
    assert len(found.told[0].notes) == bool(note)


def test_what_begins_after_the_longest_experiment_has_no_counterpart() -> None:
    fault = {"at": "12 h", "zone": f"{HERE}b", "mode": "black_hole"}
    found = templates_of(read(system(), experiment(faults=[fault], duration="20 h")))
    assert (found.templates, found.told[0].actions) == ({}, ())
    assert "lasts 12 h at most, and this begins later" in found.told[0].notes[0]


def test_all_replication_stands_still_if_it_is_paused_at_all_replicas_but_one() -> None:
    three = [HERE, THERE, ELSEWHERE]
    spread = topology(
        services=system()["services"],
        tables={"orders": {"replicas": three}},
        caches={"boards": {"regions": [THERE, ELSEWHERE], "multi_region": True}},
        databases={"books": {"engine": "aurora_global", "writer": HERE, "readers": [THERE]}},
        regions={region: {} for region in three},
    )

    def paused(scope: dict[str, Any]) -> tuple[Exported, list[tuple[str, str]]]:
        faults = [{"at": "1 min", "replication": scope}]
        found = templates_of(read(spread, experiment(faults=faults)))
        return found, [
            (one.split(":")[1], one.rpartition(" ")[2]) for told in found.told for one in told.actions
        ]

    found, at = paused({})
    assert at == [("dynamodb", HERE), ("dynamodb", THERE), ("memorydb", THERE)]
    assert any("the replication of databases goes on" in note for note in found.told[0].notes)
    assert paused({"region": HERE})[1] == [("dynamodb", HERE)]  # the cache is not there
    assert "the replication of a database" in paused({"table": "books"})[0].told[0].notes[0]


def test_a_fault_is_told_in_the_words_of_its_run() -> None:
    fault = {"at": "10 min", "link": {"from": HERE, "to": THERE}, "mode": "cut"}
    said = exported(fault).told[0].fault
    assert said.startswith(f"1. link {HERE} → {THERE} is cut")
    assert said.endswith(", at 10 min")


def test_a_region_is_cut_off_and_its_data_is_not_copied() -> None:
    found = exported({"at": "0 s", "for": "5 min", "region": HERE, "mode": "black_hole"})
    assert [*actions(found, HERE)] == [
        "aws:network:disrupt-connectivity",
        "aws:dynamodb:global-table-pause-replication",
        "aws:s3:bucket-pause-replication",
    ]
    assert [*actions(found, THERE)] == ["aws:s3:bucket-pause-replication"]
    assert any("in no subnet goes on" in note for note in found.told[0].notes)


def test_shares_and_delays_are_those_of_the_fault() -> None:
    found = exported(
        {"at": "0 s", "service": "api", "region": HERE, "mode": "error", "share": "25 %"},
        {"at": "0 s", "service": "api", "region": THERE, "mode": "slow", "add": "3 s"},
        {"at": "0 s", "service": "web", "region": HERE, "mode": "capacity", "share": "40 %"},
        {"at": "0 s", "for": "10 min", "node": f"1 of web@{THERE}", "mode": "black_hole"},
    )
    here, there = actions(found, HERE), actions(found, THERE)
    assert here["aws:lambda:invocation-error"]["parameters"]["invocationPercentage"] == "25"
    assert there["aws:lambda:invocation-add-delay"]["parameters"]["startupDelayMilliseconds"] == "3000"
    stopped = here["aws:ec2:stop-instances"]
    assert found.templates[HERE]["targets"][stopped["targets"]["Instances"]]["selectionMode"] == "PERCENT(60)"
    assert there["aws:ec2:stop-instances"]["parameters"] == {"startInstancesAfterDuration": "PT10M"}


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"region": HERE, "mode": "lost"}, "takes nothing away for good"),
        ({"dns": "api.example", "mode": "error"}, "the answers of Route 53"),
        ({"link": {"between": [HERE, THERE]}, "mode": "lossy", "share": "5 %"}, "neither slow nor lossy"),
        ({"table": "orders", "mode": "corrupted"}, "neither its endpoint nor its items"),
        ({"service": "web", "mode": "refused"}, "the door of a service"),
        ({"service": "api", "operations": "view", "mode": "error"}, "by population or operation"),
        ({"clock": HERE, "skew": "1 s"}, "does not set clocks"),
        ({"control_plane": "route53"}, "only the APIs of EC2 and Kinesis"),
        ({"replication": {"from": HERE, "to": THERE}}, "not in one direction"),
    ],
)
def test_what_has_no_counterpart_is_told_with_the_reason(fault: dict[str, Any], why: str) -> None:
    found = exported({"at": "1 min"} | fault)
    assert found.templates == {}
    assert found.told[0].actions == ()
    assert why in found.told[0].notes[0]


def test_every_fault_is_told_once_and_every_template_is_whole() -> None:
    """The parts that AWS FIS requires of a template, and targets that its actions name."""
    found = exported(
        {"at": "1 min", "for": "10 s", "region": HERE, "mode": "refused"},
        {"at": "1 min", "control_plane": "ec2", "mode": "launches_fail"},
        {"at": "2 min", "control_plane": "ec2"},
        {"at": "1 min", "clock": HERE, "skew": "1 s"},
        {"at": "1 min", "replication": {}, "flapping": {"period": "2 min", "duty": "50 %"}},
    )
    assert [bool(one.actions) for one in found.told] == [True, True, True, False, True]
    assert any("lasts a minute at least" in note for note in found.told[0].notes)
    assert any("comes and goes" in note for note in found.told[4].notes)
    for template in found.templates.values():
        assert {"description", "roleArn", "stopConditions", "targets", "actions"} <= template.keys()
        assert len(template["description"]) <= 512
        named = {target for one in template["actions"].values() for target in one.get("targets", {}).values()}
        assert named == template["targets"].keys()
        for action in template["actions"].values():
            assert all(one in template["actions"] for one in action.get("startAfter", ()))
            assert all(isinstance(value, str) for value in action["parameters"].values())


def test_files_are_written_and_what_they_leave_out_is_printed(tmp_path: Path) -> None:
    faults = [
        {"at": "1 min", "zone": f"{HERE}a", "mode": "refused"},
        {"at": "1 min", "surge": "people", "factor": 2},
    ]
    path = write(tmp_path, system(), experiment(faults=faults))
    result = CliRunner().invoke(
        main, ["export", "fis", str(path), "--out", str(tmp_path / "fis"), "--role", "arn:r"]
    )
    assert result.exit_code == 0, result.output
    assert "1 fault of 2 without a counterpart" in result.stdout
    assert "load is made by a load test" in result.stdout
    (file,) = (tmp_path / "fis").iterdir()
    assert json.loads(file.read_text())["roleArn"] == "arn:r"
    assert file.name == f"experiment.fis-{HERE}.json"


def test_1_and_nothing_is_written_if_no_fault_has_a_counterpart(tmp_path: Path) -> None:
    path = write(tmp_path, system(), experiment(faults=[]))
    result = CliRunner().invoke(main, ["export", "fis", str(path), "--out", str(tmp_path / "fis")])
    assert result.exit_code == 1
    assert not (tmp_path / "fis").exists()
