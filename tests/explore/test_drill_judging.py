"""Function × scenario judged: each verdict from figures made by hand."""

from dataclasses import replace

import pytest

from simulator.explore.drill.judging import judge
from simulator.explore.drill.running import needs_longer
from simulator.result.drill import (
    MET,
    MISSED,
    NO_OBJECTIVE,
    NOT_SHOWN,
    UNTESTED,
    Cell,
    Function,
    Measured,
    OfFunction,
    OfStore,
    Scenario,
    overall,
    worst,
)
from simulator.result.recovery import Phase

FUNCTION = Function("ordering", ("api.order",), (), ("orders",), recovery_time_s=600.0, recovery_point_s=60.0)
SCENARIO = Scenario("region-dark:x", "region dark", "x is dark", "Region", ())
PHASES = (
    Phase("detect", 0.0, 60.0, "detection", 5, {"no_other_answer": 5}),
    Phase("caches_expire", 60.0, 300.0, "expiry", 9, {"issuers": 6, "resolver_answers": 3}),
)
GOOD = OfFunction(100, 0.9, 300.0, True, "", settled=False, first_good_s=90.0, phases=PHASES)
STORE = OfStore(10.0, 100, missing=0, lost=0, overwritten=0, restores_open=0)


def run_of(function: OfFunction = GOOD, store: OfStore = STORE) -> Measured:
    return Measured(
        2700.0, 600.0, {"ordering": function}, {"orders": store}, (), 1.0, 10, 3, 0, {}, None, (), ()
    )


def cell_of(function: OfFunction = GOOD, store: OfStore = STORE, asked: Function = FUNCTION) -> Cell:
    return judge(asked, SCENARIO, run_of(function, store))


def test_an_objective_that_holds_is_met_with_its_margin() -> None:
    cell = cell_of()
    assert cell.verdict == MET
    assert cell.time.margin_s == 300.0
    assert cell.point.margin_s == 50.0


def test_the_longest_phase_dominates() -> None:
    dominant = cell_of().dominated_by
    assert dominant is not None
    assert dominant.phase == "caches_expire"


@pytest.mark.parametrize(
    ("changes", "verdict", "endless"),
    [
        ({"recovery_time_s": 600.0}, MET, False),  # exactly as long as asked for
        ({"recovery_time_s": 601.0}, MISSED, False),
        ({"shown": False, "not_shown": "it was not OK when the run ended"}, NOT_SHOWN, False),
        # too long already, whether or not it ends
        ({"recovery_time_s": 700.0, "shown": False, "not_shown": "it was not OK"}, MISSED, False),
        ({"shown": False, "not_shown": "it was not OK", "settled": True}, MISSED, True),
        ({"recovery_time_s": None}, UNTESTED, False),
    ],
)
def test_a_recovery_time_is_judged(changes: dict[str, object], verdict: str, endless: bool) -> None:
    found = cell_of(replace(GOOD, **changes)).time  # type: ignore[arg-type]
    assert (found.verdict, found.endless) == (verdict, endless)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"recovery_point_s": 61.0}, MISSED),
        ({"recovery_point_s": None}, MET),
        ({"restores_open": 1}, NOT_SHOWN),
        ({"recovery_point_s": 61.0, "restores_open": 1}, MISSED),
    ],
)
def test_a_recovery_point_is_judged(changes: dict[str, object], verdict: str) -> None:
    assert cell_of(store=replace(STORE, **changes)).point.verdict == verdict  # type: ignore[arg-type]


def test_data_that_nothing_brings_back_misses_any_recovery_point() -> None:
    scenario = replace(SCENARIO, gone={"orders": "nothing restores it"})
    cell = judge(FUNCTION, scenario, run_of())
    assert (cell.point.verdict, cell.point.endless, cell.point.margin_s) == (MISSED, True, None)
    others = judge(replace(FUNCTION, stores=()), scenario, run_of())
    assert others.point.verdict == MET


def test_without_an_objective_nothing_is_missed() -> None:
    asked = replace(FUNCTION, recovery_time_s=None, recovery_point_s=None)
    assert cell_of(replace(GOOD, recovery_time_s=1e9), asked=asked).verdict == NO_OBJECTIVE


def test_the_worst_verdict_is_that_of_the_drill() -> None:
    assert worst([MET, NOT_SHOWN, MISSED]) == MISSED
    assert worst([MET, UNTESTED, NOT_SHOWN]) == NOT_SHOWN
    missed, met = cell_of(replace(GOOD, recovery_time_s=9e9)), cell_of()
    open_ = cell_of(replace(GOOD, shown=False))
    assert [overall(cells) for cells in ([met, missed], [met, open_], [met], [])] == [
        "missed",
        "inconclusive",
        "met",
        "no_expectations",
    ]


def test_what_was_not_shown_is_played_for_longer_unless_it_has_settled() -> None:
    assert not needs_longer(run_of())
    assert needs_longer(run_of(replace(GOOD, shown=False)))
    assert not needs_longer(run_of(replace(GOOD, shown=False, settled=True)))
    assert not needs_longer(run_of(replace(GOOD, shown=False, recovery_time_s=None)))
    assert needs_longer(run_of(store=replace(STORE, restores_open=1)))
