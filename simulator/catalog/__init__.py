"""The catalog: defaults with value, unit, label and source, kept as data files beside this module."""

import csv
import difflib
import fnmatch
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from simulator import units

_DATA = Path(__file__).parent / "data"
_ROUND_TRIP_SOURCE = "cloudping.co, one-year median of May 2025, rounded to milliseconds"

CLIENT_PROFILES = ("browser", "jvm", "script")
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


@dataclass(frozen=True)
class RegionInfo:
    """One AWS region: where it is."""

    city: str
    country: str  # ISO 3166 two letters
    continent: str


@dataclass(frozen=True)
class Entry:
    """One default.

    `value` is what a user would write: text with a unit, a number, or the mapping of a distribution.
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


@cache
def _defaults() -> dict[str, Entry]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load((_DATA / "defaults.yaml").read_text(encoding="utf-8"), Loader=loader)
    return {name: Entry(name, **fields) for name, fields in raw.items()}


def entry(name: str) -> Entry:
    """One default by its full name; KeyError if there is none."""
    return _defaults()[name]


def duration_ns(name: str) -> int:
    """A default that is one duration, in nanoseconds."""
    return units.parse_duration(entry(name).value)


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


def entries(pattern: str | None = None) -> list[Entry]:
    """The defaults whose name contains the pattern or matches it as a shell pattern.

    None: all, but for the long lists of round-trip times (`rtt.`) and regions (`region.`).
    """
    if pattern is None:
        return list(_defaults().values())
    everything = [*_defaults().values(), *_region_entries(), *_round_trip_entries()]
    return [one for one in everything if pattern in one.name or fnmatch.fnmatchcase(one.name, pattern)]


def nearest_names(pattern: str) -> list[str]:
    """The names most like a pattern that matches none, at most three."""
    names = [*_defaults(), *(one.name for one in (*_region_entries(), *_round_trip_entries()))]
    wanted = pattern.casefold().strip("*?.")
    in_parts = [name for name in names if any(_is_like(wanted, part) for part in name.split("."))]
    return difflib.get_close_matches(wanted, names, n=3, cutoff=0.75) or in_parts[:3]


def _is_like(wanted: str, part: str) -> bool:
    return bool(difflib.get_close_matches(wanted, [part], cutoff=0.75))
