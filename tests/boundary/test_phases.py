"""Each cause, phase and end has all that measures and reports ask of it: a missing word stops a report."""

from typing import get_args

import pytest

from simulator.boundary.causes import CAUSES, MARKS, STAGES, WELL_BETWEEN, Ending
from simulator.boundary.phases import ENDS, HOLDS, KINDS, PHASES, phase_of


def test_the_causes_of_the_boundary_are_those_that_are_told() -> None:
    assert list(HOLDS) == list(CAUSES)


@pytest.mark.parametrize("cause", CAUSES)
def test_a_cause_has_words_a_remedy_a_phase_and_what_decides_it(cause: str) -> None:
    hold, phase = HOLDS[cause], PHASES[phase_of(cause)]
    assert all((hold.said, hold.remedy, phase.label))
    assert hold.decided_by or phase.decided_by
    assert hold.phase is phase


def test_a_phase_is_a_mark_a_cause_a_stage_or_none_and_is_named_once() -> None:
    assert list(PHASES) == [*MARKS, *KINDS, *STAGES, WELL_BETWEEN]
    assert len(PHASES) == len({phase.label for phase in PHASES.values()})
    assert all(phase.label for phase in PHASES.values())


def test_a_name_of_a_phase_that_causes_share_is_no_cause() -> None:
    assert {phase.name for phase in PHASES.values() if phase.name}.isdisjoint(CAUSES)


def test_whatever_ends_a_phase_is_told() -> None:
    assert list(ENDS) == list(get_args(Ending))
    assert all(end.said for end in ENDS.values())
