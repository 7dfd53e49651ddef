"""What a story says: where tries really went, and nothing told together across what happened."""

from dataclasses import replace

import pytest

from simulator.boundary.outcomes import AttemptOutcome
from simulator.report.story import story_lines
from simulator.result.story import Act, Happening, Story, Try
from simulator.result.whole import Recipe

RECIPE = Recipe("small", "small", "small.yaml", {}, 1, 300.0, 0.0, {})


def tried(at_s: float, region: str | None, outcome: AttemptOutcome = "timeout") -> Try:
    held = None if outcome == "succeeded" else "no_other_answer"
    return Try(at_s, at_s + 1, "api.view", region, "device", False, outcome, held, None, False)  # type: ignore[arg-type]


def act(number: int, *tries: Try) -> Act:
    good = tries[-1].outcome == "succeeded"
    held = tries[-1].held_by
    begin_s, end_s = tries[0].begin_s, tries[-1].end_s
    return Act(number, "api.view", begin_s, end_s, tries[-1].outcome, good, held, None, tries)


def told(*acts: Act, happenings: tuple[Happening, ...] = ()) -> str:
    story = Story(RECIPE, "people", 3, "eu-west-1", -1.0, None, "interrupted", 0.0, 0.0, acts, happenings)
    return "\n".join(story_lines(story, 200))


@pytest.mark.parametrize(
    ("outcome", "where"),
    [
        ("dns_failure", "3 tries without an address, "),
        ("dns_empty", "3 tries without an address, "),
        ("circuit_open", "3 tries held back by a circuit breaker, "),
        ("timeout", "3 tries at a content network's edge, "),
    ],
)
def test_what_went_nowhere_was_at_no_edge(outcome: AttemptOutcome, where: str) -> None:
    assert where in told(act(1, *(tried(at_s, None, outcome) for at_s in (1, 2, 3))))


def test_tries_in_several_regions_are_told_in_each() -> None:
    said = told(act(1, tried(1, "eu-west-1"), tried(2, "eu-central-1"), tried(3, "eu-west-1")))
    assert "3 tries in eu-west-1 and in eu-central-1, " in said


def test_nothing_is_told_together_across_what_happened() -> None:
    """Four actions that went alike; a fault begins and ends between the second and the third."""
    acts = [act(number, tried(10.0 * number, "eu-west-1", "succeeded")) for number in (1, 2, 3, 4)]
    assert "4 actions served in eu-west-1" in told(*acts)
    fault = Happening(25.0, "fault_on", "eu-central-1 is down", "")
    lines = told(*acts, happenings=(fault, replace(fault, at_s=26.0, kind="fault_off"))).splitlines()
    assert [line.split("  ", 1)[1].strip() for line in lines[-4:]] == [
        "2 actions served in eu-west-1, 1 s each",
        "── eu-central-1 is down ──",
        "── eu-central-1 is down: over ──",
        "2 actions served in eu-west-1, 1 s each",
    ]
