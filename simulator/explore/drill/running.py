"""Playing the scenarios of a drill side by side; what is finished is kept, so that a killed drill resumes.

A run's length is fixed before it begins. A scenario is played for its first length; one whose recovery,
restore or plan is not over is played again from the start, three times as long, and then until it is known
whether the objectives hold, or, while a restore or plan is open, for as long as the tolerable outage.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from functools import partial
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from simulator.explore.drill.measured import has_open, measured
from simulator.explore.drill.moment import earlier_ns
from simulator.explore.drill.scenarios import experiment_of
from simulator.explore.packing import Packed
from simulator.explore.replays import play
from simulator.explore.workers import on_workers
from simulator.history.planned import planned
from simulator.language.changes import with_changes
from simulator.language.checks.memory import check_memory
from simulator.language.files import Loaded
from simulator.language.models.experiment import Experiment
from simulator.language.models.topology import Topology
from simulator.outcome import Outcome
from simulator.pipeline import objective_of, warm_up
from simulator.plan.digests import digest_of, program_digest
from simulator.plan.lowered import Plan
from simulator.records import dataclass
from simulator.result.drill import Function, Measured, OfFunction, Scenario
from simulator.result.recovery import Objective

_LONGER = 3
"""How many times longer a scenario is played the second time."""
_SEEN_S = 600.0  # so long after its objective it is seen that a function is still bad
_NS = 10**9
KEPT = "scenarios"
"""The folder of what is finished, within that of the report."""

Heard = Callable[[int, int], None]
"""Hears how many runs are done, of how many."""


@dataclass(frozen=True)
class _Task:
    """One run on its way."""

    scenario: Scenario
    plan: Plan
    measure: Callable[[Outcome], Measured]
    key: str


@dataclass
class Stage:
    """Where and how scenarios are played."""

    topology: Topology
    functions: tuple[Function, ...]
    seed: int
    processes: int
    kept_in: Path | None = None
    heard: Heard = lambda _done, _of: None
    experiments: Mapping[str, Experiment] = field(default_factory=dict)
    """Of scenarios that are none of the default set, what plays them, by key."""
    _played: dict[str, Measured] = field(default_factory=dict)

    def play(self, scenarios: Sequence[Scenario]) -> dict[str, Measured]:
        """What each scenario gave, by its key: the same for any number of processes.

        Raises SpecError if a run would need more memory than there is, DefectError if a law is broken.
        """
        warm_up()  # workers load what this process has compiled
        self._round([(one, one.duration_ns + self._earlier_ns(one)) for one in scenarios])
        self._again(scenarios, self._longer_ns)
        self._again(scenarios, self._end_ns)
        return {one.key: self._played[one.key] for one in scenarios}

    def _again(self, scenarios: Sequence[Scenario], length_ns: Callable[[Scenario], int]) -> None:
        """Play what has not shown everything from the start, longer."""
        lengths = [(one, length_ns(one)) for one in scenarios if needs_longer(self._played[one.key])]
        self._round([(one, ns) for one, ns in lengths if ns > _NS * self._played[one.key].duration_s])

    def _longer_ns(self, scenario: Scenario) -> int:
        """The second length: at most the longest tolerable outage from the disruption on."""
        outage_ns = round(max(one.tolerable_outage_s for one in self.functions) * _NS)
        begins_ns = round(self._played[scenario.key].disrupted_s * _NS)
        return min(_LONGER * scenario.duration_ns + self._earlier_ns(scenario), begins_ns + outage_ns)

    def _earlier_ns(self, scenario: Scenario) -> int:
        """How much earlier a run of the default set begins, for backups."""
        return 0 if scenario.key in self.experiments else earlier_ns(self.topology)

    def _end_ns(self, scenario: Scenario) -> int:
        """The last length: what is open is decided by then; 0 if nothing is that anything is asked of."""
        run = self._played[scenario.key]
        functions = [scenario.asked_of(one) for one in self.functions]
        open_s = [_decided_by_s(one, run) for one in functions]
        if something_open(run):
            open_s += [one.tolerable_outage_s for one in functions]
        return round((run.disrupted_s + max(open_s)) * _NS) if any(open_s) else 0

    def _round(self, wanted: Iterable[tuple[Scenario, int]]) -> None:
        tasks = [self._task(scenario, duration_ns) for scenario, duration_ns in wanted]
        tasks.sort(key=lambda one: -one.plan.data.duration_ns)  # the long ones first, so that no worker idles
        found = {one.key: self._read(one.key) for one in tasks}
        left = [one for one in tasks if found[one.key] is None]
        self.heard(len(tasks) - len(left), len(tasks))

        def done(number: int, what: Measured) -> None:
            found[left[number].key] = what
            self._keep(left[number].key, what)
            self.heard(len(tasks) - len(left) + number + 1, len(tasks))

        on_workers(_run, [Packed(one, one.scenario.title) for one in left], self.processes, heard=done)
        for task in tasks:
            what = found[task.key]
            assert what is not None
            self._played[task.scenario.key] = what

    def _task(self, scenario: Scenario, duration_ns: int) -> _Task:
        own = self.experiments.get(scenario.key)
        experiment = (
            experiment_of(scenario, self.topology, duration_ns - self._earlier_ns(scenario))
            if own is None
            else own.model_copy(update={"duration": duration_ns})
        )
        loaded = with_changes(Loaded(experiment, self.topology, scenario.key, {}))
        check_memory(loaded.costs)
        plan = planned(loaded.experiment, loaded.topology, self.seed)
        objective = objective_of(loaded.experiment)
        measure = partial(measured, self.functions, objective)
        return _Task(scenario, plan, measure, self._key(plan, objective))

    def _key(self, plan: Plan, objective: Objective) -> str:
        """The digest of all that a measured scenario depends on."""
        said = f"{digest_of(plan)}{self.functions!r}{objective!r}{program_digest()}"
        return sha256(said.encode()).hexdigest()[:32]

    def _read(self, key: str) -> Measured | None:
        """What was finished before; None if nothing was, or if it cannot be read."""
        if self.kept_in is None:
            return None
        try:
            return _FORMAT.validate_json((self.kept_in / f"{key}.json").read_bytes())
        except (OSError, ValueError):
            return None

    def _keep(self, key: str, what: Measured) -> None:
        """What cannot be kept is played again if the drill is killed; no more than that."""
        if self.kept_in is None:
            return
        with suppress(OSError):
            self.kept_in.mkdir(parents=True, exist_ok=True)
            unfinished = self.kept_in / f".{key}.{os.getpid()}"
            unfinished.write_bytes(_FORMAT.dump_json(what))
            unfinished.replace(self.kept_in / f"{key}.json")


_FORMAT = TypeAdapter(Measured)


def needs_longer(what: Measured) -> bool:
    """Whether a longer run could show what this one did not."""
    return something_open(what) or any(_is_open(one) for one in what.functions.values())


def something_open(what: Measured) -> bool:
    """Whether a restore or a plan was under way when the run ended."""
    return has_open(what.plans) or any(one.restores_open for one in what.stores.values())


def _is_open(one: OfFunction) -> bool:
    """Whether a function's recovery is neither shown nor known to be never."""
    return one.recovery_time_s is not None and not one.shown and not one.settled


def _decided_by_s(one: Function, run: Measured) -> float:
    """When it is known whether a function recovers in time, from the disruption on; 0 if it is known now."""
    found, asked_s = run.functions[one.name], one.recovery_time_s
    if asked_s is None or not _is_open(found) or (found.recovery_time_s or 0.0) > asked_s:
        return 0.0
    return asked_s + _SEEN_S


def _run(packed: Packed[_Task]) -> Measured:
    task = packed.value
    return play(task.measure, task.plan)
