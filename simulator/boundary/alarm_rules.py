"""Rules of composite alarms: which states of other alarms make one.

`ALARM(a) AND (OK(b) OR NOT INSUFFICIENT_DATA(c))`. NOT binds closest, then AND, then OR.
Source: Amazon CloudWatch user guide, *Create a composite alarm*; API reference, *PutCompositeAlarm*.
"""

import re
from collections.abc import Callable, Iterator

from simulator.boundary.alarm_states import STATES
from simulator.records import dataclass

LONGEST = 10_240
"""Characters of the longest rule."""

MOST_CONDITIONS = 500
"""Conditions in one rule."""

_TOKEN = re.compile(r"\s*(?:(?P<word>[A-Za-z_]+)|(?P<sign>[()]))")
_NAME = re.compile(r"""\s*(?:"(?P<quoted>[^"]+)"|'(?P<single>[^']+)'|(?P<plain>[^\s()"']+))\s*\)""")


class BadRule(ValueError):
    """A rule that cannot be read; its text says why."""


@dataclass(frozen=True)
class InState:
    """An alarm is in a state."""

    state: int
    alarm: str


@dataclass(frozen=True)
class Always:
    """TRUE or FALSE."""

    holds: bool


@dataclass(frozen=True)
class Not:
    """The opposite."""

    of: "Condition"


@dataclass(frozen=True)
class Both:
    """AND."""

    left: "Condition"
    right: "Condition"


@dataclass(frozen=True)
class Either:
    """OR."""

    left: "Condition"
    right: "Condition"


Condition = InState | Always | Not | Both | Either


def read_rule(text: str) -> Condition:
    """Read a rule. Raises BadRule with the reason if it is none."""
    if len(text) > LONGEST:
        raise BadRule(f"a rule has at most {LONGEST:,} characters, not {len(text):,}")
    reader = _Reader(text)
    try:
        condition = reader.either()
    except RecursionError:
        raise BadRule("too many parentheses within each other") from None
    if reader.rest():
        raise BadRule(f"AND or OR must stand before '{reader.rest()}'")
    if (count := sum(1 for _ in alarms_in(condition))) > MOST_CONDITIONS:
        raise BadRule(f"a rule has at most {MOST_CONDITIONS} conditions, not {count}")
    return condition


def alarms_in(condition: Condition) -> Iterator[str]:
    """The alarms that a rule names, in order, some perhaps more than once."""
    match condition:
        case InState():
            yield condition.alarm
        case Not():
            yield from alarms_in(condition.of)
        case Both() | Either():
            yield from alarms_in(condition.left)
            yield from alarms_in(condition.right)


def holds(condition: Condition, state_of: Callable[[str], int]) -> bool:
    """Whether a rule holds, given the state of each alarm."""
    match condition:
        case InState():
            return state_of(condition.alarm) == condition.state
        case Always():
            return condition.holds
        case Not():
            return not holds(condition.of, state_of)
        case Both():
            return holds(condition.left, state_of) and holds(condition.right, state_of)
        case Either():
            return holds(condition.left, state_of) or holds(condition.right, state_of)


class _Reader:
    """A rule that is read from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def rest(self) -> str:
        """What has not been read, shortened."""
        return self._text[self._at :].strip()[:20]

    def either(self) -> Condition:
        condition = self._both()
        while self._takes("OR"):
            condition = Either(condition, self._both())
        return condition

    def _both(self) -> Condition:
        condition = self._one()
        while self._takes("AND"):
            condition = Both(condition, self._one())
        return condition

    def _one(self) -> Condition:
        if self._takes("NOT"):
            return Not(self._one())
        if self._takes("("):
            condition = self.either()
            self._must(")")
            return condition
        for word in ("TRUE", "FALSE"):
            if self._takes(word):
                return Always(word == "TRUE")
        for state, word in enumerate(STATES):
            if self._takes(word):
                self._must("(")
                return InState(state, self._name(word))
        what = f"'{self.rest()}' is none" if self.rest() else "nothing follows"
        raise BadRule(f"a condition such as ALARM(name) must stand here; {what}")

    def _name(self, word: str) -> str:
        found = _NAME.match(self._text, self._at)
        if found is None:
            raise BadRule(f"{word}( must be followed by the name of an alarm and ')'")
        self._at = found.end()
        return found["quoted"] or found["single"] or found["plain"]

    def _takes(self, word: str) -> bool:
        """Read a word, if it is the next one."""
        found = _TOKEN.match(self._text, self._at)
        if found is None or (found["word"] or found["sign"]) != word:
            return False
        self._at = found.end()
        return True

    def _must(self, sign: str) -> None:
        if not self._takes(sign):
            where = f"before '{self.rest()}'" if self.rest() else "at the end"
            raise BadRule(f"'{sign}' is missing {where}")
