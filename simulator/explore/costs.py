"""What a system costs: the run once more without its faults, for the month, and as it is, for the outage."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from simulator.data_plane.plane import CompiledPlane
from simulator.explore.workers import Crew
from simulator.history.planned import planned
from simulator.kernels.compiling import together
from simulator.language.files import Loaded
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.pipeline import DEFAULT_SEED, checked_seed, prepared, recipe_of
from simulator.prices.amounts import HOURS_A_MONTH
from simulator.prices.priced import priced
from simulator.prices.standing import standing
from simulator.prices.used import used
from simulator.result.costs import Cost, Costs, Money
from simulator.simulation import Progress, play

_H_NS = 3600 * 10**9
_HAPPENS = ("faults", "operator", "restores")


def costs_of(experiment: Loaded, *, seed: int = DEFAULT_SEED, progress: Progress | None = None) -> Costs:
    """What the topology of an experiment costs, with its users: two runs. Raises as `simulator.run` does."""
    loaded = prepared(experiment, checked_seed(seed))
    calm = loaded.experiment.model_copy(update={key: [] for key in _HAPPENS})
    peace = _played(loaded, calm, seed, progress)
    outage = peace if calm == loaded.experiment else _played(loaded, loaded.experiment, seed, progress)
    load = load_of_week(peace)
    month = sorted(_priced(loaded.topology, peace, load), key=_dearest_first)
    return Costs(
        recipe=recipe_of(loaded, seed),
        month=tuple(month),
        usd_month=_sum(month),
        usd_hour_in_peace=_sum(_priced(loaded.topology, peace, 1.0)) / HOURS_A_MONTH,
        usd_hour_of_outage=_sum(_priced(loaded.topology, outage, 1.0)) / HOURS_A_MONTH,
        load=load,
        unpriced=tuple(dict.fromkeys(one.price for one in month if one.usd is None and one.quantity)),
    )


def _played(loaded: Loaded, experiment: Experiment, seed: int, progress: Progress | None) -> Outcome:
    """A run in which answers are counted, as where metrics are kept."""
    with together():
        plan = planned(experiment, loaded.topology, seed)
        plan = replace(plan, data=replace(plan.data, metered=1))
        plane = CompiledPlane(plan.data)
    outcome = play(plan, plane, progress=progress)
    laws.check(outcome)
    return outcome


def _priced(system: Topology, outcome: Outcome, load: float) -> list[Cost]:
    amounts = [*used(outcome, system), *standing(outcome, system)]
    return [*priced(amounts, system, outcome.plan.data.duration_ns / _H_NS, load)]


def _dearest_first(one: Cost) -> tuple[bool, float, str]:
    return one.usd is None, -(one.usd or 0.0), one.of


def _sum(costs: list[Cost]) -> float:
    return sum(one.usd for one in costs if one.usd is not None)


def load_of_week(peace: Outcome) -> float:
    """How many times as much users do in an hour of the week as in one of the run, by their profiles."""
    data, hours = peace.plan.data, peace.plan.data.pop_profile.shape[1]
    minutes_ns = np.arange(data.day_offset_ns, data.day_offset_ns + data.duration_ns, _H_NS // 60)
    in_run = data.pop_profile[:, minutes_ns // _H_NS % hours].mean(axis=1)
    begun = np.where(data.pop_bots == 0, peace.tallies.population_begun.sum(axis=0), 0)
    in_week = begun * data.pop_profile.mean(axis=1) / np.maximum(in_run, 1e-9)
    return float(in_week.sum() / begun.sum()) if begun.any() else 1.0


def money_of_each(designs: Sequence[Loaded], seed: int, crew: Crew) -> list[Money]:
    """What each of several designs costs under a seed."""
    return [*crew.do(partial(money_of, seed), designs)]


def money_of(seed: int, loaded: Loaded) -> Money:
    """What a design costs, without the list of what is charged for."""
    costs = costs_of(loaded, seed=seed)
    return Money(costs.usd_month, costs.usd_hour_in_peace, costs.usd_hour_of_outage, costs.unpriced)
