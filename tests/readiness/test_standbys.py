"""Which regions are standbys, what they have and lack, and how that is said."""

from typing import Any

import pytest

from simulator.readiness.leading import standby_regions
from simulator.readiness.whole import readiness_of
from simulator.report.readiness import load_words, readiness_lines
from simulator.result.readiness import Standby
from tests.small import HERE, THERE, Written, experiment, read, topology

MILAN = "eu-south-1"
BOTH = [HERE, THERE]
RECORD = {"service": "api", "health_check": "check"}
REGIONS: Written = {HERE: {}, THERE: {"role": "standby"}}


def system(**changes: Any) -> Written:
    return topology(
        **{"dns": {"api.example": RECORD | {"policy": "failover"}}, "health_checks": {"check": {}}} | changes
    )


def why(**changes: Any) -> dict[str, tuple[str, ...]]:
    return standby_regions(read(system(**changes), experiment()).topology)


TURNS = ("api.example turns to it",)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"policy": "failover"}, {THERE: TURNS}),
        ({"policy": "failover", "order": [THERE, HERE]}, {HERE: TURNS}),
        ({"policy": "latency"}, {HERE: TURNS, THERE: TURNS}),
        ({"policy": "weighted", "weights": {HERE: 1, THERE: 0}}, {HERE: TURNS, THERE: TURNS}),
        ({"policy": "geolocation", "geography": {"default": HERE}}, {}),
        ({"policy": "simple"}, {}),
        ({"policy": "latency", "health_check": None}, {}),  # every region counts as healthy for ever
    ],
)
def test_a_region_is_a_standby_if_a_name_can_turn_to_it_by_itself(
    record: Written, expected: dict[str, Any]
) -> None:
    written = {key: value for key, value in (RECORD | record).items() if value is not None}
    assert why(dns={"api.example": written}) == expected


def test_a_region_is_a_standby_by_its_role_and_by_a_plan_that_leads_there() -> None:
    weighted = {"service": "api", "policy": "weighted", "weights": {HERE: 1, THERE: 0}}
    over = {"steps": [{"change": "api.example", "weights": {HERE: 0, THERE: 1}}]}
    back = {"steps": [{"change": "api.example", "weights": {HERE: 1, THERE: 0}}]}
    found = why(dns={"api.example": weighted}, plans={"over": over, "back": back}, regions=REGIONS)
    assert found == {THERE: ("its role", "plan over leads there")}


def test_a_second_origin_and_a_reader_that_promotes_itself_are_standbys() -> None:
    pages = {
        "regions": BOTH,
        "cdn": {"origins": BOTH},
        "operations": {"get_page": [{"get": "files"}]},
    }
    found = why(
        services=system()["services"] | {"pages": pages},
        buckets={"files": {"replicas": BOTH}},
        databases={
            "base": {"engine": "self_managed", "writer": HERE, "readers": [THERE], "self_promotion": {}}
        },
        dns={
            "api.example": {"service": "api", "policy": "simple"},
            "pages.example": {"service": "pages", "policy": "simple"},
        },
    )
    assert found == {THERE: ("pages.example turns to it", "database base may be promoted there")}


# what it has and lacks

OPERATIONS = {
    "view": [{"cache": "near", "miss": "items"}],
    "order": [{"write": "items"}, {"write": "base"}],
    "fetch": [{"get": "files"}],
}


def whole(**changes: Any) -> Written:
    """A standby that has everything but warm environments; a second service runs there, too."""
    api = {"regions": BOTH, "operations": OPERATIONS, "compute": {"lambda": {}}, "gateway": {}}
    more = {"regions": BOTH, "operations": {"add": [{"compute": "1 ms"}]}}
    return system(
        **{
            "regions": REGIONS,
            "services": {"api": api, "more": more},
            "tables": {"items": {"replicas": BOTH}, "unused": {"replicas": [HERE]}},
            "databases": {"base": {"engine": "aurora_global", "writer": HERE, "readers": [THERE]}},
            "caches": {"near": {"regions": BOTH}},
            "buckets": {"files": {"replicas": BOTH}},
            "identity": {"issuer": BOTH},
            "plans": {"over": {"steps": [{"promote": "base", "to": THERE}]}},
        }
        | changes
    )


def standby(written: Written, region: str = THERE, run: Written | None = None) -> Standby:
    loaded = read(written, run or experiment())
    found = readiness_of(loaded.topology, loaded.experiment).standbys
    return next(one for one in found if one.region == region)


def lacking(written: Written, **run: Any) -> list[tuple[str, str]]:
    """What a standby lacks, but for warm environments."""
    found = standby(written, run=experiment(**run)).lacks
    return [(one.kind, one.said) for one in found if "warm environments" not in one.said]


def test_a_whole_standby_lacks_nothing_and_is_told_of_each_thing() -> None:
    assert lacking(whole()) == []
    kinds = [one.kind for one in standby(whole()).items if one.has]
    assert [*dict.fromkeys(kinds)] == [
        *("service", "table", "database", "writer", "cache", "bucket", "issuer", "record"),
        *("quota", "capacity"),
    ]


def without(section: str, name: str, key: str, value: Any) -> Written:
    """The whole system in which one thing is otherwise, and the service that would need it not there."""
    written = whole()
    written["services"]["api"]["regions"] = [HERE]
    written["dns"] = {
        "api.example": {"service": "api", "policy": "simple"},
        "more.example": {"service": "more", "policy": "failover", "health_check": "check"},
    }
    written[section][name][key] = value
    return written


ABSENT = [("service", "api does not run there"), ("record", "api.example has no record that leads there")]


@pytest.mark.parametrize(
    ("section", "name", "key", "lack"),
    [
        ("tables", "items", "replicas", ("table", "items has no replica there")),
        ("buckets", "files", "replicas", ("bucket", "files has no replica there")),
        ("caches", "near", "regions", ("cache", "near is not there")),
    ],
)
def test_a_store_that_a_service_calls_and_that_is_not_there_is_lacking(
    section: str, name: str, key: str, lack: tuple[str, str]
) -> None:
    assert lacking(without(section, name, key, [HERE])) == [ABSENT[0], lack, ABSENT[1]]


def test_a_database_without_a_reader_there_or_without_anybody_to_promote_it() -> None:
    written = without("databases", "base", "readers", [])
    written["plans"] = {}
    assert ("database", "base has no reader there") in lacking(written)
    no_plan = whole(plans={})
    assert lacking(no_plan) == [("writer", "no plan makes its reader of base the writer")]


def test_an_issuer_elsewhere_and_one_that_registers_nobody() -> None:
    assert lacking(whole(identity={"issuer": [HERE]})) == [
        ("issuer", f"tokens are issued elsewhere, in {HERE}")
    ]
    people = experiment()["users"]["people"] | {"session_length": "5 min", "sign_up": "1 %"}
    assert lacking(whole(), users={"people": people}) == [("issuer", f"new users register in {HERE} alone")]


def test_a_name_that_nothing_turns_to_it() -> None:
    assert lacking(whole(dns={"api.example": {"service": "api", "policy": "simple"}})) == [
        ("record", "nothing turns api.example to it when another region is lost")
    ]
    by_hand = {"service": "api", "policy": "weighted", "weights": {HERE: 1, THERE: 0}}
    over = {"steps": [{"change": "api.example", "weights": {HERE: 0, THERE: 1}}]}
    plans = whole()["plans"] | {"move": over}
    assert lacking(whole(dns={"api.example": by_hand}, plans=plans)) == []


def needing(there: list[str]) -> Written:
    written = whole(regions={HERE: {"has": {"secrets": ["key"]}}, THERE: {"role": "standby"}})
    written["services"]["api"]["needs"] = {"secrets": ["key"]}
    written["regions"][THERE]["has"] = {"secrets": there}
    return written


def test_what_a_service_needs_and_the_standby_has_not_keeps_the_service_from_working() -> None:
    assert lacking(needing(["key"])) == []
    assert standby(needing(["key"])).share == 1
    bare = standby(needing([]))
    assert ("secret", "key, which api cannot work without") in [(one.kind, one.said) for one in bare.lacks]
    assert (bare.share, bare.without, bare.not_ready) == (0, 1, ("api",))


# how it is said


def test_the_share_is_told_with_what_is_narrowest() -> None:
    """Ten people who think for 5 s ask twice a second, less some milliseconds: of one request a second."""
    narrow = {"api": {"regions": BOTH, "gateway": {"limit": {"rate": "1/s", "burst": 1}}}}
    narrow["api"]["operations"] = {"view": [{"compute": "1 ms"}]}
    found = standby(system(services=narrow, regions=REGIONS))
    assert load_words(found) == (
        "could take 50.2 % of today's 1.99 requests a second; "
        "the narrowest: 1 request/s of the gateway of api"
    )


def test_a_load_of_which_a_service_is_not_there() -> None:
    people = experiment()["users"]["people"] | {"actions": {"view": 1, "add": 3}}
    more = {"regions": [HERE], "operations": {"add": [{"compute": "1 ms"}]}}
    written = system(services=system()["services"] | {"more": more}, regions=REGIONS)
    written["dns"]["more.example"] = {"service": "more", "policy": "simple"}
    found = standby(written, run=experiment(users={"people": people}))
    assert load_words(found).endswith("requests a second; more, 75 %, is not ready there; nothing bounds it")
    assert found.share == pytest.approx(0.25)


def test_without_a_load_nobody_can_say_how_much() -> None:
    found = readiness_of(read(system(regions=REGIONS), experiment()).topology).standbys
    assert "no load is declared under 'users'" in load_words(found[0])


def test_lines_keep_to_eighty_columns_and_mark_what_is_there() -> None:
    loaded = read(needing([]), experiment())
    lines = [*readiness_lines(readiness_of(loaded.topology, loaded.experiment), 80)]
    assert max(map(len, lines)) <= 80
    assert f"  standby {THERE} (Dublin)" in lines
    assert "    ✓ replica     items; base" in lines
    assert "    ✗ secret      key, which api cannot work without" in lines
    assert any(line.startswith("  single: secret key is in eu-central-1 alone") for line in lines)


def test_a_region_at_work_that_lacks_nothing_is_told_in_a_sentence() -> None:
    loaded = read(system(dns={"api.example": RECORD | {"policy": "latency"}}), experiment())
    lines = [*readiness_lines(readiness_of(loaded.topology, loaded.experiment), 80)]
    assert lines[0] == f"  stand-in {HERE} (Frankfurt): api.example turns to it"
    assert " ".join(" ".join(lines[1:3]).split()).endswith("nothing bounds it; it lacks nothing")


# what plans make ready


def lit(**changes: Any) -> Written:
    """A service that is switched off in the standby until a plan switches it on."""
    api = {"regions": BOTH, "dormant_in": [THERE], "operations": {"view": [{"compute": "1 ms"}]}}
    plans = {"light": {"steps": [{"plan": "on"}]}, "on": {"steps": [{"enable": "api", "in": THERE}]}}
    return system(services={"api": api}, regions=REGIONS, plans=plans, **changes)


def test_a_service_that_is_switched_off_is_lacking_until_a_plan_has_switched_it_on() -> None:
    found = standby(lit())
    assert [one.said for one in found.lacks] == ["api is switched off until plan light or on enables it"]
    assert (found.share, found.not_ready) == (0, ("api",))
    assert [(one.plan, one.share) for one in found.grown] == [("light", 1), ("on", 1)]
    assert load_words(found) == (
        "could take 0 % of today's 1.99 requests a second; api, 100 %, is not ready there; "
        "after plan light 100 %; after plan on 100 %"
    )


STEPS = [
    {"scale": "api", "in": THERE, "to": {"per_zone": 2}},
    {"throughput": "items", "in": THERE, "to": {"read": "4/s"}},
]


@pytest.mark.parametrize(
    ("steps", "share", "narrow"),
    [
        ([], 0, "0 workers of api"),
        (STEPS[:1], 1 / 1.99, "1 read unit/s of items"),
        (STEPS, 1, None),
        ([{"scale": "api", "in": THERE, "to": {"per_zone": 2}, "waits": False}, STEPS[1]], 1, None),
    ],
)
def test_what_a_plan_launches_and_raises_is_there_afterwards(
    steps: list[Written], share: float, narrow: str | None
) -> None:
    """Some two requests a second, each of which reads 8 KB: a unit. A worker has 10 ms and a read to do."""
    table = {
        "replicas": BOTH,
        "item_size": "8 KB",
        "capacity": {"provisioned": {"write": "5/s", "read": "5/s"}},
        "capacity_in": {THERE: {"provisioned": {"write": "5/s", "read": "1/s"}}},
    }
    api = {
        "regions": BOTH,
        "compute": {"nodes": {}},
        "compute_in": {THERE: {"nodes": {"per_zone": 0}}},
        "operations": {"view": [{"compute": "10 ms"}, {"read": "items"}]},
    }
    plans = {"grow": {"steps": [*steps, {"approve": "it"}]}, "other": {"steps": STEPS}}
    written = system(services={"api": api}, tables={"items": table}, plans=plans, regions=REGIONS)
    found = standby(written)
    assert (found.share, found.limits[0].said) == (0, "0 workers of api")
    grown = next((one for one in found.grown if one.plan == "grow"), None)
    assert (grown is None) == (steps == [])
    if grown is not None:
        assert grown.share == pytest.approx(share, rel=0.01)
        assert narrow in (None, grown.limits[0].said)


def test_functions_and_tables_on_demand_grow_too() -> None:
    """Never to less than was there: a new table on demand takes 12,000 read units a second."""
    api = {
        "regions": BOTH,
        "compute": {"lambda": {"reserved": 1}},
        "operations": {"view": [{"compute": "1 s"}, {"read": "items"}]},
    }
    more = {"scale": "api", "in": THERE, "to": {"reserved": 10, "provisioned": 5}}
    raised = {"throughput": "items", "in": THERE, "to": {"read": "20_000/s"}}
    written = system(services={"api": api}, tables={"items": {"replicas": BOTH}}, regions=REGIONS)
    found = standby(written | {"plans": {"grow": {"steps": [more, raised]}}})
    assert found.limits[0].said == "1 execution at once of api"
    (grown,) = found.grown
    assert {"10 executions at once of api", "20,000 read units/s of items"} <= {
        one.said for one in grown.limits
    }
    assert "4,000 write units/s of items" not in {one.said for one in grown.limits}  # nobody writes


def test_the_regions_that_records_lead_to_are_none_the_readier_for_a_plan_elsewhere() -> None:
    assert standby(whole()).grown == ()


# what others run

PAYING = {
    "view": [{"compute": "1 ms"}],
    "pay": [{"call": "payment", "writes": True, "takes": "10 ms"}, {"call": "payment", "takes": "10 ms"}],
}


def paying(home: dict[str, str]) -> Written:
    api = {"regions": BOTH, "operations": PAYING, "compute": {"nodes": {"workers": 1}}}
    return system(
        services={"api": api}, external={"payment": home, "unused": {"home": HERE}}, regions=REGIONS
    )


@pytest.mark.parametrize(
    ("home", "lacks", "said"),
    [
        ({"home": HERE}, True, f"payment lives in {HERE}, and goes down with it"),
        ({"home": THERE}, False, "payment, whose home is here"),
        ({"home": MILAN}, False, f"payment, in {MILAN}"),
        ({"latency": "50 ms"}, False, "payment"),
    ],
)
def test_what_others_run_goes_down_with_its_home(home: dict[str, str], lacks: bool, said: str) -> None:
    (item,) = (one for one in standby(paying(home)).items if one.kind == "external")
    assert (item.said, not item.has) == (said, lacks)


def test_calls_of_what_others_run_take_their_way_there_and_back() -> None:
    """Twice 10 ms of work and twice 50 ms of way; of two operations one is asked for a second."""
    people = experiment()["users"]["people"] | {"actions": {"pay": 1}}
    found = standby(paying({"latency": "50 ms"}), run=experiment(users={"people": people}))
    (workers,) = (one for one in found.limits if "workers of api" in one.said)
    assert found.requests_a_second is not None
    assert workers.needed / found.requests_a_second == pytest.approx(0.120, rel=1e-9)


def test_a_service_is_not_ready_where_its_table_is_not_there_until_a_plan_has_made_it() -> None:
    """The table is made by one plan, and restored from a backup's copy by another."""
    api = {"regions": BOTH, "operations": {"view": [{"read": "items"}]}}
    backup = {"region": HERE, "every": "1 h", "copied_to": [THERE]}
    rows = {"replicas": BOTH, "absent_in": [THERE], "backups": {"hourly": backup}}
    restore = {"restore": "items", "region": THERE, "from": "hourly", "written_since": "drop"}
    plans = {
        "copy": {"steps": [{"replica": "items", "in": THERE}]},
        "restore": {"steps": [restore | {"point": "latest"}]},
    }
    written = system(services={"api": api}, tables={"items": rows}, plans=plans, regions=REGIONS)
    found = standby(written)
    assert [one.said for one in found.lacks] == ["items is not there until plan copy or restore makes it"]
    assert (found.share, found.not_ready) == (0, ("api",))
    assert [(one.plan, one.share) for one in found.grown] == [("copy", 1), ("restore", 1)]
    singles = [one.said for one in readiness_of(read(written, experiment()).topology).singles]
    assert (
        f"table items has one replica, in {HERE}: if that region is lost, so is the table, but for its "
        f"backups in {THERE}"
    ) in singles
