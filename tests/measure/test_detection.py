"""The table of how soon incidents are found, on findings made by hand; it stands in the documentation."""

from pathlib import Path

import simulator
from tests.measure.detection import (
    PAGE,
    QUIET,
    ROOT,
    RULES,
    WATCHED,
    Found,
    Quiet,
    of_incidents,
    of_quiet_weeks,
    watched,
)  # fmt: skip

QUICK, SLOW = RULES
MARKS = ("detection", "quiet weeks")


def found(name: str, quick_s: float | None, slow_s: float | None, bands: int = 3) -> Found:
    which = "" if quick_s is None else f"{QUICK}: lambda.errors of api@eu-west-1"
    return Found(name, bands, {QUICK: quick_s, SLOW: slow_s}, which, None, {QUICK: 1, SLOW: 0})


def test_the_median_is_of_those_that_are_found_and_systems_without_bands_do_not_count() -> None:
    some = [found("a", 60.0, 120.0), found("b", 180.0, None), found("c", None, None)]
    some.append(found("d", None, None, bands=0))
    lines = [*of_incidents(some)]
    assert "| a | 3 | 1 min 0 s | 2 min 0 s | `lambda.errors of api@eu-west-1` | – |" in lines
    rest = "and there in the median after 2 min 0 s"
    start = "of 3 incidents with a band one spoke in"
    assert f"With {QUICK}: {start} 2, {rest}; 4 false alarms in all of them." in lines
    assert f"With {SLOW}: {start} 1, {rest}; 0 false alarms in all of them." in lines


def test_what_was_said_in_vain_in_a_quiet_week_is_told_of_bands_and_detectors() -> None:
    lines = [*of_quiet_weeks({"a": Quiet(3, {QUICK: 5, SLOW: 2}, 4)})]
    assert lines[-1] == "| a | 3 | 5 | 2 | 4 |"
    assert lines[-2].count("|") == lines[-3].count("|") == lines[-1].count("|")


def test_every_metric_that_is_watched_of_everything_gets_a_band_for_each_rule() -> None:
    loaded = simulator.load(ROOT / "experiments" / "milan-goes-dark.yaml")
    added = {*watched(loaded).topology.alarms} - {*loaded.topology.alarms}
    assert len(added) == 2 * len([name for name in added if name.startswith(QUICK)])
    assert f"{QUICK}: {WATCHED[0]} of api@eu-south-1" in added


def test_the_documentation_has_them() -> None:
    page = Path(PAGE).read_text(encoding="utf-8")
    told = {mark: page.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0] for mark in MARKS}
    assert "| milan-goes-dark | " in told["detection"]
    assert all(f"\n| {name} | " in told["quiet weeks"] for name in QUIET)
