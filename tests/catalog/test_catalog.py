"""The catalog: every default with its unit, label and source; selected ones as published."""

import fnmatch
import re
from collections.abc import Iterable
from itertools import combinations
from typing import Any

import pytest
from pydantic import TypeAdapter

from simulator import catalog, units
from simulator.language.models.quantities import Distribution, Exponential, LogNormal, Uniform

DISTRIBUTION: TypeAdapter[Any] = TypeAdapter(Distribution)
LABELS = {"documented", "measured", "derived", "assumed"}
ENTRIES = catalog.entries()
WITHOUT_UNIT = (
    "memorydb.cores",
    "*.throttled_status",
    "route53.health_check.failure_threshold",
    "route53.health_check.checkers_per_region",
    "people.outside_office_hours",
    "load_balancer.check.*_threshold",
    "dns.resolver_count",
    "dns.resolver_tries",
    "network.round_trip_sigma",
    "client.*.attempts",
    "client.*.quota*",
    "gateway.*account_burst",
    "lambda.concurrency",
    "lambda.unreserved_least",
    "lambda.scaling_burst",
    "lambda.init_factor.*",
    "dynamodb.partitions",
    "dynamodb.restore.*.items_per_second",
    "dynamodb.restore.at_once",
    "*.catch_up",
    "cdn.attempts",
    "identity.verifiers",
    "scaling.*_points",
)
WORDS = {
    "client.*.dns_cache": ("browser", "jvm", "none"),
    "client.*.repeat_reset": ("none", "reads", "all"),
    "client.*.backoff_jitter": ("none",),
    "client.*.limiter": ("cubic",),
    "*.write_fencing": ("certain", "best_effort", "none"),
    "*.old_writer": ("rejoins", "stays"),
}
SHARES = (
    "route53.health_check.healthy_share",
    "dns.resolver_extends_ttl",
    "call.applied_share",
    "canary.fails",
    "scaling.in_below",
    "scaling.in_most",
    "dynamodb.restore.copy_share",
)
CLASSES = ("dns.resolver_extension",)
RATES = (
    "*_rate",
    "lambda.requests_per_environment",
    "dynamodb.on_demand.write",
    "dynamodb.on_demand.read",
    "dynamodb.partition.write",
    "dynamodb.partition.read",
    "dynamodb.table_quota.write",
)
SIZES = (
    "dynamodb.write_unit",
    "dynamodb.read_unit",
    "dynamodb.partition.size",
    "dynamodb.restore.bytes_at_once",
    "s3.object_size",
    "lambda.used_memory",
)


def is_one_of(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.name)
def test_every_default_says_where_it_comes_from(one: catalog.Entry) -> None:
    assert one.label in LABELS
    assert len(one.source) > 15
    assert one.source == one.source.strip()


@pytest.mark.parametrize("one", [one for one in ENTRIES if one.label != "assumed"], ids=lambda one: one.name)
def test_what_is_not_assumed_names_a_document(one: catalog.Entry) -> None:
    """A document, a program's source or an author: something with a proper name, that can be looked up."""
    assert re.search(r"[A-Z][\w.]+ ?[\w.]*|https?://", one.source)


@pytest.mark.parametrize("one", ENTRIES, ids=lambda one: one.name)
def test_every_value_has_the_unit_of_its_kind(one: catalog.Entry) -> None:
    words = [word for pattern, words in WORDS.items() if is_one_of(one.name, [pattern]) for word in words]
    if is_one_of(one.name, WITHOUT_UNIT):
        assert isinstance(one.value, int | float)
        assert one.value > 0
    elif words:
        assert one.value in words
    elif one.name in CLASSES:
        assert sum(map(units.parse_share, one.value.values())) == pytest.approx(1)
        assert all(units.parse_duration(length) > 0 for length in one.value)
    elif one.name in SHARES:
        assert 0 < units.parse_share(one.value) <= 1
    elif is_one_of(one.name, RATES):
        assert units.parse_rate(one.value) > 0
    elif one.name in SIZES:
        assert units.parse_size(one.value) > 0
    elif one.name in ("gateway.small_regions", "dynamodb.strong.regions"):
        assert {*one.value} <= {*catalog.region_names()}
    else:
        assert DISTRIBUTION.validate_python(one.value) is not None


@pytest.mark.parametrize(
    "one",
    [one for one in ENTRIES if isinstance(one.value, dict) and one.name not in CLASSES],
    ids=lambda one: one.name,
)
def test_distributions_are_in_order(one: catalog.Entry) -> None:
    match DISTRIBUTION.validate_python(one.value):
        case LogNormal(median=median, p99=p99):
            assert 0 < median < p99
        case Uniform(from_=shortest, to=longest):
            assert shortest < longest
        case Exponential(mean=mean):
            assert mean > 0


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        # Amazon Route 53 API reference and developer guide
        ("route53.health_check.interval", "30 s", "documented"),
        ("route53.health_check.failure_threshold", 3, "documented"),
        ("route53.health_check.healthy_share", "18 %", "documented"),
        ("route53.health_check.http_connect_timeout", "4 s", "documented"),
        ("route53.health_check.http_answer_timeout", "2 s", "documented"),
        ("route53.health_check.tcp_connect_timeout", "10 s", "documented"),
        ("route53.negative_ttl", "15 min", "documented"),
        # 15 to 16 checkers in 8 regions
        ("route53.health_check.checkers_per_region", 2, "derived"),
        # no figure is published
        ("route53.status_to_answer", {"from": "0 s", "to": "5 s"}, "assumed"),
        # of users, so that 95 % of the traffic moves within the TTL and 3 % more within an hour
        ("dns.resolver_extends_ttl", "5 %", "assumed"),
        ("dns.resolver_extension", {"1 h": "59 %", "24 h": "11 %", "72 h": "30 %"}, "assumed"),
        # Chromium's and OpenJDK's sources
        ("dns.browser_floor", "60 s", "documented"),
        ("dns.jvm_lifetime", "30 s", "documented"),
        ("dns.jvm_negative", "10 s", "documented"),
        # RFC 6298
        ("network.retransmission_timeout", "1 s", "documented"),
        ("dynamodb.replication_lag.median", "400 ms", "assumed"),
        ("dynamodb.replication_lag.p99", "2.5 s", "assumed"),
        # AWS post-event summary 101925: 157 min of backlog gone in 7 min
        ("dynamodb.catch_up", 20, "derived"),
        # Amazon Cognito developer guide
        ("identity.access_token", "60 min", "documented"),
    ],
)
def test_selected_defaults(name: str, value: Any, label: str) -> None:
    one = catalog.entry(name)
    assert (one.value, one.label) == (value, label)


def test_there_is_no_default_without_a_name() -> None:
    with pytest.raises(KeyError):
        catalog.entry("route53.colour")


def test_durations_and_shares_by_name() -> None:
    assert catalog.duration_ns("route53.negative_ttl") == 900 * 10**9
    assert catalog.share("dns.resolver_extends_ttl") == 0.05


def test_there_are_32_regions_on_six_continents() -> None:
    regions = catalog.regions()
    assert len(regions) == len(catalog.region_names()) == 32
    assert {info.continent for info in regions.values()} == {*catalog.CONTINENTS}
    assert all(re.fullmatch(r"[a-z]{2}-[a-z]+-\d", code) for code in regions)
    assert all(re.fullmatch(r"[A-Z]{2}", info.country) and info.city for info in regions.values())


@pytest.mark.parametrize(
    ("code", "city", "country", "continent"),
    [
        ("eu-south-1", "Milan", "IT", "europe"),
        ("eu-central-1", "Frankfurt", "DE", "europe"),
        ("eu-north-1", "Stockholm", "SE", "europe"),
        ("us-east-1", "Northern Virginia", "US", "north-america"),
        ("sa-east-1", "São Paulo", "BR", "south-america"),
        ("af-south-1", "Cape Town", "ZA", "africa"),
        ("ap-southeast-2", "Sydney", "AU", "oceania"),
        ("me-south-1", "Manama", "BH", "asia"),
    ],
)
def test_selected_regions(code: str, city: str, country: str, continent: str) -> None:
    info = catalog.regions()[code]
    assert (info.city, info.country, info.continent) == (city, country, continent)


def test_health_checkers_live_in_8_known_regions() -> None:
    assert len({*catalog.checker_regions()}) == 8
    assert {*catalog.checker_regions()} <= {*catalog.region_names()}


def test_round_trips_are_known_between_all_regions() -> None:
    table = catalog.round_trips_ms()
    assert [*table] == [*catalog.region_names()]
    assert all([*row] == [*catalog.region_names()] for row in table.values())
    assert all(ms > 0 for row in table.values() for ms in row.values())


def test_no_region_is_nearer_than_the_own_one() -> None:
    for region, row in catalog.round_trips_ms().items():
        assert row[region] <= 8  # the largest median within a region, over public endpoints
        assert row[region] == min(row.values())


def test_the_two_directions_of_a_pair_differ_by_12_ms_at_most() -> None:
    """Probes stand in different places; the largest difference is between Mumbai and Tel Aviv."""
    table = catalog.round_trips_ms()
    gaps = {(a, b): abs(table[a][b] - table[b][a]) for a, b in combinations(table, 2)}
    assert max(gaps.values()) == gaps["ap-south-1", "il-central-1"] == 12


@pytest.mark.parametrize(
    ("origin", "target", "ms"),
    [  # cloudping.co, one-year median of May 2025
        ("us-east-1", "us-east-1", 5),
        ("us-east-1", "us-west-2", 64),
        ("us-east-1", "eu-west-1", 70),
        ("us-east-1", "ap-southeast-2", 200),
        ("eu-south-1", "eu-central-1", 13),
        ("eu-central-1", "eu-south-1", 12),
        ("eu-south-1", "eu-north-1", 32),
        ("af-south-1", "sa-east-1", 337),
        ("sa-east-1", "af-south-1", 339),
        ("ap-northeast-1", "me-south-1", 173),
    ],
)
def test_selected_round_trips(origin: str, target: str, ms: int) -> None:
    assert catalog.round_trips_ms()[origin][target] == ms


def test_entries_are_found_by_part_and_by_shell_pattern() -> None:
    assert [one.name for one in catalog.entries("browser_fl")] == ["dns.browser_floor"]
    assert [one.name for one in catalog.entries("dns.jvm_*")] == ["dns.jvm_lifetime", "dns.jvm_negative"]
    assert [(one.name, one.text) for one in catalog.entries("region.eu-south-1")] == [
        ("region.eu-south-1", "Milan, IT, europe")
    ]
    assert len(catalog.entries("rtt.eu-south-1.*")) == 32
    assert len(catalog.entries("region.*")) == 32
    assert catalog.entries("nothing like it") == []


def test_without_a_pattern_the_long_lists_stay_out() -> None:
    assert not [one for one in ENTRIES if one.name.startswith(("rtt.", "region."))]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("dns.browser_flor", "dns.browser_floor"),
        ("KEEP-ALIVE", "client.browser.keep_alive"),
        ("rtt.eu-suth-1.eu-north-1", "rtt.eu-south-1.eu-north-1"),
        ("dynamodb.replicaton_lag.median", "dynamodb.replication_lag.median"),
    ],
)
def test_a_misspelled_pattern_has_near_names(pattern: str, expected: str) -> None:
    near = catalog.nearest_names(pattern)
    assert near[0] == expected
    assert len(near) <= 3


def test_nonsense_has_no_near_names() -> None:
    assert catalog.nearest_names("zzz") == []
