"""The shipped set of the annual test: each part alone, and all of them as scenarios of a drill."""

from pathlib import Path

import pytest

import simulator
from simulator.explore.drill.added import experiments_with
from simulator.explore.drill.functions import functions_of
from simulator.explore.drill.whole import drill
from tests.examples.places import ROOT

SYSTEM = ROOT / "topologies" / "aworld.yaml"
FOLDER = ROOT / "experiments" / "aworld-annual-drill"
PARTS = sorted(FOLDER.glob("*.yaml"))


def test_each_part_can_be_drilled_and_says_what_it_is() -> None:
    topology = simulator.load_topology(SYSTEM)
    added = [*experiments_with([FOLDER], SYSTEM, functions_of(topology))]
    assert [one.scenario.key for one in added] == [f"with:{path.stem}" for path in PARTS]
    assert len(added) == 4
    for path in PARTS:
        first, second, *_ = path.read_text(encoding="utf-8").splitlines()
        assert (path.parent / first.partition("$schema=")[2]).resolve().exists()
        assert second.startswith("# The annual test, ")


@pytest.mark.middle
@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_each_part_meets_what_it_expects(path: Path) -> None:
    result = simulator.run(path)
    assert [(one.expectation, one.reason) for one in result.expectations if one.verdict != "met"] == []


@pytest.mark.middle
def test_a_drill_of_them_shows_a_promise_that_does_not_hold() -> None:
    made = drill(SYSTEM, experiments=[FOLDER], chosen=lambda one: one.key.startswith("with:"))
    assert made.verdict == "missed"
    missed = {one.scenario for one in made.cells if one.point.verdict == "missed"}
    assert missed == {"with:progress-damaged-by-a-batch"}
