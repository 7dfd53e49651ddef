"""The kinds of events: each listed once."""

import pickle

import pytest

from simulator.boundary import events, subjects
from simulator.boundary.events import (
    KINDS,
    EventKind,
)
from simulator.boundary.subjects import (
    OfNode,
    OfReplicator,
)
from simulator.outcome import Event


def test_no_two_kinds_have_one_name() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("subject", subjects.Subject.__subclasses__(), ids=lambda one: one.__name__)
def test_a_subject_is_written_from_all_its_names(subject: type[subjects.Subject]) -> None:
    names = subject.__annotations__
    text = str(subject(**{name: f"<{name}>" for name in names}))
    assert all(f"<{name}>" in text for name in names)


def test_an_event_is_read_by_its_parts_and_written_as_text() -> None:
    event = Event(5, "replication_stopped", OfReplicator("orders", "eu-south-1", "eu-central-1"))
    assert event.target == "orders eu-south-1→eu-central-1"
    assert pickle.loads(pickle.dumps(event)) == event
    assert str(OfNode("api", "eu-south-1", 3)) == "api@eu-south-1 node 3"


@pytest.mark.parametrize(
    ("kind", "subject", "detail"),
    [
        (events.FAULT_ON, subjects.OfRegion("eu-south-1"), {}),
        (events.DATA_UNREACHABLE, subjects.OfRegion("eu-south-1"), {}),
        (events.REGION_LOST, subjects.OfRegion("eu-south-1"), {"writes": 3}),
    ],
)
def test_an_entry_must_be_one_of_its_kind(
    kind: EventKind, subject: subjects.Subject, detail: dict[str, int]
) -> None:
    with pytest.raises(AssertionError, match=kind.name):
        kind.check(subject, detail)
