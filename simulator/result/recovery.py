"""Recovery: when the service was OK again, what the time went to, whether each fault was felt."""

from collections.abc import Mapping
from dataclasses import field

from simulator.records import dataclass
from simulator.result.plain import UNWRITTEN


@dataclass(frozen=True)
class Phase:
    """One bar of the waterfall. Phases follow each other without a gap."""

    phase: str
    """`detect`, `decide`, `change_dns`; of a failover plan `await_trigger`, `reach_people`, `decide`,
    `approve`, `plan_step`; or what held most of those not served: `caches_expire`, `capacity_too_small`, or
    any other cause by its name; `well_between`: nobody, until another fault."""
    start_s: float
    """When it began, in seconds of the run."""
    end_s: float
    """When it ended, in seconds of the run."""
    ended_by: str
    """detection, operator, answer, expiry, repair, restore, promotion, failback, fault, growth, itself or
    not_ended."""
    not_served: int
    """Actions of people that were bad and began or waited in it."""
    held_by: Mapping[str, int]
    """The same by what held them, most first."""
    step: str = ""
    """Of `approve` and `plan_step`: the step of a failover plan; else empty."""
    externals: tuple[str, ...] = ()
    """If failed calls to external dependencies held anybody in it: to which, most failures first."""
    callees: Mapping[str, int] = field(default_factory=dict)
    """Of those whom called services held: by which service, most first."""


@dataclass(frozen=True)
class OnPlateau:
    """What one population has of a plateau."""

    not_served: int
    """Its actions that were bad in it, those that waited from before counted; each counts once."""
    share: float
    """The share of bad ones among its actions, as that of the plateau."""


@dataclass(frozen=True)
class Plateau:
    """After the first improvement: the longest stretch in which the share of bad actions stayed level."""

    start_s: float
    """When it began, in seconds of the run."""
    end_s: float
    """When it ended, in seconds of the run."""
    share: float
    """The share of bad actions in its windows, in each of which those that still wait count."""
    held_by: Mapping[str, int]
    """The actions that were bad in it by what held them, most first; each counts once."""
    populations: Mapping[str, OnPlateau]
    """The same by population, most first; one without an action in it is left out."""


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again and staying OK, or to the end of the run."""

    start_s: float
    """The start of the fault, in seconds of the run."""
    horizon_s: float
    """The next declared fault, or the end of the run, in seconds of the run."""
    recovered_s: float
    """The end of the last block that was not OK, in seconds of the run; the start if there was none."""
    recovery_time_s: float
    """From the start to that, in seconds, whether or not it is shown."""
    held_until_s: float
    """The end of the last block since then that was OK, in seconds of the run."""
    shown: bool
    """Whether the service has been shown to stay OK for the hold."""
    missing_s: float
    """How much of the hold is not covered by blocks that are OK, in seconds."""
    missing_actions: int
    """So many more actions without a failure would show that it is OK; 0 if no block is open."""
    service_was_not_ok: bool
    """Whether the service was ever not OK in the episode."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: when so large a share of the actions was good again and stayed so."""

    share: float
    """The share of the actions."""
    recovery_time_s: float
    """From the start of the worst episode, in seconds, whether or not it is shown."""
    shown: bool
    """Whether it has been shown to stay so for the hold."""


@dataclass(frozen=True)
class Fault:
    """One declared fault."""

    fault: str
    """What it strikes, and how."""
    start_s: float
    """When it began to act, in seconds of the run."""
    end_s: float
    """When it ended, at the latest with the run, in seconds of the run."""
    requests: int
    """Requests that met it: that consulted something that looked as it set it, each counted once; of
    a frozen control plane, what people asked of it and it refused."""
    intervals_s: tuple[tuple[float, float], ...] = field(default=(), metadata=UNWRITTEN)
    """The times in which it acts, flapping apart, as pairs of start and end in seconds of the run."""
    is_random: bool = field(default=False, metadata=UNWRITTEN)
    """Whether it comes and goes at random."""


@dataclass(frozen=True)
class Objective:
    """When the service counts as OK."""

    success: float
    """At least this share of the actions of people must be good: succeed in time."""
    within_s: float
    """How long an action may take in seconds, where neither operation nor population says otherwise."""
    window_s: float
    """The length of a window in seconds."""
    hold_s: float
    """How long the service must stay OK to have recovered, in seconds."""
    within_operations_s: Mapping[str, float] = field(default_factory=dict)
    """How long an action of these operations may take in seconds, whoever asks for it."""
    within_populations_s: Mapping[str, float] = field(default_factory=dict)
    """How long an action of these populations may take in seconds, of other operations."""


@dataclass(frozen=True)
class Recovery:
    """Recovery time, isolation, and whether each fault was felt."""

    recovery_time_s: float | None
    """The worst episode's time from the start of its fault to the end of the last block of windows that was
    not OK, in seconds, shown or not; 0 if it stayed OK; null without a fault, or if nobody acted."""
    shown: bool | None
    """Whether the service has been shown to stay OK after that for the hold; null without a recovery time."""
    not_shown: str
    """Why it is not shown; empty if it is."""
    isolation: bool | None
    """Whether the service was OK through every fault; null if that is open."""
    ladder: tuple[Rung, ...]
    """The same for 50, 90, 95, 99 and 99.9 % of the actions, and for the objective."""
    user_minutes_lost: float
    """Minutes from a user's bad action to the next good answer, or to when the session was due to end."""
    phases: tuple[Phase, ...]
    """The waterfall of that episode: the phases sum to its recovery time."""
    plateau: Plateau | None
    """Who was still not served after the first improvement; null if nobody, or only for a moment."""
    episodes: tuple[Episode, ...]
    """Every episode, in order."""
    faults: tuple[Fault, ...]
    """Every declared fault, in the file's order."""
    objective: Objective
    """When the service counted as OK."""
