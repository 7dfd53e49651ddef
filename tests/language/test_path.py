"""Rules of the request path that take two changes, or two files, to break; and what is not told twice."""

from pathlib import Path

import pytest

from simulator import catalog
from tests.language.writing import (
    BOARDS,
    COMPUTE,
    IDENTITY,
    PATH_EXPERIMENT,
    PATH_TOPOLOGY,
    SCORES,
    TWO,
    ZONE,
    changed,
    complaints,
)

WITHOUT_IDENTITY = changed(
    changed(PATH_TOPOLOGY, f"identity: {IDENTITY}\n", ""), "    verifies_tokens: gateway\n", ""
)
NOBODY_REGISTERS = changed(PATH_EXPERIMENT, ", sign_up: 1 %", "")


def with_fault(fault: str, experiment: str = PATH_EXPERIMENT) -> str:
    return changed(experiment, ZONE, fault)


@pytest.mark.parametrize("compute", ["unlimited", "{lambda: {}}\n    compute_in: {eu-west-1: unlimited}"])
def test_unlimited_compute_loses_no_capacity(compute: str, tmp_path: Path) -> None:
    topology = changed(PATH_TOPOLOGY, COMPUTE, compute)
    fault = "{at: 1 min, service: api, region: eu-west-1, mode: capacity, share: 50 %}"
    assert complaints(tmp_path, with_fault(fault), topology) == [
        "e.yaml:7:56: service 'api' has unlimited compute there; give it 'lambda' or 'nodes'"
    ]


def test_a_service_loses_the_capacity_that_it_has_somewhere(tmp_path: Path) -> None:
    topology = changed(PATH_TOPOLOGY, COMPUTE, "{lambda: {}}\n    compute_in: {eu-west-1: unlimited}")
    fault = "{at: 1 min, service: api, mode: capacity, share: 0 %}"
    assert complaints(tmp_path, with_fault(fault), topology) == []


def test_an_unlimited_table_loses_no_capacity(tmp_path: Path) -> None:
    topology = changed(PATH_TOPOLOGY, SCORES, "{replicas: [eu-west-1, eu-central-1], capacity: unlimited}")
    fault = "{at: 1 min, table: scores, mode: capacity, share: 50 %}"
    assert complaints(tmp_path, with_fault(fault), topology) == [
        "e.yaml:7:38: the capacity of table 'scores' is unlimited, so no share of it can be lost"
    ]


@pytest.mark.parametrize(
    ("fault", "column"), [("issuer: eu-west-1, mode: refused", 25), ("keys: everywhere", 23)]
)
def test_without_an_identity_no_issuer_breaks(fault: str, column: int, tmp_path: Path) -> None:
    experiment = with_fault(f"{{at: 1 min, {fault}}}", NOBODY_REGISTERS)
    assert complaints(tmp_path, NOBODY_REGISTERS, WITHOUT_IDENTITY) == []
    assert complaints(tmp_path, experiment, WITHOUT_IDENTITY) == [
        f"e.yaml:7:{column}: the topology has no 'identity', so there is no issuer that could break"
    ]


LIST = "this must be a list, not 'eu-west-1'; write [eu-west-1]"
SIZE = "5 is not a size; write a number and a unit (B KB MB GB) such as '512 MB'"
KEYS = "'local' is not allowed here; write shared or regional"


@pytest.mark.parametrize(
    ("old", "new", "fault", "expected"),
    [
        (BOARDS, "{regions: eu-west-1}", "cache: boards, region: eu-south-1, mode: error", f"9:21: {LIST}"),
        (IDENTITY, "{issuer: eu-west-1}", "issuer: eu-south-1, mode: refused", f"31:20: {LIST}"),
        (IDENTITY, "{issuer: [eu-west-1], keys: local}", "keys: eu-west-1", f"31:39: {KEYS}"),
        (TWO, "{zones: 9}", "zone: eu-central-1f, mode: refused", "4:25: this must be at most 6, not 9"),
        (SCORES, "{replicas: [eu-west-1], item_size: 5}", "table: scores, mode: error", f"7:46: {SIZE}"),
    ],
)  # fmt: skip
def test_a_faulty_declaration_still_declares(
    old: str, new: str, fault: str, expected: str, tmp_path: Path
) -> None:
    found = complaints(tmp_path, with_fault(f"{{at: 1 min, {fault}}}"), changed(PATH_TOPOLOGY, old, new))
    assert found == [f"t.yaml:{expected}"]


def test_bots_ask_what_users_can_ask(tmp_path: Path) -> None:
    topology = changed(PATH_TOPOLOGY, "  www.example: {service: site, policy: multivalue}\n", "")
    bots = "{at: 1 min, bots: {near: us-west-2, rate: 5/s, actions: {page: 1}}}"
    experiment = changed(with_fault(bots), ", page: 1", "")
    assert complaints(tmp_path, experiment, topology) == [
        "e.yaml:7:62: service 'site' has no name in the topology's dns, so users cannot reach it"
    ]


def test_a_link_may_end_where_bots_are(tmp_path: Path) -> None:
    cut = "{at: 1 min, link: {from: ca-central-1, to: everywhere}, mode: cut}"
    bots = "{at: 1 min, bots: {near: ca-central-1, rate: 5/s, actions: {act: 1}}}"
    assert complaints(tmp_path, with_fault(f"{cut}\n  - {bots}"), PATH_TOPOLOGY) == []
    [complaint] = complaints(tmp_path, with_fault(cut), PATH_TOPOLOGY)
    assert complaint.startswith("e.yaml:7:30: unknown place 'ca-central-1'")


def test_nodes_and_environments_of_all_sites_count_together(tmp_path: Path) -> None:
    """A million environments in eu-central-1 are the most; two nodes in each of three zones are six more."""
    most = changed(PATH_TOPOLOGY, TWO, "{zones: 2, quotas: {lambda_concurrency: 1_000_000}}")
    small = changed(most, COMPUTE, "{lambda: {}}\n    compute_in: {eu-west-1: unlimited}")
    assert complaints(tmp_path, PATH_EXPERIMENT, small) == []
    nodes = changed(most, COMPUTE, "{lambda: {}}\n    compute_in: {eu-west-1: {nodes: {per_zone: 2}}}")
    [complaint] = complaints(tmp_path, PATH_EXPERIMENT, nodes)
    assert complaint.startswith(
        "t.yaml:14:1: the services have 1,000,006 Lambda environments and nodes together"
    )


def test_a_span_of_time_is_no_pair_of_regions(tmp_path: Path) -> None:
    expectation = "expect:\n  - {success_between: {from: 2 min, to: 5 min, at_least: 99 %}}\n"
    assert complaints(tmp_path, PATH_EXPERIMENT + expectation, PATH_TOPOLOGY) == []


def test_an_expectation_names_a_cache(tmp_path: Path) -> None:
    expectation = "expect:\n  - {hit_ratio: {cache: board, at_least: 90 %}}\n"
    assert complaints(tmp_path, PATH_EXPERIMENT + expectation, PATH_TOPOLOGY) == [
        "e.yaml:9:25: unknown cache 'board'; did you mean 'boards'?"
    ]


@pytest.mark.parametrize("profile", catalog.client_profiles())
def test_users_and_services_may_have_any_client_profile(profile: str, tmp_path: Path) -> None:
    experiment = changed(PATH_EXPERIMENT, "sign_up: 1 %", f"client: {profile}")
    topology = changed(PATH_TOPOLOGY, COMPUTE, f"{{lambda: {{}}}}\n    calls: {profile}")
    assert complaints(tmp_path, experiment, topology) == []


def test_a_node_is_one_of_those_that_are_there(tmp_path: Path) -> None:
    """Two in each of three zones are six, numbered from 0."""
    topology = changed(PATH_TOPOLOGY, COMPUTE, "{nodes: {per_zone: 2}}")
    for number, expected in ((5, []), (6, ["service 'api' has 6 nodes there, numbered 0 to 5"])):
        fault = f"{{at: 1 min, node: {number} of api@eu-west-1, mode: slow, factor: 2}}"
        found = complaints(tmp_path, with_fault(fault), topology)
        assert found == [f"e.yaml:7:23: {one}" for one in expected]
