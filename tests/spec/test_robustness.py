"""Whatever a file holds, reading ends in a model or in problems with places, never in another exception."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import SpecError
from simulator.spec.positions import read_document
from simulator.spec.reading import read, read_experiment
from tests.spec.writing import EXPERIMENT, TOPOLOGY

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


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(experiment=spoiled(EXPERIMENT_DATA), topology=spoiled(TOPOLOGY_DATA))
def test_spoiled_files_are_read_or_refused(experiment: Any, topology: Any, tmp_path: Path) -> None:
    """JSON is YAML, so files are written as such; a name that is told to be wrong stands in its file."""
    (tmp_path / "e.yaml").write_text(json.dumps(experiment, indent=1))
    (tmp_path / "t.yaml").write_text(json.dumps(topology, indent=1))
    for reader in (read, read_experiment):
        error = refusal(reader, tmp_path / "e.yaml")
        assert error is None or names_are_places(error, tmp_path)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text("ab:-[]{}'\"#&*!|>%@`,? \n\t<", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    document = read_document(text, "f.yaml")
    assert all(problem.line >= 1 and problem.column >= 1 for problem in document.problems)


def test_the_unspoiled_files_are_valid(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(json.dumps(EXPERIMENT_DATA))
    (tmp_path / "t.yaml").write_text(json.dumps(TOPOLOGY_DATA))
    assert len(read_experiment(tmp_path / "e.yaml").experiment.faults) == 4
