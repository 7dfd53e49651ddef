"""What expectations read of the runs of failover plans (docs/measures.md, "Failover plans")."""

from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_plans import NO_PLAN
from simulator.measure.reading import Readers, Reasons
from simulator.result.plans import PlanRun
from simulator.result.whole import Sections


def _runs_of(run: Sections, asked: Asked) -> list[PlanRun]:
    """The runs of one plan, or of all, that were begun."""
    begun = (one for one in run.plans if one.state != "not_begun")
    return [one for one in begun if asked.plan in (None, one.plan)]


def _longest_s(run: Sections, asked: Asked) -> float | None:
    took = [one.took_s for one in _runs_of(run, asked)]
    return None if None in took else max((one for one in took if one is not None), default=None)


def _strands(run: Sections, asked: Asked) -> float:
    steps = [step for one in _runs_of(run, asked) for step in one.stranded_at]
    return float(bool(steps) if asked.step is None else asked.step in steps)


READERS: Readers = {"plan_time": _longest_s, "plan_stranded": _strands}

REASONS: Reasons = {NO_PLAN: lambda run, asked: not _runs_of(run, asked)}
