"""When a drill's scenarios begin: shortly before the busiest hour of the usual load's week."""

from simulator import catalog
from simulator.language.checks.drills import SHORT_NS as SHORT_NS
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.plans import placed_steps
from simulator.language.models.points import Captures
from simulator.language.models.quantities import DAYS, Day
from simulator.language.models.topology import Topology
from simulator.language.models.users import Population
from simulator.lowering.populations import shares_by_hour
from simulator.lowering.sources import lower_distribution
from simulator.lowering.writing import mean_ns
from simulator.units import NS_PER_UNIT

MIN_NS, HOUR_NS = NS_PER_UNIT["min"], NS_PER_UNIT["h"]
BEFORE_NS = 10 * NS_PER_UNIT["min"]
"""How long everything is well before the disruption."""
BEGINS = "10 min"
"""The same, as an experiment says it."""
NOTICED = "40 min"
"""Assumed: until somebody notices wrong or missing data, and stops what causes it."""
WRONG_SHARE = "10 %"
"""Assumed: of the writes, as by a bad deployment."""
_CLOCK_HOUR = 14  # of Monday, where no population has a profile


def busiest_hour(topology: Topology) -> int:
    """The hour of the week, from Monday 00:00, in which most sessions begin; else Monday 14:00."""
    users = [one for one in topology.users.values() if one.daily_profile or one.weekly_profile]
    if not users:
        return _CLOCK_HOUR
    hours = [sum(weights) for weights in zip(*map(_begun_per_s, users), strict=True)]
    return hours.index(max(hours))


def _begun_per_s(population: Population) -> list[float]:
    """Sessions that a population begins in a second, by hour of the week."""
    most = population.arrivals or 0.0
    if population.sessions is not None and population.session_length is not None:
        most = population.sessions * 1e9 / max(mean_ns(*lower_distribution(population.session_length)), 1.0)
    return [most * share for share in shares_by_hour(population)]


def start_of_run(topology: Topology, earlier_ns: int = 0) -> tuple[Day, int]:
    """The day of the week and the time of the day (ns after midnight) at which a scenario's run begins."""
    hours, before_ns = len(DAYS) * 24, BEFORE_NS + earlier_ns
    day, time_ns = divmod((busiest_hour(topology) * HOUR_NS - before_ns) % (hours * HOUR_NS), 24 * HOUR_NS)
    return DAYS[day], time_ns


def earlier_ns(topology: Topology) -> int:
    """How much earlier a run begins so that a plan finds the backups that it restores: their oldest age."""
    steps = (step for plan in topology.plans.values() for _, step in placed_steps(plan))
    return max((_oldest_ns(step, topology) for step in steps if isinstance(step, RestoreStep)), default=0)


def _oldest_ns(step: RestoreStep, topology: Topology) -> int:
    """How old the last backup is at most that a step restores; 0 if it restores none of a schedule."""
    stores = topology.tables | topology.databases
    backup = stores[step.restore].backups.get(step.from_)
    return 0 if backup is None else backup.every + Captures(backup, 0).is_there_ns(0, step.region)


def place(region: str) -> str:
    """A region with its city."""
    return f"{region} ({catalog.regions()[region].city})"
