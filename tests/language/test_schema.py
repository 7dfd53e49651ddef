"""The JSON Schemas that editors use: in step with the models, true to the examples, as strict as reading."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

from simulator.language.reading.positions import read_document
from simulator.language.schema import schema_text
from tests.language.writing import (
    COMPUTE,
    EXPERIMENT,
    PATH_EXPERIMENT,
    PATH_TOPOLOGY,
    SCORES,
    TOPOLOGY,
    ZONE,
    changed,
)

ROOT = Path(__file__).parents[2]
KINDS = ("topology", "experiment")
EXAMPLES = sorted([*(ROOT / "topologies").glob("*.yaml"), *(ROOT / "experiments").glob("*.yaml")])


def validator(kind: str) -> Draft7Validator:
    return Draft7Validator(json.loads(schema_text(kind)))


def kind_of(path: Path) -> str:
    return {"topologies": "topology", "experiments": "experiment"}[path.parent.name]


def errors(kind: str, text: str) -> list[str]:
    """Where a text breaks its schema."""
    found = validator(kind).iter_errors(read_document(text, "f.yaml").data)
    return [".".join(map(str, error.absolute_path)) for error in found]


@pytest.mark.parametrize("kind", KINDS)
def test_the_written_schemas_are_in_step_with_the_models(kind: str) -> None:
    """If this fails: `simulator schema --write docs/schema`."""
    written = (ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_of_draft_7(kind: str) -> None:
    schema = json.loads(schema_text(kind))
    Draft7Validator.check_schema(schema)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert "$defs" not in schema_text(kind)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_shipped_example_fits_its_schema(path: Path) -> None:
    assert errors(kind_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_shipped_example_names_its_schema_for_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema=../docs/schema/{kind_of(path)}.schema.json"


def test_there_are_examples_of_both_kinds() -> None:
    assert {kind_of(path) for path in EXAMPLES} == {*KINDS}


def test_numbers_with_underscores_are_text_to_editors() -> None:
    """YAML 1.2 has no underscores in numbers, and editors follow it."""
    data = read_document(TOPOLOGY, "t.yaml").data
    data["tables"]["progress"]["items"] = "200_000"
    assert not [*validator("topology").iter_errors(data)]


@pytest.mark.parametrize(
    ("kind", "old", "new", "place"),
    [
        ("topology", "tables:", "tabels:", ""),
        ("topology", "eu-south-1: {}", "eu-south-1: {rol: active}", "regions.eu-south-1"),
        ("topology", "eu-south-1: {}", "eu-south-1:", "regions.eu-south-1"),
        ("topology", "topology: two regions\n", "", ""),
        ("topology", "compute: 20 ms", "compute: 20", "services.api.operations.act.0"),
        ("topology", "compute: 20 ms", "compute: 20 m", "services.api.operations.act.0"),
        ("topology", "policy: failover", "policy: fail", "dns.api.example.policy"),
        ("topology", "{} # deep", "{failure_threshold: 11}", "health_checks.deep"),
        ("topology", "-central-1]}", "-central-1], items: 0}", "tables.progress.items"),
        ("topology", "-central-1]}", "-central-1], items: 1.5}", "tables.progress.items"),
        ("experiment", "duration: 10 min", "duration: 10", "duration"),
        ("experiment", "duration: 10 min", "duration: 10 m", "duration"),
        ("experiment", "duration: 10 min", "duration:", "duration"),
        ("experiment", "sessions: 10", "sesions: 10", "users.all"),
        ("experiment", "{act: 1}", "{}", "users.all.actions"),
        ("experiment", "region: eu-south-1, mode", "regoin: eu-south-1, mode", "faults.0"),
        ("experiment", "black_hole", "blackhole", "faults.0"),
        ("experiment", "{recovery_time: {at_most: 5 min}}", "{}", "expect.0"),
        ("experiment", "{at_most: 5 min}", "{at_most: 5}", "expect.0.recovery_time.at_most"),
        ("experiment", "{at_most: 5 min}", "{at_most: 5 min}, success: {}", "expect.0"),
    ],
)
def test_editors_see_mistakes_where_they_are(kind: str, old: str, new: str, place: str) -> None:
    text = TOPOLOGY if kind == "topology" else EXPERIMENT
    assert errors(kind, text) == []
    assert errors(kind, changed(text, old, new)) == [place]


@pytest.mark.parametrize(
    ("kind", "old", "new", "place"),
    [
        ("topology", SCORES, "{replicas: [eu-west-1], capacity: {}}", "tables.scores.capacity"),
        ("topology", SCORES, "{replicas: [eu-west-1], item_size: 5}", "tables.scores.item_size"),
        ("topology", "time_to_live: 1 min", "time_to_live: 1", "caches.boards.time_to_live"),
        ("topology", "pages: {replicas", "pages: {regions", "buckets.pages"),
        ("topology", COMPUTE, "lambda", "services.api.compute"),
        ("topology", COMPUTE, "{nodes: {worker: 5}}", "services.api.compute"),
        ("topology", COMPUTE, "unlimited\n    calls: {quota: some}", "services.api.calls"),
        ("topology", "{origins: [eu-west-1, eu-south-1]}", "{origins: []}", "services.site.cdn.origins"),
        ("topology", "increment: counters", "inkrement: counters", "services.api.operations.act.1"),
        ("experiment", ZONE, "{at: 1 min, zone: eu-west-1a, mode: lost}", "faults.0"),
        ("experiment", ZONE, "{at: 1 min, cache: boards, mode: capacity}", "faults.0"),
        ("experiment", ZONE, "{at: 1 min, surge: many}", "faults.0"),
        ("experiment", "sign_up: 1 %", "sign_up: 0.1", "users.many.sign_up"),
    ],
)
def test_editors_see_mistakes_on_the_request_path(kind: str, old: str, new: str, place: str) -> None:
    text = PATH_TOPOLOGY if kind == "topology" else PATH_EXPERIMENT
    assert errors(kind, text) == []
    found = errors(kind, changed(text, old, new))
    assert found[:1] == [place]


def properties(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property that a schema describes, by its path."""
    if isinstance(schema, dict):
        for name, one in schema.get("properties", {}).items():
            yield f"{path}.{name}", one
        for key, value in schema.items():
            yield from properties(value, f"{path}.{key}")
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from properties(value, f"{path}.{number}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_described_for_the_reader_of_an_editor(kind: str) -> None:
    described = dict(properties(json.loads(schema_text(kind))))
    assert len(described) > 40
    assert [path for path, one in described.items() if not one.get("description")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_schema_offers_null_or_a_default_in_nanoseconds(kind: str) -> None:
    for path, one in properties(json.loads(schema_text(kind))):
        assert {"type": "null"} not in one.get("anyOf", []), path
        assert one.get("type") != "string" or isinstance(one.get("default", ""), str), path


def test_defaults_are_shown_as_a_user_writes_them() -> None:
    topology, experiment = json.loads(schema_text("topology")), json.loads(schema_text("experiment"))
    assert topology["definitions"]["Lambda"]["properties"]["memory"]["default"] == "512 MB"
    assert experiment["definitions"]["Population"]["properties"]["sign_up"]["default"] == "0 %"
    assert topology["definitions"]["DnsRecord"]["properties"]["ttl"]["default"] == "1 min"
    assert experiment["definitions"]["Objective"]["properties"]["success"]["default"] == "99 %"
    assert experiment["definitions"]["Within"]["properties"]["default"]["default"] == "10 s"
    assert experiment["properties"]["time_of_day"]["default"] == "00:00"


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a schema."""
    below = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    if isinstance(schema, dict):
        yield schema
    for one in below:
        yield from nodes(one)


@pytest.mark.parametrize("kind", KINDS)
def test_bounds_are_in_the_words_of_json_schema(kind: str) -> None:
    words = {key for node in nodes(json.loads(schema_text(kind))) for key in node}
    assert words >= {"minimum", "maximum", "exclusiveMinimum"}
    assert not words & {"ge", "le", "gt", "lt", "list"}


@pytest.mark.parametrize(
    ("kind", "old", "new", "place"),
    [
        ("topology", "eu-south-1: {}", "eu-south-1: {zones: 7}", "regions.eu-south-1.zones"),
        ("topology", "eu-south-1: {}", "milan: {}", "regions"),
        ("topology", "replicas: [eu-south-1,", "replicas: [milan,", "tables.progress.replicas.0"),
        ("experiment", "near: eu-south-1", "near: Milan", "users.all.near"),
        ("experiment", "sessions: 10", "sessions: 0", "users.all.sessions"),
        ("experiment", "recovery_time:", "catch_up_time: {from: Milan}, x:", "expect.0.catch_up_time.from"),
        ("experiment", "sessions: 10", "sessions: 10, client: {profile: chrome}", "users.all.client"),
    ],
)
def test_editors_check_bounds_and_complete_names(kind: str, old: str, new: str, place: str) -> None:
    text = TOPOLOGY if kind == "topology" else EXPERIMENT
    assert place in errors(kind, text.replace(old, new, 1))


FAULTS = [
    "region: NAME, mode: refused",
    "service: api, region: NAME, mode: refused",
    "table: scores, region: NAME, mode: refused",
    "cache: hot, region: NAME, mode: flushed",
    "bucket: files, region: NAME, mode: refused",
    "issuer: NAME, mode: refused",
    "keys: NAME",
    "clock: NAME, skew: 1 s",
    "replication: {region: NAME}",
    "replication: {from: NAME, to: eu-west-1}",
    "link: {between: [NAME, eu-west-1]}, mode: cut",
    "link: {from: eu-west-1, to: NAME}, mode: cut",
    "bots: {near: NAME, rate: 1/s, actions: {view: 1}}",
]


@pytest.mark.parametrize("fault", [*FAULTS, "zone: NAMEb, mode: refused"])
def test_editors_complete_regions_in_faults_of_every_kind(fault: str) -> None:
    """A region of the catalog is taken, and a city, which is none, is not."""
    head = "experiment: e\ntopology: t.yaml\nduration: 5 min\nfaults: [{at: 1 min, FAULT}]\n"
    assert errors("experiment", head.replace("FAULT", fault.replace("NAME", "eu-south-1"))) == []
    assert errors("experiment", head.replace("FAULT", fault.replace("NAME", "Milan"))) == ["faults.0"]


@pytest.mark.parametrize(
    ("fault", "fits"), [("keys: everywhere", True), ("clock: everywhere, skew: 1 s", False)]
)
def test_editors_offer_everywhere_only_where_it_is_meant(fault: str, fits: bool) -> None:
    head = "experiment: e\ntopology: t.yaml\nduration: 5 min\n"
    text = f"{head}faults: [{{at: 1 min, {fault}}}]\n"
    assert (errors("experiment", text) == []) == fits


@pytest.mark.parametrize("change", ["order: [NAME]", "weights: {NAME: 1}", "geography: {default: NAME}"])
def test_editors_complete_regions_in_changes_of_records(change: str) -> None:
    head = "experiment: e\ntopology: t.yaml\nduration: 5 min\n"
    text = f"{head}operator: [{{change: a.b, at: 1 min, {change}}}]\n"
    assert errors("experiment", text.replace("NAME", "eu-south-1")) == []
    assert errors("experiment", text.replace("NAME", "Milan"))
