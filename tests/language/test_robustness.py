"""Whatever a file holds, reading ends in a model or in problems with places, never in another exception."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import SpecError
from simulator.language.files import read, read_experiment
from simulator.language.reading.positions import read_document
from tests.language.writing import EXPERIMENT, PATH_EXPERIMENT, PATH_TOPOLOGY, TOPOLOGY

EXPERIMENT_DATA = read_document(EXPERIMENT, "e.yaml").data | {
    "operator": [{"change": "api.example", "at": "5 min", "order": ["eu-south-1"]}],
    "faults": [
        {"at": "1 min", "region": "eu-south-1", "mode": "black_hole"},
        {"at": "1 min", "link": {"between": ["eu-south-1", "everywhere"]}, "mode": "slow", "factor": 2},
        {"at": "2 min", "replication": {"table": "progress", "from": "eu-south-1", "to": "eu-central-1"}},
        {"at": "1 min", "dns": "api.example", "mode": "error"},
    ],
}
TOPOLOGY_DATA = read_document(TOPOLOGY, "t.yaml").data | {
    "identity": {"issuer": ["eu-south-1"]},
    "defaults": {"negative_ttl": "5 s"},
}
CLIENT = {
    "profile": "aws-adaptive",
    "connect_timeout": "1 s",
    "attempts": 3,
    "backoff": {"base": "50 ms", "cap": "20 s", "throttling": "1 s", "jitter": "none"},
    "quota": {"tokens": 500, "cost": 14, "timeout_cost": 14, "throttling_cost": 5},
    "circuit_breaker": {"threshold": "50 %", "window": 20, "least": 10, "open": "30 s", "probes": 3},
}
PROVISIONED = {"provisioned": {"write": "10/s", "read": "300/min"}}
PATH_EXPERIMENT_DATA = read_document(PATH_EXPERIMENT, "e.yaml").data | {
    "faults": [
        {"at": "1 min", "zone": "eu-west-1a", "mode": "black_hole"},
        {"at": "1 min", "service": "api", "region": "eu-west-1", "mode": "capacity", "share": "50 %"},
        {"at": "1 min", "table": "scores", "mode": "capacity", "share": "0 %"},
        {"at": "1 min", "cache": "boards", "mode": "flushed"},
        {"at": "1 min", "bucket": "pages", "mode": "slow", "factor": 2},
        {"at": "1 min", "issuer": "eu-west-1", "mode": "error", "share": "5 %"},
        {"at": "1 min", "keys": "everywhere"},
        {"at": "1 min", "surge": "many", "factor": 3},
        {"at": "1 min", "bots": {"near": "us-west-2", "rate": "5/s", "actions": {"look": 1}}},
        {"at": "1 min", "link": {"from": "us-west-2", "to": "eu-west-1"}, "mode": "cut"},
    ],
}
PATH_EXPERIMENT_DATA["users"]["many"]["client"] = CLIENT
PATH_TOPOLOGY_DATA = read_document(PATH_TOPOLOGY, "t.yaml").data
PATH_TOPOLOGY_DATA["regions"]["eu-west-1"]["quotas"] = {"gateway": {"rate": "5/s", "burst": 9}}
PATH_TOPOLOGY_DATA["tables"]["scores"] |= {"capacity": PROVISIONED, "capacity_in": {"eu-west-1": PROVISIONED}}
PATH_TOPOLOGY_DATA["caches"]["counters"] |= {
    "replication_lag": {"median": "100 ms"},
    "failover": {"replicas": 0},
}
PATH_TOPOLOGY_DATA["services"]["api"] |= {
    "gateway": {"limit": {"rate": "9/s", "burst": 9}, "methods": {"act": {"rate": "5/s", "burst": 5}}},
    "compute_in": {
        "eu-central-1": {"nodes": {"per_zone": 2, "check": {"interval": "10 s", "timeout": "5 s"}}}
    },
    "calls": CLIENT | {"quota": "none", "connection_age": "5 min"},
}
PAIRS = {"small": (EXPERIMENT_DATA, TOPOLOGY_DATA), "path": (PATH_EXPERIMENT_DATA, PATH_TOPOLOGY_DATA)}
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, 0, -1, 1.5, True, "", "x", "5 s", "5 %", "eu-south-1", [], {}, [None], [[]], {"at": "1 s"},
     {"": ""}, 10**30, {"median": "1 s"}, {"operations": 5}, [["x"]], {"x": {"y": [{}]}}]
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [place for key, value in entries for place in places(value, (*path, key))]
    return [path, *below] if path else below


@st.composite
def spoiled(draw: st.DrawFn, data: Any) -> Any:
    """Data with up to three places deleted, renamed or replaced."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(0, 3))):
        where = places(data)
        if not where:
            break
        *above, last = draw(st.sampled_from(where))
        holder = data
        for key in above:
            holder = holder[key]
        match draw(st.sampled_from(["delete", "rename", "replace"])):
            case "delete":
                del holder[last]
            case "rename" if isinstance(holder, dict):
                holder[f"{last}x"] = holder.pop(last)
            case _:
                holder[last] = copy.deepcopy(draw(ODD))  # a later round may spoil what this one put in
    return data


def names_are_places(error: SpecError, directory: Path) -> bool:
    texts = {str(path): path.read_text() for path in directory.glob("*.yaml")}
    files = {path: text.count("\n") + 1 for path, text in texts.items()}
    return bool(error.problems) and all(
        1 <= one.line <= files[one.file] and one.column >= 1 and one.message for one in error.problems
    )


def refusal(reader: Callable[[Path], object], path: Path) -> SpecError | None:
    try:
        reader(path)
    except SpecError as error:
        return error
    return None


def check_spoiled(pair: str, data: st.DataObject, directory: Path) -> None:
    """JSON is YAML, so files are written as such; a name that is told to be wrong stands in its file."""
    experiment, topology = (data.draw(spoiled(one)) for one in PAIRS[pair])
    (directory / "e.yaml").write_text(json.dumps(experiment, indent=1))
    (directory / "t.yaml").write_text(json.dumps(topology, indent=1))
    for reader in (read, read_experiment):
        error = refusal(reader, directory / "e.yaml")
        assert error is None or names_are_places(error, directory)


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_spoiled_files_are_read_or_refused(pair: str, data: st.DataObject, tmp_path: Path) -> None:
    check_spoiled(pair, data, tmp_path)


@pytest.mark.middle
@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_many_more_spoiled_files_are_read_or_refused(pair: str, data: st.DataObject, tmp_path: Path) -> None:
    check_spoiled(pair, data, tmp_path)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("ab:-[]{}'\"#&*!|>%@`,? \n\t<", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    document = read_document(text, "f.yaml")
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


@pytest.mark.parametrize(("pair", "faults"), [("small", 4), ("path", 10)])
def test_the_unspoiled_files_are_valid(pair: str, faults: int, tmp_path: Path) -> None:
    experiment, topology = PAIRS[pair]
    (tmp_path / "e.yaml").write_text(json.dumps(experiment))
    (tmp_path / "t.yaml").write_text(json.dumps(topology))
    assert len(read_experiment(tmp_path / "e.yaml").experiment.faults) == faults


def test_a_mistake_behind_the_end_of_a_file_stands_in_its_last_line() -> None:
    (problem,) = read_document("a:\n  b: 1\n  c", "f.yaml").problems
    assert str(problem) == "f.yaml:3:1: not valid YAML: a ':' is missing in this line"


def test_a_list_that_stands_there_twice_is_left_out_with_its_entries(tmp_path: Path) -> None:
    faults = EXPERIMENT[EXPERIMENT.index("faults:") :]
    (tmp_path / "e.yaml").write_text(EXPERIMENT + faults)
    (tmp_path / "t.yaml").write_text(TOPOLOGY)
    error = refusal(read_experiment, tmp_path / "e.yaml")
    assert error is not None
    assert names_are_places(error, tmp_path)
