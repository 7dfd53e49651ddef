"""A run that is ready to begin, and what becomes of it: simulated, measured, judged.

What its files say has been read, checked and lowered by then, so nothing here knows the models of the
language.
"""

from collections.abc import Callable

from simulator.data_plane.plane import CompiledPlane
from simulator.kernels.compiling import together
from simulator.measure import laws
from simulator.measure.sections import measure
from simulator.plan.lowered import Plan
from simulator.records import dataclass
from simulator.result.recovery import Objective
from simulator.result.whole import Recipe, Result
from simulator.simulation import Progress, play
from simulator.verdict.asking import Asking, shares
from simulator.verdict.judging import judge_questions, overall


@dataclass(frozen=True)
class Ready:
    """What a run is made of."""

    recipe: Recipe
    plan: Plan
    objective: Objective
    """When the service counts as OK."""
    asked: tuple[Asking, ...]
    """What is expected,"""
    lines: tuple[int | None, ...]
    """and where each expectation stands in its file."""
    seconds: float
    """About how long it takes,"""
    bytes: float
    """and how much memory."""


Begins = Callable[[Ready], None]
"""Is told of a run that is played now."""


def told_to_nobody(_ready: Ready) -> None:
    """Nobody wants to know that a run begins."""


def played(
    make: Callable[[], Ready],
    *,
    metrics: bool = False,
    progress: Progress | None = None,
    begins: Begins = told_to_nobody,
) -> Result:
    """Play the run that is made; what is compiled for either is compiled as one.

    Raises DefectError if a law is broken.
    """
    with together():
        ready = make()
        plane = CompiledPlane(ready.plan.data)
    begins(ready)
    outcome = play(ready.plan, plane, metrics=metrics, progress=progress)
    laws.check(outcome)
    sections = measure(outcome, ready.objective, shares(ready.asked))
    laws.check_finite(sections)
    judgements = judge_questions(ready.asked, sections, ready.recipe.file, ready.lines)
    return Result(recipe=ready.recipe, verdict=overall(judgements), expectations=judgements, **vars(sections))
