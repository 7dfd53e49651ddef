"""Who was not served for longest, and what held them: the sentence of the first screen."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from simulator.report import gist, plateau
from simulator.report.words import phase_word
from simulator.result.recovery import Phase, Plateau
from simulator.result.whole import Result
from tests.measure.handmade import outcome, result


def recovering(*phases: Phase, level: Plateau | None = None) -> Result:
    """A result with these phases and this plateau."""
    made = result(outcome("." * 10))
    return replace(made, levers=(), recovery=replace(made.recovery, phases=phases, plateau=level))


def phase(start_s: float, end_s: float, held_by: Mapping[str, int], ended_by: str = "repair") -> Phase:
    """Of cached answers."""
    return Phase("caches_expire", start_s, end_s, ended_by, sum(held_by.values()), held_by)


BLACKOUT = phase(0.0, 100.0, {"no_other_answer": 900})
MIXED = phase(100.0, 1000.0, {"device_answers": 600, "issuers": 300})


def level(start_s: float, end_s: float) -> Plateau:
    """Seven of a hundred, of whom issuers hold the most."""
    return Plateau(start_s, end_s, 0.07, {"issuers": 300, "device_answers": 100}, {})


def test_the_plateau_tells_of_a_phase_that_it_fills_and_not_the_mixture_with_what_came_before() -> None:
    """Most of the phase's people were held in its first minutes; most of its time others were."""
    said = next(gist.why(recovering(BLACKOUT, MIXED, level=level(200.0, 1000.0))))
    assert said == (
        "for 80 % of it 7 % of actions were held by issuers that gave no token (75 %), "
        "an old DNS answer in a cache (25 %); ended by the repair"
    )


@pytest.mark.parametrize("of", [None, level(0.0, 300.0), level(700.0, 1000.0)], ids=["none", "early", "late"])
def test_the_longest_phase_tells_where_no_plateau_fills_it(of: Plateau | None) -> None:
    said = next(gist.why(recovering(BLACKOUT, MIXED, level=of)))
    assert said.startswith("for 90 % of it people were held by an old DNS answer in a cache (67 %), ")


def test_the_end_of_a_plateau_is_that_of_the_phase_in_which_it_ends() -> None:
    behind = phase(1000.0, 1050.0, {"issuers": 9}, "failback")
    found = plateau.held_most(recovering(BLACKOUT, MIXED, behind, level=level(200.0, 1000.0)).recovery)
    assert (found.start_s, found.end_s, found.ended_by) == (200.0, 1000.0, "repair")


def test_dns_that_was_changed_in_the_end_is_not_called_without_another_answer() -> None:
    dark = Phase("no_other_answer", 0.0, 10.0, "answer", 5, {"no_other_answer": 5})
    assert phase_word(dark) == "DNS as before"
    assert phase_word(replace(dark, ended_by="repair")) == "no other answer"
