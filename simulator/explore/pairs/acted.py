"""Which countermeasures of a system acted in a run, as its event log tells."""

from collections.abc import Iterable, Iterator

from simulator.language.countermeasures import COUNTERMEASURES, Countermeasure
from simulator.language.files import Loaded
from simulator.records import dataclass
from simulator.result.whole import Event


@dataclass(frozen=True)
class Declared:
    """A countermeasure that a system declares, and when it acted."""

    kind: Countermeasure
    name: str
    at_s: tuple[float, ...]
    """When it acted, in seconds of the run; never, if there is none."""

    @property
    def what(self) -> str:
        """What it is, in words."""
        return self.kind.says.format(name=self.name)

    def left_out(self, loaded: Loaded) -> Loaded:
        """The same experiment without it."""
        return self.kind.without(loaded, self.name)


def declared(loaded: Loaded, events: Iterable[Event]) -> list[Declared]:
    """All that a system declares: those that acted first stand first, those that never did last."""
    log = [*events]
    found = [
        Declared(kind, name, tuple(_acted(kind, name, log)))
        for kind in COUNTERMEASURES
        for name in kind.names(loaded)
    ]
    return sorted(found, key=lambda one: one.at_s[:1] or (float("inf"),))


def _acted(kind: Countermeasure, name: str, log: Iterable[Event]) -> Iterator[float]:
    return (one.at_s for one in log if kind.acted(one.kind, one.target, one.detail) == name)
