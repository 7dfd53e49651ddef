"""The terms in which measures are declared: units, what narrows them, when a run tells nothing of them.

The models of expectations, their checks, the JSON Schema and the words of a verdict are made from these.
"""

from keyword import iskeyword
from typing import Literal

from simulator.records import dataclass

Unit = Literal["s", "count", "share", "ratio", "bool"]
"""Seconds; how many; from 0 to 1; a plain number; 0 or 1."""

Sense = Literal["lower", "higher", "neither"]
"""Which values of a measure are better."""

What = Literal[
    "store", "database", "cache", "region",
    "operation", "population", "failover plan", "step of a plan", "alarm", "scaler",
    "time", "percentile", "share", "presence",
]  # fmt: skip
"""What stands under a key: the name of something, a time of the run, a percentile (1 to 100), a share, or
whether sessions were there when a fault began."""


@dataclass(frozen=True)
class Key:
    """One key with which a user narrows a measure."""

    name: str
    """As the user writes it."""
    what: What
    says: str
    """What it means: a sentence for the schema."""
    required: bool = False
    multi_region: bool = False
    """Of a cache: it must be in several regions."""
    joint: str = ", "
    """What stands between it and the key before it where both are said."""
    as_said: str = "{}"
    """How what stands under it is said."""
    by_itself: bool = False
    """Of a region: it may be given without the other end, and both may be the same."""
    reads: str = ""
    """Its field of `Asked`, if that has another name."""

    @property
    def field(self) -> str:
        """Its field of `Asked`."""
        return self.reads or self.name

    @property
    def attribute(self) -> str:
        """Its name in Python, which reserves some words."""
        return f"{self.name}_" if iskeyword(self.name) else self.name


@dataclass(frozen=True, eq=False)
class Scope:
    """What a measure can be narrowed to: a user's keys beside the bounds.

    Two keys that name regions are the ends of a pair, unless each stands by itself; two that are times are
    those of a span.
    """

    name: str
    """With what the names of its forms in the schema begin."""
    of: str = ""
    """How "Bounds of a duration" goes on."""
    keys: tuple[Key, ...] = ()
    """In the order in which they are said."""
    says: str = ""
    """How to narrow it: a sentence for the documentation."""
    one_slice: bool = False
    """Whether it is told of one population or of one operation, and not of both together."""


@dataclass(frozen=True)
class Reason:
    """Why a run tells nothing of a measure."""

    text: str
    of: str = ""
    """Of what only, where that is less than what the expectation asks for."""


@dataclass(frozen=True)
class Part:
    """A figure that is judged."""

    unit: Unit
    unless: tuple[Reason, ...]
    """When the run tells nothing of it, in the order in which these are told."""
    no_value: str = ""
    """Why there is no value, if that too means that the run tells nothing."""
    never: str = ""
    """What no value means if it does not: it never happened, and any bound is missed."""
    name: str = ""
    """The key under which it is bounded, if its measure has several."""
    says: str = ""
    """What stands under that key: a sentence for the schema."""
    exact: bool = False
    """Of a count under a key of its own: it is written as a number, not as bounds."""


@dataclass(frozen=True)
class Measure:
    """What an expectation can name."""

    name: str
    scope: Scope
    says: str
    parts: tuple[Part, ...]
    yes_no: tuple[str, str] | None = None
    """What is expected, in words, of a measure that is so or not so: when it is `false`, and `true`."""
    better: Sense = "lower"
    """Which values are better, whatever is expected of it; `neither` where that depends."""


def one(
    name: str,
    unit: Unit,
    scope: Scope,
    says: str,
    *unless: Reason,
    no_value: str = "",
    never: str = "",
    yes_no: tuple[str, str] | None = None,
    better: Sense = "lower",
) -> Measure:
    """A measure of one figure."""
    return Measure(name, scope, says, (Part(unit, unless, no_value, never),), yes_no, better)
