"""What a kind of entry of the event log is."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Generic, TypeVar

from simulator.boundary.subjects import Subject
from simulator.records import dataclass

S = TypeVar("S", bound=Subject)


@dataclass(frozen=True)
class EventKind(Generic[S]):
    """One kind of entry: its name, what it is about, its meaning, and its details with their meaning."""

    name: str
    subjects: tuple[type[S], ...]
    says: str
    detail: Mapping[str, str] = field(default_factory=dict)
    leads: bool = True
    """Whether what its process does next follows from it."""

    def check(self, subject: S, detail: Mapping[str, Any]) -> None:
        """Make sure that an entry is one of this kind."""
        assert isinstance(subject, self.subjects), f"{self.name} is not about {subject!r}"
        assert detail.keys() == self.detail.keys(), f"{self.name} has details {', '.join(self.detail)}"
