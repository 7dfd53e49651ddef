"""The loads that the hours of a week have, and those few that stand for all.

Specification: docs/monitoring.md, "Bands".
"""

import numpy as np

from simulator.boundary.fields import Floats, Ints
from simulator.language.checks.cost import actions_of
from simulator.language.models.experiment import Experiment
from simulator.lowering.populations import shares_by_hour
from simulator.records import dataclass

HOURS = 7 * 24
MOST = 8
"""So many loads are simulated at most."""


@dataclass(frozen=True)
class Loads:
    """Which hours are simulated, and how every hour of the week lies between two of them."""

    hours: tuple[int, ...]
    """Of each load the hour of the week that is simulated, the busiest first."""
    near: Ints
    """[168] the load that is most like that of the hour, by its place in `hours`."""
    other: Ints
    """[168] the one to which the hour is on the way from there."""
    share: Floats
    """[168] how far the hour is on the way from the first to the second, from 0 to 1."""


def by_hour(experiment: Experiment) -> Floats:
    """[168, populations] actions of each population in each hour of a week, as shares of the most in all."""
    users = experiment.users.values()
    most = np.array([actions_of(one, experiment) for one in users], np.float64)
    shares = np.array([shares_by_hour(one) for one in users], np.float64).reshape(-1, HOURS)
    return (shares * (most / (most.sum() or 1.0))[:, None]).T


def chosen(loads: Floats, most: int = MOST) -> Loads:
    """The busiest hour, then always the one that is least like those chosen; no two alike."""
    hours = [int(np.argmax(loads.sum(axis=1)))]
    far = _distances(loads, hours[0])
    while far.max() > 0 and len(hours) < most:
        hours.append(int(np.argmax(far)))
        far = np.minimum(far, _distances(loads, hours[-1]))
    return _between(loads, hours)


def _distances(loads: Floats, hour: int) -> Floats:
    distances: Floats = np.linalg.norm(loads - loads[hour], axis=1)
    return distances


def _between(loads: Floats, hours: list[int]) -> Loads:
    """The load nearest to that of each hour, and the way from it to another that comes closest."""
    ends = loads[hours]
    near = np.argmin(np.linalg.norm(loads[:, None] - ends, axis=2), axis=1)
    way = ends - ends[near][:, None]  # [hour, load, population]
    from_ = loads - ends[near]
    length = (way**2).sum(axis=2)
    along = (way * from_[:, None]).sum(axis=2)
    share = np.clip(np.divide(along, length, out=np.zeros_like(along), where=length > 0), 0.0, 1.0)
    missed = np.linalg.norm(from_[:, None] - share[:, :, None] * way, axis=2)
    other = np.argmin(missed.round(12), axis=1)
    every = np.arange(len(loads))
    return Loads(tuple(hours), near, other, share[every, other])
