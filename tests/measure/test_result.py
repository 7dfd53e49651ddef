"""The fields of `result.json`, and the page that explains them."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft7Validator  # type: ignore[import-untyped]

import simulator
from simulator.boundary.phases import PHASES
from simulator.errors import DefectError
from simulator.measure import requests
from simulator.result.plain import plain
from simulator.result.schema import schema_text
from tests.measure import handmade
from tests.measure.handmade import rich
from tests.measure.pages import PAGES, ROOT, in_step
from tests.reproducibility.systems import everything, outage
from tests.small import experiment, read, topology

MEASURES_PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")

SECTIONS = [
    "schema_version",
    "recipe",
    "verdict",
    "expectations",
    "recovery",
    "loss",
    "damage",
    "protection",
    "restores",
    "databases",
    "plans",
    "continuity",
    "slices",
    "replication",
    "requests",
    "capacity",
    "calls",
    "externals",
    "identity",
    "dns",
    "events",
    "assumptions",
    "levers",
]

OF_EXPECTATIONS = ["expectation", "verdict", "measured", "reason"]
OF_EXPECTATIONS += ["measure", "scope", "bounds", "unit", "file", "line"]


@pytest.fixture(scope="module")
def result() -> Any:
    return json.loads(simulator.run(read(everything(), outage())).to_json())


def test_sections_are_these_in_this_order(result: Any) -> None:
    assert [*result] == SECTIONS
    assert result["schema_version"] == 1


def test_recipe_repeats_the_run(result: Any) -> None:
    recipe = result["recipe"]
    assert [*recipe] == [
        "experiment", "topology", "file", "sha256", "seed", "duration_s", "warm_up_s", "versions"
    ]  # fmt: skip
    assert recipe["sha256"].keys() == {"experiment", "topology"}
    assert recipe["versions"].keys() == {"simulator", "python", "numba", "numpy", "simpy"}


@pytest.mark.parametrize(
    ("section", "fields"),
    [
        (
            "recovery",
            {"recovery_time_s", "shown", "ladder", "isolation", "phases", "episodes", "faults", "objective"},
        ),
        (
            "loss",
            {
                "recovery_point_s",
                "acknowledged",
                "at_risk",
                "late",
                "discarded",
                "lost",
                "pending",
                "lost_updates",
                "missing",
                "overtaken",
                "failback",
                "tables",
            },
        ),
        ("continuity", {"undisturbed", "recovered", "interrupted", "logged_out", "abandoned"}),
        (
            "requests",
            {"success", "actions", "attempts", "token_requests", "attempts_by_region", "consistency"},
        ),
        ("requests", {"throttled_share", "retry_amplification", "retries_denied", "causes", "bots"}),
        ("capacity", {"limited", "sites", "queue_wait", "tables", "caches", "edges"}),
        ("calls", {"total", "retries_denied", "stores"}),
        ("identity", {"verified", "requests_by_kind", "forced_logins", "rejected", "regions"}),
        ("dns", {"lookups", "detection_time_s", "false_detections", "health", "answers", "cut_over"}),
    ],
)
def test_fields_of_a_section(result: Any, section: str, fields: set[str]) -> None:
    assert fields <= result[section].keys()


def test_fields_of_entries(result: Any) -> None:
    assert {"phase", "start_s", "end_s"} <= result["recovery"]["phases"][0].keys()
    assert [*result["expectations"][0]] == OF_EXPECTATIONS
    assert {"number", "at_s", "kind", "target", "detail", "cause"} == result["events"][0].keys()
    assert {"name", "value", "label", "source"} == result["assumptions"][0].keys()
    pair = {"table", "from", "to", "true", "metric", "peaks", "catch_up_time_s", "stops"}
    assert all(pair == entry.keys() for entry in result["replication"])


def test_the_outage_in_figures(result: Any) -> None:
    phases = result["recovery"]["phases"]
    spent = sum(phase["end_s"] - phase["start_s"] for phase in phases)
    assert spent == pytest.approx(result["recovery"]["recovery_time_s"], abs=1e-6)
    assert sum(result["continuity"]["counts"].values()) == result["continuity"]["sessions"] > 0
    assert result["loss"]["tables"].keys() == {"state", "board"}
    unreachable = [event for event in result["events"] if event["kind"] == "data_unreachable"]
    assert sum(event["detail"]["writes"] for event in unreachable) == result["loss"]["at_risk"]


def test_sections_are_read_by_name_or_by_key() -> None:
    found = simulator.run(read(everything(), outage()))
    assert found.recovery.recovery_time_s == found["recovery"]["recovery_time_s"] is not None
    assert found.loss.tables["state"].visible == found["loss"]["tables"]["state"]["visible"]
    assert found.replication[0].from_ == found["replication"][0]["from"]
    assert found.requests.actions.by_outcome["unknown"] == found["requests"]["actions"]["unknown"]
    with pytest.raises(KeyError):
        found["series"]


def test_series_are_part_of_the_result_and_not_of_its_text(result: Any) -> None:
    found = simulator.run(read(everything(), outage()), metrics=True)
    assert found.series.windows.succeeded.sum() == found.requests.actions.by_outcome["succeeded"]
    assert found.series.gauges is not None
    assert all(pair.gauges is not None for pair in found.replication)
    points = [point for pair in found.replication if pair.metric for point in pair.metric.points]
    assert len(points) == sum(pair.metric.datapoints for pair in found.replication if pair.metric) > 0
    assert plain(found) == result


def test_a_run_in_which_nothing_happens_has_no_data() -> None:
    found = simulator.run(read(topology(), experiment(users={}, expect=[{"success": {"at_least": "99 %"}}])))
    assert (found.verdict, found.exit_code) == ("inconclusive", 4)
    assert found["recovery"]["recovery_time_s"] is None
    assert found["requests"]["success"] is None
    assert found["continuity"]["undisturbed"] is None
    assert found["loss"]["recovery_point_s"] is None


def test_result_that_is_not_finite_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    section = requests.section
    broken = {"success": float("nan")}
    monkeypatch.setattr(requests, "section", lambda outcome: replace(section(outcome), **broken))
    with pytest.raises(DefectError, match=r"requests\.success"):
        simulator.run(read(topology(), experiment()))


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seed_out_of_range_is_a_mistake_of_usage(seed: int) -> None:
    with pytest.raises(simulator.UsageError, match=r"from 0 to 2\^63 - 1"):
        simulator.run(read(topology(), experiment()), seed=seed)


def test_page_names_every_phase() -> None:
    for name in PHASES:
        assert f"`{name}`" in MEASURES_PAGE, name


@pytest.mark.parametrize(("page", "mark", "make"), PAGES)
def test_tables_of_the_documentation_are_in_step(page: str, mark: str, make: Callable[[], str]) -> None:
    """If this fails: `python -m tests.measure.pages`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert in_step(text, mark, make()) == text


def test_the_written_schema_is_in_step_with_the_classes() -> None:
    """If this fails: `simulator schema --write docs/schema`."""
    written = (ROOT / "docs" / "schema" / "result.schema.json").read_text(encoding="utf-8")
    assert written == schema_text()


@pytest.mark.parametrize("name", ["everything", "rich", "nothing"])
def test_results_fit_the_schema_and_have_nothing_beside_it(result: Any, name: str) -> None:
    by_hand = {"rich": handmade.outcome("." * 10, plan=rich(10)), "nothing": handmade.outcome("-")}
    found = result if name == "everything" else handmade.result(by_hand[name]).to_dict()
    schema = json.loads(schema_text())
    Draft7Validator.check_schema(schema)
    assert not [*Draft7Validator(schema).iter_errors(found)]
    assert not [*Draft7Validator(closed(schema)).iter_errors(found)]


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not know."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    return found | {"additionalProperties": False} if isinstance(found.get("required"), list) else found


@pytest.mark.parametrize(
    ("path", "value"),
    [("recovery.recovery_time_s", "90 s"), ("loss.lost", None), ("requests.actions.unknown", 1.5)],
)
def test_the_schema_sees_what_is_wrong(result: Any, path: str, value: object) -> None:
    *parents, last = path.split(".")
    broken = place = copy.deepcopy(result)
    for key in parents:
        place = place[key]
    place[last] = value
    (error,) = Draft7Validator(json.loads(schema_text())).iter_errors(broken)
    assert ".".join(map(str, error.absolute_path)) == path


def test_every_field_says_what_it_means() -> None:
    schema = json.loads(schema_text())
    for name, one in [("Result", schema), *schema["definitions"].items()]:
        assert one["description"], name
        for field, about in one["properties"].items():
            assert about.get("description") or about == {"type": "integer"}, f"{name}.{field}"  # by outcome
