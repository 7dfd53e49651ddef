"""The table of how soon incidents are found, on findings made by hand; it stands in the documentation."""

from pathlib import Path

import simulator
from tests.measure.detection import PAGE, ROOT, RULES, WATCHED, Found, table, watched

QUICK, SLOW = RULES


def found(name: str, quick_s: float | None, slow_s: float | None, bands: int = 3) -> Found:
    which = "" if quick_s is None else f"{QUICK}: lambda.errors of api@eu-west-1"
    return Found(name, bands, {QUICK: quick_s, SLOW: slow_s}, which, None, {QUICK: 1, SLOW: 0})


def test_the_median_is_of_those_that_are_found_and_systems_without_bands_do_not_count() -> None:
    some = [found("a", 60.0, 120.0), found("b", 180.0, None), found("c", None, None)]
    some.append(found("d", None, None, bands=0))
    lines = [*table(some, {"a": ({QUICK: 0.5, SLOW: 2.0}, 3, 0.0)})]
    assert "| a | 3 | 1 min 0 s | 2 min 0 s | `lambda.errors of api@eu-west-1` | – |" in lines
    after = "incidents a band spoke, in the median after 2 min 0 s"
    assert f"With {QUICK}: in 2 of 3 {after}; 4 false alarms in all of them." in lines
    assert f"With {SLOW}: in 1 of 3 {after}; 0 false alarms in all of them." in lines
    assert "| a | 3 | 0.5 | 2 | 0 |" in lines


def test_every_metric_that_is_watched_of_everything_gets_a_band_for_each_rule() -> None:
    loaded = simulator.load(ROOT / "experiments" / "milan-goes-dark.yaml")
    added = {*watched(loaded).topology.alarms} - {*loaded.topology.alarms}
    assert len(added) == 2 * len([name for name in added if name.startswith(QUICK)])
    assert f"{QUICK}: {WATCHED[0]} of api@eu-south-1" in added


def test_the_documentation_has_it() -> None:
    page = Path(PAGE).read_text(encoding="utf-8")
    assert (
        "| milan-goes-dark | " in page.partition("<!-- detection -->")[2].partition("<!-- /detection -->")[0]
    )
