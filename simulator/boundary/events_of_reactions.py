"""Entries of the event log about zonal shifts and load shedding."""

from typing import Any

from simulator.boundary.event_kinds import EventKind
from simulator.boundary.subjects import OfReaction

_OF = {"countermeasure": "its name"}
ZONAL_SHIFT_BEGAN = EventKind(
    "zonal_shift_began",
    (OfReaction,),
    "load balancers send nothing to a zone from now on",
    _OF | {"services": "whose load balancers", "until_s": "when it expires, in seconds of the run"},
)
ZONAL_SHIFT_ENDED = EventKind("zonal_shift_ended", (OfReaction,), "it has expired", _OF)
SHEDDING_BEGAN = EventKind(
    "shedding_began",
    (OfReaction,),
    "a part of the requests is turned away at a service's door",
    _OF | {"keeps": "the share of them that is let in"},
)
SHEDDING_EASES = EventKind(
    "shedding_eases", (OfReaction,), "what is let in grows from now on, minute by minute", _OF
)
SHEDDING_ENDED = EventKind("shedding_ended", (OfReaction,), "everything is let in again", _OF)
REACTION_REFUSED = EventKind(
    "reaction_refused",
    (OfReaction,),
    "a zonal shift or the shedding of load cannot begin now; said once until that changes",
    _OF | {"why": "the reason, in words"},
    leads=False,
)

OF_REACTIONS: tuple[EventKind[Any], ...] = tuple(
    kind for kind in vars().values() if isinstance(kind, EventKind)
)
"""All of them, in the order in which the documentation lists them."""
