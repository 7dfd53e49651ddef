"""One session's story: the run once more, with the trace of that session alone."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CAUSES, NOTHING, Cause
from simulator.boundary.events import ANSWER_CHANGED, FAULT_OFF, FAULT_ON
from simulator.boundary.kinds import NEVER_NS, ORDINAL_BITS
from simulator.boundary.outcomes import LOOKUP_SOURCES, OUTCOMES, SESSION_CLASSES, SUCCEEDED
from simulator.boundary.traces import ACTION, SESSION, TRY
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.errors import UsageError
from simulator.explore.losses import Losses, Row, rows_of
from simulator.explore.tracing import followed as trace
from simulator.explore.tracing import heard
from simulator.history.planned import planned
from simulator.language.files import Loaded
from simulator.outcome import Outcome
from simulator.pipeline import DEFAULT_SEED, checked_seed, prepared, recipe_of
from simulator.plan.lowered import Plan
from simulator.plan.names import NamePlan
from simulator.records import dataclass
from simulator.result.story import Act, Happening, Story, Try
from simulator.simulation import Progress
from simulator.units import shown

_FOUND_BY = (*LOOKUP_SOURCES, "connection")
_HAPPENINGS = FAULT_ON, FAULT_OFF, ANSWER_CHANGED
_NOWHERE = -1


def story_of(
    experiment: Loaded,
    session: int,
    population: str | None = None,
    *,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> Story:
    """What a session of a population did and met; the population may be left out where there is one alone.

    Raises UsageError if there is no such session; otherwise as `simulator.run`.
    """
    loaded, plan = _planned(experiment, seed)
    number = _number_of(plan, population, session)
    plane, outcome = trace(plan, number, progress)
    rows = [_from_zero(row, plan.data.counts_from_ns) for row in rows_of(plane.rows())]
    followed = _Followed(outcome, number, rows, _in_progress(plane, number, plan.data.counts_from_ns))
    if not followed.took_place:
        whose = plan.populations[number >> ORDINAL_BITS]
        raise UsageError(f"no session {session:,} of {whose} took place in this run; --worst finds one")
    return _told(loaded, followed, seed)


def worst_session(
    experiment: Loaded, *, seed: int = DEFAULT_SEED, progress: Progress | None = None
) -> tuple[str, int]:
    """Population and number of the session that was without service for longest; of equals the first.

    Bots are left out. Raises UsageError if every user was served well throughout.
    """
    _, plan = _planned(experiment, seed)
    plane, _, losses = heard(plan, TRACE_ALL, Losses, progress)
    losses.end(plane.in_progress())
    number = losses.worst()
    if number is None:
        raise UsageError("every user was served well throughout this run; --session N follows any of them")
    return plan.populations[number >> ORDINAL_BITS], number & ((1 << ORDINAL_BITS) - 1)


def _planned(experiment: Loaded, seed: int) -> tuple[Loaded, Plan]:
    loaded = prepared(experiment, checked_seed(seed))
    return loaded, planned(loaded.experiment, loaded.topology, seed)


def _number_of(plan: Plan, population: str | None, session: int) -> int:
    names = plan.populations
    if population is None and len(names) != 1:
        raise UsageError(f"--session needs the population, too, such as {names[0]}:{session}")
    if population is not None and population not in names:
        raise UsageError(f"there is no population {shown(population)}; there is {', '.join(names)}")
    return ((0 if population is None else names.index(population)) << ORDINAL_BITS) | session


def _from_zero(row: Row, zero_ns: int) -> Row:
    """A row whose instants count from the end of the warm-up."""
    moved = {"begin_ns": row["begin_ns"] - zero_ns, "end_ns": row["end_ns"] - zero_ns}
    if row["kind"] == SESSION:
        moved["version"] = row["version"] - zero_ns
    return {**row, **moved}


def _in_progress(plane: CompiledPlane, number: int, zero_ns: int) -> dict[str, NDArray[np.int64]]:
    """The session, if it is in progress, with its instants from the end of the warm-up: one row, or none."""
    columns = plane.in_progress()
    found = columns["number"] == number
    mine = {name: column[found] for name, column in columns.items()}
    begun = mine["action_start_ns"]
    mine["action_start_ns"] = np.where(begun == NEVER_NS, NEVER_NS, begun - zero_ns)
    mine["start_ns"] = mine["start_ns"] - zero_ns
    return mine


@dataclass(frozen=True)
class _Followed:
    """A session in a finished run; all instants count from its zero."""

    outcome: Outcome
    number: int
    rows: list[Row]
    present: dict[str, NDArray[np.int64]]

    @property
    def plan(self) -> Plan:
        return self.outcome.plan

    @property
    def end(self) -> Row | None:
        """Its end, if it had one in the run."""
        return next((row for row in self.rows if row["kind"] == SESSION and row["end_ns"] >= 0), None)

    @property
    def took_place(self) -> bool:
        return self.end is not None or len(self.present["number"]) > 0

    def at_end(self, name: str) -> int:
        """A column of a session in progress at the end of the run."""
        return int(self.present[name][0])

    @property
    def lost_ns(self) -> int:
        losses = Losses(self.plan.data)
        for row in self.rows:
            losses.take(row)
        losses.end(self.present)
        return losses.lost_ns.get(self.number, 0)


def _told(loaded: Loaded, of: _Followed, seed: int) -> Story:
    plan, end = of.plan, of.end
    population = of.number >> ORDINAL_BITS
    begin_ns = of.at_end("start_ns") if end is None else end["begin_ns"]
    resolver = of.at_end("resolver") if end is None else end["route"]
    return Story(
        recipe=recipe_of(loaded, seed),
        population=plan.populations[population],
        session=of.number & ((1 << ORDINAL_BITS) - 1),
        near=plan.locations[plan.data.pop_near[population]],
        begin_s=begin_ns / 10**9,
        end_s=None if end is None else end["end_ns"] / 10**9,
        ended_as=SESSION_CLASSES[of.at_end("trouble") if end is None else end["outcome"]],
        resolver_extends_s=float(plan.data.resolver_extend_ns[resolver]) / 10**9,
        lost_s=of.lost_ns / 10**9,
        acts=tuple(_acts(of)),
        happenings=tuple(_happenings(of, begin_ns, plan.data.duration_ns if end is None else end["end_ns"])),
    )


def _acts(of: _Followed) -> Iterator[Act]:
    """The session's actions that ended in the run or had not ended then, each with its tries."""
    tries: list[Row] = []
    number = 0
    for row in of.rows:
        if row["kind"] == TRY:
            tries.append(row)
        elif row["kind"] == ACTION:
            if row["end_ns"] >= 0:
                number += 1
                yield _act(of.plan, row, number, tries)
            tries = []
    if of.end is None and of.at_end("action_start_ns") != NEVER_NS:
        yield _waiting(of, number + 1, tries)


def _act(plan: Plan, row: Row, number: int, tries: list[Row]) -> Act:
    good = bool(row["good"])
    return Act(
        number=number,
        operation=plan.operations[row["operation"]],
        begin_s=row["begin_ns"] / 10**9,
        end_s=row["end_ns"] / 10**9,
        outcome=OUTCOMES[row["outcome"]],
        is_good=good,
        held_by=None if good else _cause(row["why"]),
        callee=None if good else _callee(plan, row),
        tries=tuple(map(partial(_try, plan), tries)),
    )


def _waiting(of: _Followed, number: int, tries: list[Row]) -> Act:
    """The action that had not ended when the run did."""
    held = of.at_end("held")
    return Act(
        number=number,
        operation=of.plan.operations[of.at_end("operation")],
        begin_s=of.at_end("action_start_ns") / 10**9,
        end_s=None,
        outcome=None,
        is_good=False,
        held_by=_cause(of.at_end("why") if held == NOTHING else held),
        callee=None,
        tries=tuple(map(partial(_try, of.plan), tries)),
    )


def _try(plan: Plan, row: Row) -> Try:
    failed = row["outcome"] != SUCCEEDED
    return Try(
        begin_s=row["begin_ns"] / 10**9,
        end_s=row["end_ns"] / 10**9,
        operation=plan.operations[row["operation"]],
        region=None if row["region"] == _NOWHERE else plan.regions[row["region"]],
        found_by=_FOUND_BY[row["route"]],
        is_outdated=bool(row["stale"]),
        outcome=OUTCOMES[row["outcome"]],
        held_by=_cause(row["why"]) if failed else None,
        callee=_callee(plan, row) if failed else None,
        is_wrong=bool(row["wrong"]),
    )


def _cause(number: int) -> Cause:
    return CAUSES[number]


def _callee(plan: Plan, row: Row) -> str | None:
    is_held = _cause(row["why"]) == "called_services" and row["callee"] != _NOWHERE
    return plan.stores[row["callee"]] if is_held else None


def _happenings(of: _Followed, begin_ns: int, end_ns: int) -> Iterator[Happening]:
    """Faults, and changes of what the names answer that it asks for, between two instants."""
    names = _names(of.plan, of.number >> ORDINAL_BITS)
    for event in of.outcome.events_of(*_HAPPENINGS):
        concerns = event.kind != ANSWER_CHANGED.name or event.target in names
        if concerns and begin_ns <= event.at_ns <= end_ns:
            regions = event.detail.get("regions", ())
            yield Happening(event.at_ns / 10**9, event.kind, event.target, ", ".join(map(str, regions)))


def _names(plan: Plan, population: int) -> set[str]:
    """The names of the services that a population uses."""
    data, names = plan.data, plan.control.of(NamePlan)
    first = int(data.pop_mix_first[population])
    used = data.mix_operation[first : first + int(data.pop_mix_count[population])]
    return {names[name].name for name in data.op_name[used].tolist() if name >= 0}
