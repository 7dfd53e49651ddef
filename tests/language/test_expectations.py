"""Expectations that are sound, and those that a cache of one region could never meet or miss."""

from pathlib import Path

import pytest

from simulator import SpecError
from simulator.boundary.measure_terms import Key, Measure
from simulator.boundary.measures import MEASURES
from tests.language.writing import PATH_EXPERIMENT, PATH_TOPOLOGY, complaints
from tests.small import HERE, Written, experiment, read, topology


def told(directory: Path, expectation: str) -> list[str]:
    """What reading says of an expectation in a system with a cache of either kind."""
    experiment = f"{PATH_EXPERIMENT}expect:\n  - {expectation}\n"
    return complaints(directory, experiment, PATH_TOPOLOGY)


@pytest.mark.parametrize(
    "expectation",
    [
        "{success_between: {from: 2 min, to: 4 min, at_least: 95 %}}",
        "{success_between: {from: 0 s, to: 10 min, at_most: 95 %}}",
        "{success_between: {from: 585 s, to: 10 min, at_most: 95 %}}",  # the last window
        "{retry_amplification: {at_least: 1, at_most: 1.5}}",
        "{queue_wait_p99: {at_most: 200 ms}}",
        "{hit_ratio: {cache: boards, at_least: 90 %}}",
        "{lost_increments: {cache: counters, at_most: 0}}",
        "{lost_increments: {at_most: 0}}",
    ],
)
def test_sound(tmp_path: Path, expectation: str) -> None:
    assert told(tmp_path, expectation) == []


def test_only_a_multi_region_cache_can_lose_increments(tmp_path: Path) -> None:
    assert told(tmp_path, "{lost_increments: {cache: boards, at_most: 0}}") == [
        "e.yaml:9:31: cache 'boards' is not multi-region, so it has no counters to lose"
    ]


# every key that narrows a measure; how each kind of key goes wrong otherwise: `errors/expectation.txt`

BOUNDS = {"s": "1 s", "count": "1", "share": "1 %", "ratio": "1"}
SOUND = {"from": "1 min", "to": "2 min", "percentile": "99", "region": "eu-south-1"}
NARROWED = [measure for measure in MEASURES if measure.scope.keys and measure.yes_no is None]
KEYS = [(measure, key) for measure in NARROWED for key in measure.scope.keys]


def named(one: Measure | Key) -> str:
    return one.name


def expecting(measure: Measure, keys: dict[str, str], *, bounded: bool = True) -> str:
    """An expectation with the keys that it must have and some more."""
    (first, *_), required = measure.parts, [key.name for key in measure.scope.keys if key.required]
    bound = {"count": "1"} if first.exact else {"at_most": BOUNDS[first.unit]}
    written = {name: SOUND[name] for name in required} | keys | (bound if bounded else {})
    return f"{{{measure.name}: {{{', '.join(f'{name}: {value}' for name, value in written.items())}}}}}"


def names_something(key: Key) -> bool:
    return key.what not in ("time", "percentile", "share", "presence")


@pytest.mark.parametrize("measure", NARROWED, ids=named)
def test_no_key_need_be_given_unless_it_is_required(tmp_path: Path, measure: Measure) -> None:
    assert told(tmp_path, expecting(measure, {})) == []


@pytest.mark.parametrize("measure", NARROWED, ids=named)
def test_keys_that_narrow_are_no_bounds(tmp_path: Path, measure: Measure) -> None:
    (found,) = told(tmp_path, expecting(measure, {}, bounded=False))
    bounds = [f"'{part.name}'" for part in measure.parts if part.name] or ["'at_least'", "'at_most'"]
    assert found == f"e.yaml:9:6: give {' or '.join(bounds)}"


@pytest.mark.parametrize(
    ("measure", "key"), [(measure, key) for measure, key in KEYS if names_something(key)], ids=named
)
def test_what_a_key_names_must_exist(tmp_path: Path, measure: Measure, key: Key) -> None:
    found = told(tmp_path, expecting(measure, {key.name: "nowhere"}))
    what = "table, database, bucket or cache" if key.what == "store" else key.what
    assert any(f"unknown {what} 'nowhere'" in one for one in found)


@pytest.mark.parametrize(
    ("measure", "key"), [(measure, key) for measure, key in KEYS if key.required], ids=named
)
def test_a_required_key_is_missed(tmp_path: Path, measure: Measure, key: Key) -> None:
    text = expecting(measure, {}).replace(f"{key.name}: {SOUND[key.name]}, ", "")
    assert told(tmp_path, text) == [f"e.yaml:9:6: missing key '{key.name}'"]


BOUNDED = [measure for measure in MEASURES if measure.yes_no is None]


@pytest.mark.parametrize("measure", BOUNDED, ids=named)
def test_only_the_keys_of_its_scope_narrow_a_measure(tmp_path: Path, measure: Measure) -> None:
    others = {key.name for _, key in KEYS} - {key.name for key in measure.scope.keys}
    for other in sorted(others):
        (found, *_) = told(tmp_path, expecting(measure, {other: "1"}))
        assert f"unknown key '{other}'" in found


def test_what_is_so_or_not_so_is_narrowed_in_a_mapping(tmp_path: Path) -> None:
    assert told(tmp_path, "{isolation: {population: many, holds: false}}") == []
    assert told(tmp_path, "{isolation: {operation: act}}") == []


def test_an_operation_that_several_services_have_is_said_with_its_service() -> None:
    """Over time the actions of each are counted by themselves."""
    service = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}]}}
    records = {f"{name}.example": {"service": name, "policy": "simple"} for name in ("a", "b")}
    system = topology(services={"a": service, "b": service}, dns=records)
    users = {"people": {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"a.view": 1}}}

    def of(operation: str) -> Written:
        return experiment(users=users, expect=[{"isolation": {"operation": operation}}])

    read(system, of("a.view"))
    with pytest.raises(
        SpecError, match=r"several services have an operation 'view'; say 'a.view' or 'b.view'"
    ):
        read(system, of("view"))


def test_scopes_have_names_of_their_own() -> None:
    """The names of forms in the schema begin with them."""
    scopes = {measure.scope for measure in MEASURES}
    assert len({scope.name for scope in scopes}) == len(scopes)
