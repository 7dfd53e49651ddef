"""What a run will cost, estimated before anything is simulated: sessions, actions, time, memory, with places.

The estimates are within a factor of two of what a machine of 2023 needs that has nothing else to do, so that
only what is hopeless is refused. Requests that are tried again are not foreseen.
"""

import math
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

from simulator.boundary.fields import WINDOW, fields_of
from simulator.boundary.tallies import Counters, Tallies
from simulator.errors import Problem
from simulator.language.checks.faults.surges import end_ns, highest_factor
from simulator.language.checks.under_way import copies_under_way
from simulator.language.models.calling import Called, requests_of
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.drawn import earliest
from simulator.language.models.experiment import Experiment, with_usual_users
from simulator.language.models.faults import BotFault, Fault
from simulator.language.models.guarded import rules_placed
from simulator.language.models.quantities import Constant, Exponential, LogNormal, Uniform
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.steps import Call
from simulator.language.models.stores import Cache, Popularity
from simulator.language.models.topology import Topology, is_called, operations_of
from simulator.language.models.users import Population
from simulator.language.reading.positions import Document, Path
from simulator.records import dataclass
from simulator.times import AGES_NS
from simulator.units import Z99, format_duration

_S_OF_ACTION, _S_OF_SESSION, _S_OF_CANDIDATE = 4e-6, 1.5e-6, 0.3e-6
_S_OF_SWITCH = 0.4e-3  # a fault begins or ends: health checkers look again
_S_OF_RANKED_ITEM, _BYTES_OF_RANKED_ITEM = 3e-8, 24  # while the alias table is made
_BYTES_OF_SESSION, _BYTES_OF_NAME = 900, 40  # with its events, and what its device keeps of a name
_BYTES_OF_RULE = 10 * 8  # what a rule of a web ACL knows of a session
_S_OF_COPY, _BYTES_OF_COPY = 3e-6, 1_500  # under way when the run begins
_S_OF_RESTORED_ITEM, _BYTES_OF_KEPT_ITEM = 1e-6, 13 * 8
_BYTES_OF_COUNT = 8
_S_OF_WINDOW = 8e-6  # to find the blocks of each rung of the ladder
_S_OF_PAIR = 0.6e-3  # of regions, for each store: what is measured of its lag
_BYTES_OF_PAIR = 2 * 8 * 7_552  # the histogram of a lag, and its copy at the end
_BYTES_OF_LAG_STEP = 2 * 8 * 5  # four numbers, of which one has two parts, and their copies
_LAG_STEPS, _LAG_STEPS_OF_ALL = 10_000, 20_000_000  # as the plan chooses their width
_SHORTEST_ROUND_NS = 1_000_000  # between the end of a think time and the answer
_DAY_NS = 86_400 * 10**9
_Z999 = 3.09
_STORES = ("tables", "databases", "buckets", "caches", "external")

LONGEST_S = 3 * 86_400
"""Who would wait longer than three days for a simulation?"""
MOST_BYTES = 2**40
"""More memory than that has hardly any machine."""


@dataclass(frozen=True)
class Cost:
    """What one entry of a file costs, and what to say, at its place, if that is too much."""

    seconds: float
    """Time on a processor."""
    bytes: float
    """Memory."""
    too_long: Problem
    """Said if the run would take too long because of it."""
    too_large: Problem
    """Said if it needs more memory than there is."""


@dataclass(frozen=True)
class _Load:
    """What a population does in a run."""

    sessions: float
    candidates: float
    at_once: float
    actions: float

    @property
    def seconds(self) -> float:
        return self.actions * _S_OF_ACTION + self.sessions * _S_OF_SESSION + self.candidates * _S_OF_CANDIDATE


def costs(experiment: Experiment, topology: Topology, run: Document, system: Document) -> tuple[Cost, ...]:
    """What the entries of two checked files cost, whose documents are the run's and the system's."""
    written = run if experiment.users else system
    experiment = earliest(with_usual_users(experiment, topology))
    found = [_of_users(name, experiment, topology, written) for name in experiment.users]
    seconds = sum(one.seconds for one in found)
    found += [*_of_restores(experiment, topology, run)]
    found += [*_of_restore_steps(experiment, topology, seconds, run)]
    found += [
        _of_fault(number, fault, experiment, topology, run) for number, fault in enumerate(experiment.faults)
    ]
    found += [
        _of_store(section, name, topology, experiment.duration, system)
        for section in _STORES
        for name in getattr(topology, section)
    ]
    return (*found, _of_windows(experiment, topology, run))


def check_costs(found: tuple[Cost, ...], document: Document) -> None:
    """Report what no machine would get done."""
    for cost in found:
        if cost.seconds > LONGEST_S:
            document.problems.append(cost.too_long)
        elif cost.bytes > MOST_BYTES:
            document.problems.append(cost.too_large)


def _cost(document: Document, path: Path, what: str, remedy: str, seconds: float, size: float) -> Cost:
    took = format_duration(math.ceil(min(seconds, 1e12) / 86_400) * _DAY_NS)
    too_long = f"about {what}, which takes some {took} to simulate; {remedy}"
    too_large = f"needs about {about(size / 2**30)} GB of memory; {remedy}"
    return Cost(seconds, size, document.problem_at(path, too_long), document.problem_at(path, too_large))


def about(number: float) -> str:
    """A number to two digits, for a reader: `47`, `3,600`, `3·10¹²`."""
    if number < 10:
        return f"{number:.2g}"
    digits = int(math.log10(number))
    if digits > 8:
        power = str(digits).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{number / 10**digits:.2g}·10{power}"
    return f"{round(number, 1 - digits):,.0f}"


def actions_of(population: Population, experiment: Experiment) -> float:
    """About how many actions a population takes in an experiment, at its busiest and without surges."""
    return _load(population, experiment, 1.0).actions


def seconds_of_users(experiment: Experiment) -> float:
    """About how long a processor needs for what the users of an experiment do, without surges."""
    return sum(_load(one, experiment, 1.0).seconds for one in experiment.users.values())


def _of_users(name: str, experiment: Experiment, topology: Topology, document: Document) -> Cost:
    population = experiment.users[name]
    load = _load(population, experiment, highest_factor(name, experiment.faults))
    if max(load.sessions, load.candidates) > load.actions / 2:
        what = f"{about(max(load.sessions, load.candidates))} sessions begin"
        remedy = "shorten the run, or have fewer and longer sessions"
    elif (each := _requests_each(population.actions, topology)) >= 2:
        what = f"{about(load.actions)} actions of users, each {about(each)} requests with those of services"
        remedy = "shorten the run, have fewer users, who think for longer, or fewer calls of services"
    else:
        what = f"{about(load.actions)} actions of users"
        remedy = "shorten the run, or have fewer users, who think for longer"
    run_ns = experiment.duration + experiment.warm_up
    copies = copies_under_way(population, load.actions * 1e9 / run_ns, topology)
    size = (
        load.at_once
        * (_BYTES_OF_SESSION + len(topology.dns) * _BYTES_OF_NAME + rules_placed(topology) * _BYTES_OF_RULE)
        + copies * _BYTES_OF_COPY
    )
    nested = load.actions * (_requests_each(population.actions, topology) - 1)
    seconds = load.seconds + nested * _S_OF_ACTION + copies * _S_OF_COPY
    return _cost(document, ("users", name), what, remedy, seconds, size)


def _requests_each(actions: Mapping[str, float], topology: Topology) -> float:
    """Requests that an action makes on average, those of services among them."""
    made = {one: requests_of(Called(*one), topology) for one in operations_of(topology)}
    mean = sum(
        weight * max(number for one, number in made.items() if is_called(name, *one))
        for name, weight in actions.items()
    )
    return mean / sum(actions.values())


def _load(population: Population, experiment: Experiment, most: float) -> _Load:
    run_ns, length = experiment.duration + experiment.warm_up, population.session_length
    mean_ns = _mean_ns(length) if length is not None else float(AGES_NS)
    round_ns = max(_mean_ns(population.think_time) / most, _SHORTEST_ROUND_NS)
    if population.sessions is not None:
        sessions = population.sessions * (1 + run_ns / max(mean_ns, 1.0))
        actions = population.sessions * run_ns / round_ns
        return _Load(sessions, 0.0, float(population.sessions), max(actions, sessions - population.sessions))
    per_ns = (population.arrivals or 0.0) / 1e9
    lead_ns = min(_long_ns(length), _DAY_NS)
    at_once = per_ns * most * min(mean_ns, lead_ns + run_ns)
    sessions = per_ns * run_ns + at_once / most
    actions = max(at_once / most * run_ns / round_ns, per_ns * run_ns)
    return _Load(sessions, per_ns * most * (run_ns + lead_ns), at_once, actions)


def _mean_ns(distribution: object) -> float:
    if isinstance(distribution, Constant):
        return float(distribution.root)
    if isinstance(distribution, Exponential):
        return float(distribution.mean)
    if isinstance(distribution, Uniform):
        return (distribution.from_ + distribution.to) / 2
    assert isinstance(distribution, LogNormal)
    sigma = math.log(distribution.p99 / distribution.median) / Z99
    return distribution.median * math.exp(min(sigma * sigma / 2, 50.0))


def _long_ns(distribution: object) -> float:
    """The 99.9th percentile: so long before the run sessions begin to arrive."""
    if isinstance(distribution, LogNormal):
        sigma = math.log(distribution.p99 / distribution.median) / Z99
        return distribution.median * math.exp(sigma * _Z999)
    if isinstance(distribution, Exponential):
        return 6.9 * distribution.mean
    return float(distribution.to) if isinstance(distribution, Uniform) else _mean_ns(distribution)


def _of_windows(experiment: Experiment, topology: Topology, document: Document) -> Cost:
    """What is counted in each window: in all, and by all that is counted apart."""
    windows = experiment.duration // max(experiment.objective.window_ns(experiment.duration), 1)
    size = windows * _counts_of_window(experiment, topology) * _BYTES_OF_COUNT
    what, seconds = f"{about(windows)} windows", windows * _S_OF_WINDOW
    return _cost(document, ("objective", "window"), what, "make the windows longer", seconds, size)


def _counts_of_window(experiment: Experiment, topology: Topology) -> int:
    """Numbers that are kept of a window: each counter, and its copy at the end with what is found then."""
    populations = len(experiment.users) + sum(isinstance(fault, BotFault) for fault in experiment.faults)
    operations = sum(len(service.operations) for service in topology.services.values()) + 1
    plan = SimpleNamespace(
        region_count=len(topology.regions),
        pop_near=range(populations),
        op_service=range(operations),
        store_kind=range(_stores(topology)),
        externals=len(topology.external),
        callees=_callees(topology),
    )
    return sum(
        math.prod(axis.length(plan) for axis in field.axes if axis is not WINDOW)
        for field in (*fields_of(Counters), *fields_of(Tallies))
        if WINDOW in field.axes
    )


def _callees(topology: Topology) -> int:
    """Callees, at most: services, each once for every region and every client of its own."""
    services = topology.services.values()
    steps = [step for one in services for steps in one.operations.values() for step in steps]
    return len({(step.call, step.to) for step in steps if isinstance(step, Call)})


def _of_restores(experiment: Experiment, topology: Topology, document: Document) -> Iterator[Cost]:
    """Those that the experiment starts."""
    for number, one in enumerate(experiment.restores):
        yield _of_restore(one.store, 0.0, topology, document, ("restores", number))


def _of_restore_steps(
    experiment: Experiment, topology: Topology, seconds: float, document: Document
) -> Iterator[Cost]:
    """Those that plans may start, for each of which the run, which takes so long, is played once more."""
    for step in steps_that_may_run(experiment, topology, RestoreStep):
        yield _of_restore(step.restore, seconds, topology, document, ("duration",))


def _of_restore(store: str, seconds: float, topology: Topology, document: Document, path: Path) -> Cost:
    """What is kept of each item that changes after the point, and looked through when it is restored."""
    items = (topology.tables | topology.databases)[store].items
    what, remedy = f"{about(items)} items restored", "have fewer restores, or fewer items"
    seconds, size = seconds + items * _S_OF_RESTORED_ITEM, items * _BYTES_OF_KEPT_ITEM
    return _cost(document, path, what, remedy, seconds, size)


def _of_fault(
    number: int, fault: Fault, experiment: Experiment, topology: Topology, document: Document
) -> Cost:
    """What bots ask for, and how often a fault comes and goes."""
    acts_ns = max(min(end_ns(fault), experiment.duration) - fault.at, 0)
    switches = 2.0 if fault.flapping is None else 2.0 * acts_ns / max(fault.flapping.period, 1)
    requests = fault.bots.rate * acts_ns / 1e9 if isinstance(fault, BotFault) else 0.0
    what = f"{about(requests)} requests of bots" if requests else f"{about(switches)} changes"
    each = _requests_each(fault.bots.actions, topology) if isinstance(fault, BotFault) else 1.0
    seconds = requests * each * _S_OF_ACTION + switches * _S_OF_SWITCH
    return _cost(document, ("faults", number), what, "shorten it, or make it rarer", seconds, 0.0)


def _of_store(section: str, name: str, topology: Topology, run_ns: int, document: Document) -> Cost:
    store = getattr(topology, section)[name]
    regions, places = (
        len(topology.regions),
        len(store.regions if isinstance(store, Cache) else store.replicas),
    )
    ranked = isinstance(store.popularity, Popularity)
    steps = min(run_ns // (10 * 10**9), _LAG_STEPS, _LAG_STEPS_OF_ALL // max(_pairs(topology), 1)) + 1
    steps = max(steps, run_ns // (300 * 10**9) + 1)
    size = store.items * (8 + 8 * places + ranked * _BYTES_OF_RANKED_ITEM)
    size += regions * regions * (_BYTES_OF_PAIR + steps * _BYTES_OF_LAG_STEP)
    seconds = store.items * ranked * _S_OF_RANKED_ITEM + regions * regions * _S_OF_PAIR
    what = f"{about(store.items)} items"
    remedy = "have fewer items, regions or stores, or a shorter run"
    return _cost(document, (section, name), what, remedy, seconds, size)


def _pairs(topology: Topology) -> int:
    """Directed pairs of regions, for each store."""
    return _stores(topology) * len(topology.regions) ** 2


def _stores(topology: Topology) -> int:
    return sum(len(getattr(topology, section)) for section in _STORES)
