"""The catalog: defaults with value, unit, label and source, kept as data files beside this module."""

import csv
import difflib
import fnmatch
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from simulator import units
from simulator.catalog.prices import prices
from simulator.records import dataclass

_DATA = Path(__file__).parent / "data"
_Z_OF_MAXIMUM = 1.4987672753589754  # of the standard normal at 0.5^(1/10): the median of the largest of ten
_ROUND_TRIP_SOURCE = "cloudping.co, one-year median of May 2025, rounded to milliseconds"

CLIENT_PROFILES = (
    "browser",
    "jvm",
    "script",
    "aws-standard-2026",
    "aws-standard-pre2026",
    "aws-legacy-boto3",
    "aws-adaptive",
)
CONTINENTS = ("africa", "asia", "europe", "north-america", "oceania", "south-america")
CHECKER_REGIONS = (
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
)
"""Where Route 53 health checkers live (Amazon Route 53 API reference, HealthCheckConfig Regions)."""
MULTI_REGION_CACHE_REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-central-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-south-1",
)
"""Where MemoryDB clusters may span regions (Amazon MemoryDB developer guide, multi-Region prerequisites)."""


@dataclass(frozen=True)
class RegionInfo:
    """One AWS region: where it is."""

    city: str
    country: str  # ISO 3166 two letters
    continent: str


@dataclass(frozen=True)
class Runtime:
    """A Lambda runtime, and how long the cold start of an empty function took in ten measurements."""

    kind: str  # scripted, jvm, clr, compiled
    median_ms: int
    min_ms: int
    max_ms: int

    @property
    def p99_ms(self) -> int:
        """The 99th percentile of the log-normal with this median whose median maximum of ten is this one."""
        sigmas = units.Z99 / _Z_OF_MAXIMUM
        return int(self.median_ms * (self.max_ms / self.median_ms) ** sigmas + 0.5)


@dataclass(frozen=True)
class Entry:
    """One default.

    `value` is what a user would write: text with a unit, a number, the mapping of a distribution, or a list.
    """

    name: str
    value: Any
    label: str
    source: str

    @property
    def text(self) -> str:
        """The value for a reader."""
        if isinstance(self.value, dict):
            return ", ".join(f"{key} {part}" for key, part in self.value.items())
        if isinstance(self.value, list):
            return ", ".join(self.value)
        return str(self.value)


@cache
def regions() -> dict[str, RegionInfo]:
    """The 32 regions by code."""
    with (_DATA / "regions.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["region"]: RegionInfo(row["city"], row["country"], row["continent"])
            for row in csv.DictReader(file)
        }


def region_names() -> tuple[str, ...]:
    """The codes of the 32 regions."""
    return tuple(regions())


def regions_of_city(city: str) -> tuple[str, ...]:
    """The regions in a city, whatever the case of its letters; none for what is no city of a region."""
    return tuple(name for name, region in regions().items() if region.city.casefold() == city.casefold())


def checker_regions() -> tuple[str, ...]:
    """The 8 regions in which Route 53 health checkers live."""
    return CHECKER_REGIONS


def client_profiles() -> tuple[str, ...]:
    """The names of the shipped client profiles."""
    return CLIENT_PROFILES


@cache
def round_trips_ms() -> dict[str, dict[str, int]]:
    """Median round-trip time in milliseconds by directed pair; on the diagonal a region's own endpoint."""
    with (_DATA / "round_trips_ms.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return {row["from"]: {to: int(ms) for to, ms in row.items() if to != "from"} for row in rows}


def _runtimes() -> dict[str, Runtime]:
    with (_DATA / "lambda_runtimes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["runtime"]: Runtime(row["kind"], *(int(row[f"{key}_ms"]) for key in ("median", "min", "max")))
            for row in csv.DictReader(file)
        }


LAMBDA_RUNTIMES: Mapping[str, Runtime] = MappingProxyType(_runtimes())
"""The Lambda runtimes by AWS's names (Go and Rust, which run on `provided.al2023`, by their own)."""


@cache
def _defaults() -> dict[str, Entry]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw: dict[str, Any] = {}
    for file in ("defaults.yaml", "clients.yaml"):
        raw |= yaml.load((_DATA / file).read_text(encoding="utf-8"), Loader=loader)
    return {name: Entry(name, **fields) for name, fields in raw.items()} | _init_entries()


def _init_entries() -> dict[str, Entry]:
    """Cold starts of empty functions, before the factor `lambda.init_factor` of the runtime's kind."""
    entries = {}
    for name, one in LAMBDA_RUNTIMES.items():
        source = (
            f"GitHub maxday/lambda-perf, data/last.json of 2026-08-22: {one.min_ms} to {one.max_ms} ms in "
            f"ten cold starts of an empty function (x86_64, zip, 512 MB); the p99 is that of the log-normal "
            f"with this median and maximum"
        )
        value = {"median": f"{one.median_ms} ms", "p99": f"{one.p99_ms} ms"}
        entries[f"lambda.init.{name}"] = Entry(f"lambda.init.{name}", value, "derived", source)
    return entries


def entry(name: str) -> Entry:
    """One default by its full name; KeyError if there is none."""
    return _defaults()[name]


def has_entry(name: str) -> bool:
    """Whether there is a default of this full name."""
    return name in _defaults()


def gateway_limit(region: str) -> tuple[float, int]:
    """The account's limit of all API Gateways of a region together: requests a second, and burst."""
    size = "gateway.small_region" if region in entry("gateway.small_regions").value else "gateway"
    return units.parse_rate(entry(f"{size}.account_rate").value), int(entry(f"{size}.account_burst").value)


def strong_table_regions() -> tuple[str, ...]:
    """The regions that offer tables with multi-region strong consistency, and their witnesses."""
    return tuple(entry("dynamodb.strong.regions").value)


def lambda_concurrency(region: str) -> int:
    """The account's default limit of concurrent executions in a region, which is the same everywhere."""
    assert region in regions()
    return int(entry("lambda.concurrency").value)


def duration_ns(name: str) -> int:
    """A default that is one duration, in nanoseconds."""
    return units.parse_duration(entry(name).value)


def rate(name: str) -> float:
    """A default rate, in events a second."""
    return units.parse_rate(entry(name).value)


def share(name: str) -> float:
    """A default that is a share, from 0 to 1."""
    return units.parse_share(entry(name).value)


def _round_trip_entries() -> list[Entry]:
    return [
        Entry(f"rtt.{origin}.{target}", f"{ms} ms", "measured", _ROUND_TRIP_SOURCE)
        for origin, row in round_trips_ms().items()
        for target, ms in row.items()
    ]


def _region_entries() -> list[Entry]:
    source = "AWS general reference, regions and endpoints"
    return [
        Entry(f"region.{code}", f"{info.city}, {info.country}, {info.continent}", "documented", source)
        for code, info in regions().items()
    ]


def _price_entries() -> list[Entry]:
    return [Entry(f"price.{one.name}", one.text, one.label, one.dated_source) for one in prices().values()]


def entries(pattern: str | None = None) -> list[Entry]:
    """The defaults whose name contains the pattern or matches it as a shell pattern.

    None: all, but for the long lists of round-trip times (`rtt.`), regions (`region.`) and prices (`price.`).
    """
    if pattern is None:
        return list(_defaults().values())
    everything = [*_defaults().values(), *_region_entries(), *_round_trip_entries(), *_price_entries()]
    return [one for one in everything if pattern in one.name or fnmatch.fnmatchcase(one.name, pattern)]


def nearest_names(pattern: str) -> list[str]:
    """The names most like a pattern that matches none, at most three."""
    others = (*_region_entries(), *_round_trip_entries(), *_price_entries())
    names = [*_defaults(), *(one.name for one in others)]
    wanted = pattern.casefold().strip("*?.")
    in_parts = [name for name in names if any(_is_like(wanted, part) for part in name.split("."))]
    return difflib.get_close_matches(wanted, names, n=3, cutoff=0.75) or in_parts[:3]


def _is_like(wanted: str, part: str) -> bool:
    return bool(difflib.get_close_matches(wanted, [part], cutoff=0.75))
