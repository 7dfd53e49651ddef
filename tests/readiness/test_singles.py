"""What is single: one region, one replica, one writer, one zone, one check, one control plane, one secret."""

from typing import Any

import pytest

from simulator.language.files import Loaded
from simulator.readiness.singles import single_regions, singles_of
from tests.small import HERE, THERE, Written, experiment, read, topology

MILAN = "eu-south-1"
FAILOVER = {"service": "api", "policy": "failover", "health_check": "deep"}
BOTH = [HERE, THERE]
BY_ITS_CHECK = (
    "api.example turns to another region by health check deep alone: what it does not see moves nobody"
)


def system(run: Written | None = None, **changes: Any) -> Loaded:
    written = {"dns": {"api.example": FAILOVER}, "health_checks": {"deep": {}}} | changes
    return read(topology(**written), run or experiment())


def singles(run: Written | None = None, **changes: Any) -> list[str]:
    """What is said to be single, but for the check by which the name of these tests fails over."""
    loaded = system(run, **changes)
    said = [one.said for one in singles_of(loaded.topology, loaded.experiment.users)]
    return [one for one in said if one != BY_ITS_CHECK]


def service(*regions: str, **written: Any) -> Written:
    return {"api": {"regions": [*regions], "operations": {"view": [{"compute": "1 ms"}]}} | written}


def test_two_of_everything_are_not_single() -> None:
    assert singles(tables={"items": {"replicas": BOTH}}, identity={"issuer": BOTH}) == []


@pytest.mark.parametrize(
    ("changes", "single"),
    [
        ({"services": service(HERE)}, [("api.example", HERE)]),
        ({"identity": {"issuer": [THERE]}}, [("tokens", THERE)]),
        (
            {"services": service(THERE), "identity": {"issuer": [HERE]}},
            [("tokens", HERE), ("api.example", THERE)],
        ),
        ({}, []),
    ],
)
def test_a_region_without_which_users_do_not_get_what_they_need(changes: Written, single: list[Any]) -> None:
    assert [*single_regions(system(**changes).topology)] == single


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"services": service(HERE)}, f"api.example depends on {HERE} alone"),
        ({"identity": {"issuer": [THERE]}}, f"token requests depend on {THERE} alone"),
        (
            {"tables": {"items": {"replicas": [HERE]}}},
            f"table items has one replica, in {HERE}: if that region is lost, so is the table",
        ),
        (
            {"buckets": {"files": {"replicas": [HERE]}}},
            f"bucket files has one replica, in {HERE}: if that region is lost, so is the bucket",
        ),
        (
            {"caches": {"near": {"regions": BOTH, "failover": {"replicas": 0}}}},
            "cache near has no replicas: while the zone of its primary is down, so is the cache",
        ),
        (
            {
                "services": service(*BOTH, needs={"secrets": ["key"]}),
                "regions": {HERE: {"has": {"secrets": ["key"]}}, THERE: {"role": "standby"}},
            },
            f"secret key is in {HERE} alone",
        ),
    ],
)
def test_one_of_a_kind(changes: Written, said: str) -> None:
    assert singles(**changes) == [said]


def test_backups_in_one_region_are_single_and_copied_ones_are_not() -> None:
    def kept(**copies: Any) -> list[str]:
        daily = {"region": HERE, "every": "1 d"} | copies
        return singles(tables={"items": {"replicas": BOTH, "backups": {"daily": daily}}})

    assert kept() == [f"the backups of table items are kept in {HERE} alone"]
    assert kept(copied_to=[THERE]) == []


def test_a_second_issuer_registers_nobody() -> None:
    """Only where people register at all (Amazon Cognito: a secondary cannot)."""
    people = experiment()["users"]["people"]
    joining = experiment(users={"people": people | {"session_length": "5 min", "sign_up": "10 %"}})
    assert singles(joining, identity={"issuer": BOTH}) == [
        f"new users register in {HERE} alone, the first issuer"
    ]
    assert singles(identity={"issuer": BOTH}) == []


def test_a_database_takes_writes_in_one_region_alone() -> None:
    def said(**written: Any) -> str:
        base = {"engine": "aurora_global", "writer": HERE, "readers": [THERE]} | written
        both = {"over": THERE, "back": HERE}  # of which the second promotes nothing that stands by
        plans = {name: {"steps": [{"promote": "base", "to": to}]} for name, to in both.items()}
        chosen = plans if "plans" in written else None
        base.pop("plans", None)
        (one,) = singles(databases={"base": base}, plans=chosen)
        return one.removeprefix(f"database base takes writes in {HERE} alone")

    out_of_reach = ": while that region is out of reach, nobody can write"
    assert said() == (
        f"{out_of_reach}, and no reader is promoted by itself; "
        "write 'promote' in a plan or under the experiment's 'operator'"
    )
    assert said(plans=True) == f"{out_of_reach} until plan over promotes a reader"
    assert said(readers=[]) == (", and holds no copy elsewhere: if that region is lost, so is the database")
    assert said(engine="self_managed", self_promotion={}) == f"{out_of_reach} until a reader is promoted"


@pytest.mark.parametrize(("per_zone", "said"), [(1, "a single node"), (4, "all its nodes in one zone")])
def test_nodes_in_one_zone(per_zone: int, said: str) -> None:
    compute = {"compute": {"nodes": {"per_zone": per_zone}}}
    regions = {HERE: {"zones": 1}, THERE: {}}
    assert singles(services=service(*BOTH, **compute), regions=regions) == [f"api has {said} in {HERE}"]


def content(origins: list[str], **operations: Any) -> Written:
    api = {"cdn": {"origins": origins}, "regions": origins, "operations": operations}
    buckets: Written = {"files": {"replicas": BOTH}}
    record = {"service": "api", "policy": "simple"}  # which edge answers is not for the name to say
    return {"services": {"api": api}, "buckets": buckets, "dns": {"api.example": record}}


def test_writes_through_a_content_network_have_one_origin() -> None:
    written = content(BOTH, view=[{"get": "files"}], store=[{"put": "files"}])
    assert singles(**written) == [f"api.example writes to {HERE} alone: only reads go to another origin"]


def test_reads_through_a_content_network_with_one_origin_depend_on_it() -> None:
    assert singles(**content([HERE], view=[{"get": "files"}])) == [f"api.example depends on {HERE} alone"]


def test_a_check_that_alone_moves_a_name_is_single() -> None:
    loaded = system()
    said = [one.said for one in singles_of(loaded.topology, loaded.experiment.users)]
    assert said == [BY_ITS_CHECK]


@pytest.mark.parametrize("record", [{"policy": "latency"}, FAILOVER | {"evaluate_target_health": True}])
def test_a_name_that_no_check_moves_or_not_alone_has_no_single_check(record: Written) -> None:
    loaded = system(dns={"api.example": {"service": "api"} | record})
    assert [*singles_of(loaded.topology, loaded.experiment.users)] == []


def test_control_planes_and_tools_that_plans_need_are_single_if_they_have_one_home() -> None:
    tools = service(*BOTH) | {"console": {"regions": [HERE], "operations": {"look": [{"compute": "1 ms"}]}}}
    plans: Written = {
        "over": {
            "steps": [
                {"change": "api.example", "order": [THERE, HERE]},
                {
                    "custom": "sign in",
                    "takes": "1 min",
                    "needs": {"control_plane": ["iam", f"dynamodb@{THERE}"], "service": "console"},
                },
            ]
        },
        "back": {"steps": [{"change": "api.example", "order": BOTH}]},
        "fence": {"steps": [{"fence": HERE, "by": "policy"}, {"fence": THERE}]},
    }
    tables = {"items": {"replicas": BOTH}}
    dns = {"api.example": FAILOVER, "console.example": {"service": "console", "policy": "simple"}}
    assert singles(services=tools, plans=plans, dns=dns, tables=tables) == [
        f"console.example depends on {HERE} alone",
        "plans over and back need Route 53's control plane, whose only home is us-east-1",
        "plans over and fence need IAM's control plane, whose only home is us-east-1",
        f"plan over needs console, which runs in {HERE} alone",
    ]


def test_what_others_run_is_single_and_whoever_calls_it_fails_without_it() -> None:
    pay = [{"call": "payment"}, {"call": "payment"}, {"call": "flags"}]
    api = service(*BOTH)["api"] | {"operations": {"view": [{"call": "flags"}], "pay": pay}}
    external = {"payment": {"home": MILAN}, "flags": {"latency": "5 ms"}, "unused": {"home": HERE}}
    assert singles(services={"api": api}, external=external) == [
        "external flags is one, wherever it lives: without it api.view and api.pay fail",
        f"external payment lives in {MILAN} alone: without it api.pay fails",
    ]
