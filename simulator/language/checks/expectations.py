"""Expectations checked: one measure each, bounds in order, names that exist."""

from collections.abc import Iterator
from typing import Any

from simulator.boundary.measure_terms import Key, Measure, Scope
from simulator.boundary.measures import BY_NAME
from simulator.language.checks.faults.stores import check_copied, check_replica
from simulator.language.models.draining import names_to_drain
from simulator.language.models.expectations import Expectation, Likely
from simulator.language.models.experiment import Experiment
from simulator.language.models.plans import ChildPlanStep, FailoverPlan, names_of, placed_steps
from simulator.language.models.topology import Topology
from simulator.language.models.waits import DrainStep
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration


def check_expectations(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every expectation that cannot be judged, but for unknown names."""
    for number, expectation in document.numbered("expect", experiment.expect):
        _check_one(expectation, experiment, topology, document, ("expect", number))


def _check_one(
    expectation: Expectation, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    measures = sorted(expectation.model_fields_set)
    if len(measures) != 1:
        has = " and ".join(f"'{one}'" for one in measures) or "none"
        document.problem(f"an expectation names exactly one measure; this one has {has}", path)
        return
    measure, bounds, path = BY_NAME[measures[0]], getattr(expectation, measures[0]), (*path, measures[0])
    if isinstance(bounds, bool):
        return
    if len(measure.parts) > 1:
        _check_parts(measure, bounds, document, path)
    elif measure.yes_no is None:
        _check_bounds(bounds, document, path)
    else:
        _check_likely(bounds, document, path)
    _check_scope(measure.scope, bounds, experiment, topology, document, path)


def _check_bounds(bounds: Any, document: Document, path: Path) -> None:
    if bounds.at_least is None and bounds.at_most is None:
        document.problem("give 'at_least' or 'at_most'", path, at_key=True)
    elif None not in (bounds.at_least, bounds.at_most) and bounds.at_least > bounds.at_most:
        document.problem("'at_least' is above 'at_most'", (*path, "at_least"))
    _check_likely(bounds, document, path)


def _check_likely(bounds: Likely, document: Document, path: Path) -> None:
    """A share of all runs, and a confidence, that some number of runs can show."""
    if bounds.in_ is not None and not 0.0 < bounds.in_ < 1.0:
        complaint = (
            "no number of runs shows that something holds in all that are possible; say '99.9 %', or leave "
            "'in' out, and it has to hold in every run that is played"
            if bounds.in_
            else "it holds in 0 % of all runs whatever happens; say in how many it is expected, as '99 %'"
        )
        document.problem(complaint, (*path, "in"))
    if bounds.confidence is None:
        return
    if bounds.in_ is None:
        document.problem(
            "a confidence belongs to a share of all runs: add 'in', as '99 %'", (*path, "confidence")
        )
    elif not 0.5 <= bounds.confidence < 1.0:
        complaint = "a confidence is from 50 % to below 100 %; 95 % is usual"
        document.problem(complaint, (*path, "confidence"))


def _check_parts(measure: Measure, bounds: Any, document: Document, path: Path) -> None:
    written = [part for part in measure.parts if getattr(bounds, part.name) is not None]
    if not written:
        keys = " or ".join(f"'{part.name}'" for part in measure.parts)
        document.problem(f"give {keys}", path, at_key=True)
    for part in written:
        if not part.exact:
            _check_bounds(getattr(bounds, part.name), document, (*path, part.name))


def _check_scope(
    scope: Scope, bounds: Any, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    """What is narrowed to is there, and the ends of a pair or of a span fit together."""
    for key in scope.keys:
        if key.what == "store":
            check_copied(getattr(bounds, key.attribute), topology, document, (*path, key.name))
        if key.what == "step of a plan":
            _check_step(bounds, topology, document, (*path, key.name))
        if key.multi_region:
            _check_counters(getattr(bounds, key.attribute), topology, document, (*path, key.name))
    ends, times = ([key for key in scope.keys if key.what == what] for what in ("region", "time"))
    if scope.one_slice:
        _check_slice(bounds, topology, document, path)
    if ends:
        _check_replicas(scope, ends, bounds, topology, document, path)
    if len(ends) == 2 and not ends[0].by_itself:
        _check_pair(ends, bounds, document, path)
    if len(times) == 2:
        _check_span(times, bounds, experiment, document, path)


def _check_step(bounds: Any, topology: Topology, document: Document, path: Path) -> None:
    """The step is one of the plan's, or of any plan's if none is named."""
    plans = [plan for name, plan in topology.plans.items() if bounds.plan in (None, name)]
    if bounds.step is not None and plans:
        names = [name for plan in plans for name in _names_in(plan, topology)]
        known(document, path, bounds.step, names, "step of a plan")


def _names_in(plan: FailoverPlan, topology: Topology) -> Iterator[str]:
    """The names of the steps that can strand, those of child plans behind the step that is the child plan."""
    for name, (_, step) in zip(names_of(plan), placed_steps(plan), strict=True):
        yield name
        if isinstance(step, ChildPlanStep) and step.plan in topology.plans:
            yield from (f"{name} › {one}" for one in names_of(topology.plans[step.plan]))
        if isinstance(step, DrainStep):
            names = step.names or names_to_drain(step.drain, topology)
            yield from (f"{name} › routing controls of {one}" for one in names)
            yield f"{name} › {step.wait.says}"


def _check_slice(bounds: Any, topology: Topology, document: Document, path: Path) -> None:
    """Windows count the actions of a population, and those of an operation, not those of both together."""
    if bounds.operation is None:
        return
    if bounds.population is not None:
        complaint = "give 'population' or 'operation': over time they are not counted together"
        document.problem(complaint, (*path, "operation"), at_key=True)
    services = [name for name, service in topology.services.items() if bounds.operation in service.operations]
    if len(services) > 1:
        ones = " or ".join(f"'{name}.{bounds.operation}'" for name in services)
        document.problem(
            f"several services have an operation '{bounds.operation}'; say {ones}", (*path, "operation")
        )


def _check_replicas(
    scope: Scope, ends: list[Key], bounds: Any, topology: Topology, document: Document, path: Path
) -> None:
    stores = (getattr(bounds, key.attribute) for key in scope.keys if key.what == "store")
    name = next(stores, None)
    for key in ends:
        region = getattr(bounds, key.attribute)
        check_replica(region, name, topology, document, (*path, key.name))


def _check_pair(ends: list[Key], bounds: Any, document: Document, path: Path) -> None:
    from_, to = (getattr(bounds, key.attribute) for key in ends)
    if (from_ is None) != (to is None):
        both = " and ".join(f"'{key.name}'" for key in ends)
        document.problem(f"give both {both}, or neither", path, at_key=True)
    elif from_ is not None and from_ == to:
        document.problem("a replicator has two different ends", path, at_key=True)


def _check_span(
    times: list[Key], bounds: Any, experiment: Experiment, document: Document, path: Path
) -> None:
    """A span lies in the run and holds at least one whole window."""
    end_ns = experiment.duration
    window_ns = experiment.objective.window_ns(end_ns)
    first, last = (key.name for key in times)
    from_ns, to_ns = (getattr(bounds, key.attribute) for key in times)
    from_ns, to_ns = from_ns or 0, end_ns if to_ns is None else to_ns
    if to_ns > end_ns > 0:
        to, end = format_duration(to_ns), format_duration(end_ns)
        document.problem(f"ends at {to}, but the run ends at {end}", (*path, last))
    elif to_ns <= from_ns:
        document.problem(f"'{last}' is not after '{first}'", (*path, last))
    elif window_ns > 0 and not _holds_a_window(from_ns, to_ns, window_ns, end_ns):
        window = format_duration(window_ns)
        complaint = f"no window of {window} lies wholly between '{first}' and '{last}'"
        document.problem(complaint, path, at_key=True)


def _holds_a_window(from_ns: int, to_ns: int, window_ns: int, end_ns: int) -> bool:
    """The last window of a run may be shorter than the others."""
    first_ns = -(-from_ns // window_ns) * window_ns
    return to_ns >= min(first_ns + window_ns, end_ns) and first_ns < to_ns


def _check_counters(name: str | None, topology: Topology, document: Document, path: Path) -> None:
    cache = topology.caches.get(name or "")
    if cache is not None and not cache.multi_region:
        document.problem(f"cache '{name}' is not multi-region, so it has no counters to lose", path)
