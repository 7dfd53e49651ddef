"""A disaster-recovery test: what was played and what not, what became of each function, how it was judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from simulator.records import dataclass
from simulator.result.plans import PlanRun
from simulator.result.readiness import Readiness
from simulator.result.recovery import Phase
from simulator.result.whole import EXIT_CODES

NOT_APPLICABLE = "not applicable"
MET, MISSED, NOT_SHOWN, UNTESTED, NO_OBJECTIVE = "met", "missed", "not shown", "untested", "no objective"
_WORST_FIRST = (MISSED, NOT_SHOWN, UNTESTED, MET, NO_OBJECTIVE)


@dataclass(frozen=True)
class Function:
    """A business function and its objectives; None where there is none."""

    name: str
    operations: tuple[str, ...]
    """As `service.operation`; empty if it is made of populations, or of everything."""
    populations: tuple[str, ...]
    stores: tuple[str, ...]
    """What its operations read or write."""
    service_level: float = 0.99
    recovery_time_s: float | None = None
    recovery_point_s: float | None = None
    tolerable_outage_s: float = 86_400.0
    origin: str = ""
    critical: bool = True

    @property
    def has_objective(self) -> bool:
        """Whether anything is asked of it."""
        return self.recovery_time_s is not None or self.recovery_point_s is not None


@dataclass(frozen=True)
class Asked:
    """What is asked of a function in one scenario; None: what is asked in all others."""

    recovery_time_s: float | None
    recovery_point_s: float | None


@dataclass(frozen=True)
class Scenario:
    """One disruption."""

    key: str
    """Its name in files: the kind, and what it strikes."""
    kind: str
    """What kind of disruption it is."""
    title: str
    """The same for a reader."""
    column: str
    """What it belongs to among the four kinds of AWS Resilience Hub: Software, Infrastructure, AZ, Region."""
    faults: tuple[dict[str, Any], ...]
    """As an experiment says them."""
    restores: tuple[dict[str, Any], ...] = ()
    operator: tuple[dict[str, Any], ...] = ()
    duration_ns: int = 2_700 * 10**9
    """How long it is played at first."""
    gone: dict[str, str] = field(default_factory=dict)
    """Store → why its data is gone, or wrong, for good."""
    objectives: dict[str, Asked] = field(default_factory=dict)
    """Functions of which something else is asked here."""
    start_of_day_ns: int | None = None
    """The time of the day at which its run begins; None: that of all others."""

    def asked_of(self, function: Function) -> Function:
        """The function with what is asked of it here."""
        own = self.objectives.get(function.name)
        if own is None:
            return function
        time_s = function.recovery_time_s if own.recovery_time_s is None else own.recovery_time_s
        point_s = function.recovery_point_s if own.recovery_point_s is None else own.recovery_point_s
        return replace(function, recovery_time_s=time_s, recovery_point_s=point_s)


@dataclass(frozen=True)
class NotPlayed:
    """A scenario that is not tested, and why."""

    key: str
    title: str
    status: str
    """`not applicable`: the topology cannot have it; `untested`: it could, and nobody knows what would be."""
    reason: str


@dataclass(frozen=True)
class OfFunction:
    """What became of a function."""

    actions: int
    """Its actions from the disruption on."""
    success: float | None
    """The share of them that were good."""
    recovery_time_s: float | None
    """Until it was good again, or to the end of the run; None if nobody used it."""
    shown: bool
    """Whether it was shown to stay good."""
    not_shown: str
    """Why not."""
    settled: bool
    """Whether it was bad when the run ended, no longer got better, and nothing was still to come."""
    first_good_s: float | None
    """Until half of its actions were good again; None if they were not."""
    phases: tuple[Phase, ...]
    """The waterfall of that time, of all people."""
    from_s: float = 0.0
    """When the fault began from which its recovery time counts, in seconds of the run."""


@dataclass(frozen=True)
class OfStore:
    """What became of the data of a store."""

    recovery_point_s: float | None
    """The age of the oldest write out of reach or missing, at worst; None if none was at stake."""
    acknowledged: int
    missing: int
    lost: int
    overwritten: int
    """Updates of which nothing is left, because others were made without them in view."""
    restores_open: int
    """Restores that were not done when the run ended."""


@dataclass(frozen=True)
class Moment:
    """An entry of the timeline."""

    at_s: float
    what: str


@dataclass(frozen=True)
class Measured:
    """A scenario that was played."""

    duration_s: float
    disrupted_s: float
    functions: Mapping[str, OfFunction]
    stores: Mapping[str, OfStore]
    timeline: tuple[Moment, ...]
    user_minutes_lost: float
    sessions: int
    """Sessions alive during the disruption,"""
    sessions_disturbed: int
    """and those of them that noticed something."""
    wrong_answers: int
    traffic: Mapping[str, float | None]
    """The share of the attempts that each region answered, of the whole run."""
    restore_time_s: float | None
    """From the damage until what was restored is in use; None without a restore that was done."""
    plans: tuple[PlanRun, ...]
    """The failover plans that were triggered."""
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """One objective of a function in a scenario."""

    objective_s: float | None
    measured_s: float | None
    """None if nothing was at stake, or if it is beyond measuring."""
    endless: bool
    """Whether it does not come back: no figure would be large enough."""
    verdict: str
    reason: str

    @property
    def margin_s(self) -> float | None:
        """How much is left of the objective; negative if it is missed; None without figures."""
        if self.objective_s is None or self.measured_s is None or self.endless:
            return None
        return self.objective_s - self.measured_s


@dataclass(frozen=True)
class Cell:
    """A function in a scenario."""

    function: str
    scenario: str
    time: Judged
    point: Judged
    dominated_by: Phase | None
    """The longest phase of the waterfall."""

    @property
    def verdict(self) -> str:
        """The worse of the two."""
        return worst([self.time.verdict, self.point.verdict])


def worst(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts."""
    found = {*verdicts}
    return next((one for one in _WORST_FIRST if one in found), NO_OBJECTIVE)


def overall(cells: Sequence[Cell]) -> str:
    """The verdict of a drill: met, missed, inconclusive or no_expectations, as that of a run."""
    found = worst(cell.verdict for cell in cells)
    by = {MISSED: "missed", NOT_SHOWN: "inconclusive", UNTESTED: "inconclusive", MET: "met"}
    return by.get(found, "no_expectations")


@dataclass(frozen=True)
class Load:
    """A population of the usual load."""

    near: str
    sessions: int | None
    """So many at once;"""
    arrivals_a_second: float | None
    """or so many new ones."""


@dataclass(frozen=True)
class Drill:
    """A drill that was made."""

    title: str
    """What the topology says that it is."""
    file: str
    """The name of the topology's file."""
    sha256: str
    """Of the text of the topology."""
    settings: tuple[str, ...]
    """What was set beyond that text, as `PATH=VALUE`, in order."""
    simulator: str
    """The version of this program."""
    seed: int
    regions: Mapping[str, str]
    """Region → its role."""
    usual_load: Mapping[str, Load]
    """By population."""
    readiness: Readiness
    """What each standby has and lacks, and what is single."""
    functions: tuple[Function, ...]
    listed: tuple[Scenario | NotPlayed, ...]
    """Every scenario, played or not, in the order of the report."""
    played: dict[str, Measured]
    cells: tuple[Cell, ...]
    start_of_day_ns: int
    """The time of the day at which each run begins."""

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Those that were played."""
        return tuple(one for one in self.listed if isinstance(one, Scenario))

    @property
    def not_played(self) -> tuple[NotPlayed, ...]:
        """The others."""
        return tuple(one for one in self.listed if isinstance(one, NotPlayed))

    @property
    def verdict(self) -> str:
        """met, missed, inconclusive, or no_expectations without objectives."""
        return overall(self.cells)

    @property
    def exit_code(self) -> int:
        """As that of a run."""
        return EXIT_CODES[self.verdict]


@dataclass(frozen=True)
class Compared:
    """A drill beside earlier ones of the same topology, as the lines of a history."""

    lines: tuple[Mapping[str, Any], ...]
    """Earlier ones, and this one last."""
    changes: tuple[str, ...]
    """What is different since the last."""

    @property
    def last(self) -> Mapping[str, Any] | None:
        """The line of the last drill before; None if there was none."""
        return self.lines[-2] if len(self.lines) > 1 else None
