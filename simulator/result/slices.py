"""Slices: what happened to the actions and sessions of each population, to the actions of each operation."""

from collections.abc import Mapping

from simulator.records import dataclass
from simulator.result.continuity import Sessions
from simulator.result.recovery import Rung
from simulator.result.requests import Action, ByOutcome, Latency


@dataclass(frozen=True)
class SliceRecovery:
    """When the actions of a slice were good again and stayed so: its own worst episode."""

    recovery_time_s: float | None
    """From the start of the episode's fault to the end of its last block that was not OK, in seconds, shown
    or not; null without a fault, or if there was no action."""
    shown: bool | None
    """Whether it has been shown to stay OK after that for the hold; null without a recovery time."""
    not_shown: str
    """Why it is not shown; empty if it is."""
    isolation: bool | None
    """Whether it was OK through every fault; null if that is open."""
    ladder: tuple[Rung, ...]
    """The same for 50, 90, 95, 99 and 99.9 % of its actions, and for the objective."""


@dataclass(frozen=True)
class Slice:
    """The actions of people that belong to one population, or to one operation."""

    actions: int
    """Actions that are good or bad."""
    success: float | None
    """The share of them that were good, succeeded in time; null if there was none."""
    wrong_answers: int
    """Those of them that succeeded and whose answer was wrong: they had read damaged data."""
    by_outcome: ByOutcome
    """Finished, by outcome."""
    latency: Latency
    """How long they took, failed ones too."""
    recovery: SliceRecovery
    """When they were good again."""


@dataclass(frozen=True)
class PopulationSlice(Slice):
    """The actions and sessions of one population of users, and where its requests went."""

    user_minutes_lost: float
    """Minutes from a user's bad action to the next good answer, or to when the session was due to end."""
    sessions: Sessions
    """Its sessions alive during a fault."""
    signed_in: Sessions
    """Of these, the ones that were there when the fault began."""
    arriving: Sessions
    """And those that came while it acted."""
    traffic: Mapping[str, float | None]
    """The share of its requests that was sent to each region; null if none was sent to any."""


@dataclass(frozen=True)
class Both(Action):
    """The actions of one operation that one population asked for."""

    actions: int
    """Actions that are good or bad."""
    bad: int
    """Of these, the ones that did not succeed, or not in time, or with a wrong answer."""
    wrong_answers: int
    """Of these actions, the ones that succeeded and whose answer was wrong."""
    by_outcome: ByOutcome
    """Finished, by outcome."""


@dataclass(frozen=True)
class Slices:
    """The same figures for parts of the whole: by population, by operation."""

    populations: Mapping[str, PopulationSlice]
    """By the population's name; bots are in none."""
    operations: Mapping[str, Slice]
    """By `service.operation`, those that people ask for."""
    both: tuple[Both, ...]
    """By population and operation, as far as that is counted."""
