"""Each rule on a system that has what it finds, and on one that differs in that alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.language.files import read
from simulator.language.sources import DISK
from simulator.rules.finding import Checked, checked
from simulator.rules.listed import INVALID, OF_SHIFTS, RULES, UNUSED
from simulator.rules.table import OF_LACKS, OF_SINGLES, SECTIONS
from tests.measure.pages import PAGES, ROOT, in_step
from tests.small import HERE, NAME, THERE, Written, experiment, topology, write

VIEW = [{"compute": "1 ms"}]
FAILOVER = {"service": "api", "policy": "failover", "health_check": "deep", "order": [HERE, THERE]}
LOST = {"at": "1 min", "region": HERE, "mode": "refused"}
PEOPLE = {
    "near": HERE,
    "sessions": 10,
    "think_time": {"median": "5 s", "p99": "20 s"},
    "actions": {"view": 1},
}


def found(directory: Path, system: Written, run: Written | None = None) -> Checked:
    """What is found in an experiment, or without one in a topology."""
    path = write(directory, system, run or experiment())
    path = path if run is not None else directory / "topology.yaml"
    return checked(str(path), read(path), DISK)


def rules(directory: Path, system: Written, run: Written | None = None) -> list[str]:
    """The rules of it, without those of what is single."""
    names = [one.rule for one in found(directory, system, run).findings if not one.suppressed]
    return [name for name in names if not name.startswith("single-")]


def failing_over(**changes: Any) -> Written:
    """A service in two regions behind a name that fails over, by quick checks and a short TTL."""
    given: Written = {
        "dns": {NAME: FAILOVER | {"ttl": "60 s"}},
        "health_checks": {"deep": {"interval": "10 s", "failure_threshold": 2}},
    }
    return topology(**given | changes)


def losing(at_most: str = "5 min", **changes: Any) -> Written:
    """An experiment in which the first region refuses for good, and recovery within a time is expected."""
    given: Written = {"users": {"people": PEOPLE}, "faults": [LOST], "duration": "30 min"}
    return experiment(**given | {"expect": [{"recovery_time": {"at_most": at_most}}]} | changes)


def test_a_sound_system_has_no_findings(tmp_path: Path) -> None:
    assert rules(tmp_path, failing_over(), losing()) == []


@pytest.mark.parametrize(
    ("ttl", "at_most", "expected"),
    [
        ("60 s", "2 min", []),  # 10 s and 57 s
        ("60 s", "66 s", ["rto-arithmetic"]),
        ("60 s", "67 s", []),
        ("10 min", "5 min", ["ttl-longer-than-objective"]),
        ("5 min", "5 min", []),
    ],
)
def test_a_ttl_that_cannot_hold_the_objective(
    tmp_path: Path, ttl: str, at_most: str, expected: list[str]
) -> None:
    """Two failures 10 s apart, and 95 % of a TTL of 60 s: 67 s at least; and of 5 min: 295 s."""
    assert rules(tmp_path, failing_over(dns={NAME: FAILOVER | {"ttl": ttl}}), losing(at_most)) == expected


@pytest.mark.parametrize("ends", [{"until": "5 min"}, {"for": "4 min"}])
def test_a_fault_that_ends_sooner_than_names_expire_is_no_matter_of_theirs(
    tmp_path: Path, ends: Written
) -> None:
    """It begins after a minute at the latest: recovery within 5 min holds whatever the TTL."""
    run = losing(faults=[LOST | {"at": "1 min"} | ends])
    assert rules(tmp_path, failing_over(dns={NAME: FAILOVER | {"ttl": "10 min"}}), run) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"faults": [LOST | {"for": "4 min"}]},  # it returns in time by itself
        {"faults": [LOST | {"mode": "error", "share": "50 %"}]},
        {"faults": [LOST | {"region": THERE}]},  # which has no users
        {"expect": [{"recovery_time": {"at_most": "5 min", "of": "50 %"}}]},
        {"expect": [{"detection_time": {"at_most": "1 min"}}]},
    ],
)
def test_a_long_ttl_matters_only_where_all_users_have_to_be_led_elsewhere(
    tmp_path: Path, changes: Written
) -> None:
    assert rules(tmp_path, failing_over(dns={NAME: FAILOVER | {"ttl": "10 min"}}), losing(**changes)) == []


def test_retries_that_outlast_the_gateway(tmp_path: Path) -> None:
    """Three tries of 10 s are 30 s; an API Gateway gives up after 29 s."""

    def system(**calls: Any) -> Written:
        service = {
            "regions": [HERE, THERE],
            "gateway": {},
            "operations": {"view": [{"read": "items"}]},
            **calls,
        }
        tables = {"items": {"replicas": [HERE, THERE]}}
        quotas = {THERE: {}, HERE: {}}
        return failing_over(services={"api": service}, tables=tables, regions=quotas)

    assert rules(tmp_path, system(calls={"timeout": "10 s", "attempts": 3})) == ["retries-outlast-gateway"]
    assert rules(tmp_path, system(calls={"timeout": "9 s", "attempts": 3})) == []
    assert rules(tmp_path, system(calls_to={"items": {"timeout": "10 s", "attempts": 3}})) == [
        "retries-outlast-gateway"
    ]
    assert rules(tmp_path, system()) == []  # what holds by default is nobody's setting


def test_a_cache_that_nothing_fills(tmp_path: Path) -> None:
    def system(*steps: Written) -> Written:
        service = {"regions": [HERE, THERE], "operations": {"view": list(steps)}}
        caches = {"hot": {"regions": [HERE, THERE], "failover": {"replicas": 1}}}
        tables = {"items": {"replicas": [HERE, THERE]}}
        return failing_over(services={"api": service}, caches=caches, tables=tables)

    assert rules(tmp_path, system({"cache": "hot"})) == ["cache-that-nothing-fills"]
    assert rules(tmp_path, system({"cache": "hot", "miss": "items"})) == []
    assert rules(tmp_path, system({"cache": "hot"}, {"cache": "hot", "miss": "items"})) == []


def test_health_checks_that_nobody_uses_or_that_ask_from_three_regions(tmp_path: Path) -> None:
    deep = {"interval": "10 s", "failure_threshold": 2}
    few = {"checker_regions": ["us-east-1", "us-west-1", "eu-west-1"]}
    assert rules(tmp_path, failing_over(health_checks={"deep": deep, "old": {}})) == ["unused-health-check"]
    assert rules(tmp_path, failing_over(health_checks={"deep": deep | few})) == ["few-checker-regions"]
    more = {"checker_regions": [*few["checker_regions"], "sa-east-1"]}
    assert rules(tmp_path, failing_over(health_checks={"deep": deep | more})) == []


def test_people_like_clockwork_are_noted_where_they_are_declared(tmp_path: Path) -> None:
    users = {"people": PEOPLE | {"think_time": "5 s"}}
    (own,) = found(tmp_path, failing_over(), losing(users=users)).findings[:1]
    assert (own.rule, own.severity, Path(own.file).name) == ("constant-think-time", "note", "experiment.yaml")
    usual = failing_over(users=users)
    assert "constant-think-time" in rules(tmp_path, usual)
    assert "constant-think-time" not in rules(tmp_path, usual, losing())


def standing_by() -> Written:
    """A standby that has neither the service nor its table."""
    service = {"regions": [HERE], "operations": {"view": [{"read": "items"}]}}
    regions = {HERE: {}, THERE: {"role": "standby"}}
    return topology(services={"api": service}, tables={"items": {"replicas": [HERE]}}, regions=regions)


def test_a_standby_that_lacks_what_is_called_there(tmp_path: Path) -> None:
    system = standing_by()
    (one,) = (one for one in found(tmp_path, system).findings if one.rule == "missing-replica")
    assert one.message == f"standby {THERE}: items has no replica there"
    assert one.of_readiness
    names = [each.rule for each in found(tmp_path, system).findings]
    assert "single-replica" in names


def test_a_service_that_others_call_and_that_runs_in_one_region(tmp_path: Path) -> None:
    """Through another service, too: pages calls shop, which calls stock."""
    services = {
        "api": {"regions": [HERE, THERE], "operations": {"view": [{"call": "shop.buy"}]}},
        "shop": {"regions": [HERE, THERE], "operations": {"buy": [{"call": "stock.take", "to": HERE}]}},
        "stock": {"regions": [HERE], "operations": {"take": VIEW}},
    }
    said = [one.message for one in found(tmp_path, failing_over(services=services)).findings]
    assert f"api and shop depend on stock, which runs in {HERE} alone" in said


def test_a_finding_stands_at_its_place(tmp_path: Path) -> None:
    (one,) = (
        one
        for one in found(tmp_path, failing_over(dns={NAME: FAILOVER | {"ttl": "10 min"}}), losing()).findings
        if one.rule == "ttl-longer-than-objective"
    )
    lines = (tmp_path / "topology.yaml").read_text().splitlines()
    assert Path(one.file).name == "topology.yaml"
    assert lines[one.line - 1][one.column - 1 :].startswith("ttl: 10 min")


# what is accepted

CLOCKWORK = failing_over(users={"people": PEOPLE | {"think_time": "5 s"}})


def accepting(system: Written, **one: str) -> Written:
    return system | {"suppress": [{"reason": "looked at", **one}]}


def test_what_is_accepted_is_kept_with_its_reason_and_told_no_more(tmp_path: Path) -> None:
    whole = found(tmp_path, accepting(CLOCKWORK, rule="constant-think-time"))
    assert [one.suppressed for one in whole.findings if one.rule == "constant-think-time"] == ["looked at"]
    assert rules(tmp_path, accepting(CLOCKWORK, rule="constant-think-time")) == []
    assert rules(tmp_path, accepting(CLOCKWORK, rule="constant-think-time", of="people")) == []


def test_a_suppression_that_suppresses_nothing_is_found(tmp_path: Path) -> None:
    assert rules(tmp_path, accepting(CLOCKWORK, rule="constant-think-time", of="robots")) == [
        "constant-think-time",
        UNUSED,
    ]
    assert rules(tmp_path, accepting(failing_over(), rule="slow-step")) == [UNUSED]
    assert rules(tmp_path, failing_over(), accepting(losing(), rule="slow-step")) == [UNUSED]


def test_a_topology_may_accept_what_only_some_experiments_have(tmp_path: Path) -> None:
    system = accepting(
        failing_over(dns={NAME: FAILOVER | {"ttl": "10 min"}}), rule="ttl-longer-than-objective"
    )
    assert rules(tmp_path, system) == []
    assert rules(tmp_path, system, losing()) == []
    assert rules(tmp_path, system, losing("20 min")) == []


def test_standbys_and_what_is_single_are_accepted_too(tmp_path: Path) -> None:
    system = standing_by()
    system["suppress"] = [
        {"rule": "missing-replica", "of": "items", "reason": "read there only in an emergency"},
        {"rule": "single-replica", "reason": "it can be made again"},
    ]
    whole = found(tmp_path, system)
    assert UNUSED not in [one.rule for one in whole.findings]
    assert [one.kind for one in whole.readiness.singles] == ["region"]
    assert not any(item.name == "items" for one in whole.readiness.standbys for item in one.lacks)


# the list


def texts(rule: Any) -> Iterator[str]:
    yield from (rule.about, rule.why, rule.remedy)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_said_in_sentences(name: str) -> None:
    assert name == RULES[name].name
    assert all(text[0].isupper() and text.endswith(".") for text in texts(RULES[name]))


def test_every_kind_of_what_is_lacking_or_single_has_its_rule() -> None:
    assert {*OF_LACKS.values(), *OF_SINGLES.values()} <= {*RULES}
    assert {*SECTIONS} <= {*OF_LACKS, *OF_SINGLES, "writer"}


def test_every_rule_has_something_that_finds_it() -> None:
    house = ROOT / "simulator"
    text = "".join(
        path.read_text(encoding="utf-8")
        for room in ("lowering", "rules")
        for path in house.glob(f"{room}/*.py")
        if path.name not in ("listed.py", "table.py")
    )
    by_kind = {*OF_LACKS.values(), *OF_SINGLES.values(), INVALID, UNUSED, OF_SHIFTS}
    assert [name for name in RULES if name not in by_kind and f'"{name}"' not in text] == []


def test_the_page_of_rules_is_in_step() -> None:
    pages = [(name, mark, make) for name, mark, make in PAGES if name == "docs/rules.md"]
    for name, mark, make in pages:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text == in_step(text, mark, make())
    assert pages
