"""The story of one session: its actions, their tries, and what each of them met."""

import json

from simulator.boundary.causes import Cause
from simulator.boundary.outcomes import AttemptOutcome, SessionClass
from simulator.records import dataclass
from simulator.result.plain import plain
from simulator.result.whole import Recipe


@dataclass(frozen=True)
class Try:
    """One try of an action, or of the token that it needs."""

    begin_s: float
    """When it began, in seconds of the run; below 0: before the run."""
    end_s: float
    """When it ended."""
    operation: str
    """What was asked for: service.operation, or token."""
    region: str | None
    """Where it went; null if no address was found, or if it went to a content network's edge."""
    found_by: str
    """Who led there: device, resolver, authoritative (Route 53 itself), or connection (one kept alive)."""
    is_outdated: bool
    """Whether Route 53 led such users elsewhere when it began."""
    outcome: AttemptOutcome
    """What became of it."""
    held_by: Cause | None
    """What held it, if it failed; null of one that succeeded."""
    callee: str | None
    """The called service that held it; null if none did."""
    is_wrong: bool
    """Whether it read what was damaged."""


@dataclass(frozen=True)
class Act:
    """One action of the user, with its tries."""

    number: int
    """Among the session's actions in the run, from 1."""
    operation: str
    """What the user wanted."""
    begin_s: float
    """When it began, in seconds of the run."""
    end_s: float | None
    """When it ended; null if it had not when the run ended."""
    outcome: AttemptOutcome | None
    """What became of it; null if it had not ended."""
    is_good: bool
    """Whether it was served well: it succeeded in time, with a right answer. A bot's if it succeeded."""
    held_by: Cause | None
    """What held it, if it was not good; null if it was."""
    callee: str | None
    """The called service that held it; null if none did."""
    tries: tuple[Try, ...]
    """Its tries that had ended, in order."""


@dataclass(frozen=True)
class Happening:
    """An entry of the event log that the story is told beside."""

    at_s: float
    """When, in seconds of the run."""
    kind: str
    """Its kind."""
    target: str
    """What it is about."""
    detail: str
    """What changed; empty if there is no more to say."""


@dataclass(frozen=True)
class Story:
    """What one session did and met."""

    recipe: Recipe
    """What makes the run repeatable."""
    population: str
    """Whose session it is."""
    session: int
    """Its number among the sessions of its population, from 0."""
    near: str
    """Where its user is."""
    begin_s: float
    """When it began, in seconds of the run; below 0: it was in progress when the run began."""
    end_s: float | None
    """When it ended; null if it had not when the run ended."""
    ended_as: SessionClass
    """In which class it ended, or was when the run ended."""
    resolver_extends_s: float
    """How much longer its resolver keeps answers than their TTL says; 0 if it does not."""
    lost_s: float
    """Its time without service: from the begin of each first bad action to the end of the next good one, or
    to the session's due end."""
    acts: tuple[Act, ...]
    """Its actions, in order."""
    happenings: tuple[Happening, ...]
    """Faults, and changes of what Route 53 answers, while it lasted."""

    def to_json(self) -> str:
        """The story as JSON text, ending with a newline."""
        return json.dumps(plain(self), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
