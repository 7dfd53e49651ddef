"""What is said and drawn of damaged data: who read it, how soon, and whether any region was spared."""

import re

import numpy as np
import pytest

from simulator import Result
from simulator.report.damage import gist
from simulator.report.gist import sessions
from simulator.report.pictures.album import pictures_of
from simulator.report.pictures.damage import damage
from tests.report.conftest import Run

_BROKEN = "faults: [{at: 1 min, table: notes, region: eu-west-1, mode: corrupted, items: 50 %}]\n"


@pytest.fixture
def broken(small: Run) -> Result:
    """Users of Dublin, whose notes a migration in Dublin breaks: half of the hundred."""
    return small(_BROKEN)


def test_the_sentence_says_since_when_how_many_how_soon_and_who_was_spared(broken: Result) -> None:
    since, answers = gist(broken)
    assert re.fullmatch(
        r"notes since 1 min: \d\d items became wrong, [\d,]+ writes built on that, "
        r"[\d,]+ wrong answers in 1 region, the first in Dublin after [\d.]+ m?s, no replica was without",
        since,
    )
    assert answers == f"{broken.damage.wrong_answers:,} user actions ended with a wrong answer"


def test_sessions_that_were_answered_wrongly_have_noticed_nothing_and_that_is_said(broken: Result) -> None:
    assert next(sessions(broken)) == "100 % noticed nothing (no wrong answer is noticed)"


def test_nothing_is_said_or_drawn_where_nothing_was_damaged(small: Run) -> None:
    result = small()
    assert not [*gist(result)]
    assert "damage.png" not in pictures_of(result)


def test_the_picture_adds_up_to_all_wrong_answers(broken: Result) -> None:
    assert "damage.png" in pictures_of(broken)
    _, bottom = damage(broken).axes[-2:]
    highest = max(path.vertices[:, 1].max() for part in bottom.collections for path in part.get_paths())
    assert np.isclose(highest, broken.damage.damaged_reads)
