"""Load shedding: what it turned away, where, and of whom."""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.kinds import FRONTS, NOWHERE
from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_reactions import NO_SHEDDING
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Outcome
from simulator.plan.reactions import SheddingPlan
from simulator.result.shedding import Shed
from simulator.result.whole import Sections


def section(outcome: Outcome) -> tuple[Shed, ...] | None:
    """The `shedding` section; None where nothing is declared that sheds load."""
    return tuple(_shed(outcome)) if outcome.plan.control.of(SheddingPlan) else None


def _shed(outcome: Outcome) -> Iterator[Shed]:
    plan, shed = outcome.plan, outcome.tallies.shed
    for place in np.argwhere(shed).tolist():
        front, service, region, population = place
        is_door = plan.data.site_compute[service, region] != NOWHERE
        yield Shed(
            service=plan.services[service],
            scope=FRONTS[front],
            region=plan.regions[region] if is_door else None,
            population=plan.populations[population],
            requests=int(shed[tuple(place)]),
        )


def _requests(run: Sections, asked: Asked) -> float:
    chosen = (
        one
        for one in run.shedding or ()
        if asked.population in (None, one.population) and asked.region in (None, one.region)
    )
    return float(sum(one.requests for one in chosen))


READERS: Readers = {"shed_requests": _requests}

REASONS: Reasons = {NO_SHEDDING: lambda run, _: run.shedding is None}
