"""Fault modes, each once: what they strike, what a user says about them, and what they do to a look.

A row of `MODES` is one way in which targets break. What users may write, the checks, the JSON Schema, the
labels of faults and what the control plane sets all follow from it. How several faults of one target add up
is said with each attribute of a look (`simulator.boundary.looks`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.records import dataclass


@dataclass(frozen=True)
class Target:
    """What can break, by the key that names it in a fault, and the words in which its keys are described."""

    key: str
    how: str = ""  # begin of the description of `mode`
    each: str = "request"  # what it serves one by one
    times: str = "service times"  # what `slow` makes longer


@dataclass(frozen=True)
class Mode:
    """One way in which targets break."""

    name: str
    on: tuple[str, ...]
    """The targets that it strikes, by their keys."""
    look: Look = WELL
    """What it does, but for what the fault's own `share`, `factor` and `add` say."""
    share: str = ""
    """The attribute of the look that the fault's `share` sets; if none, the mode takes no share."""
    needs_share: bool = False
    """Whether the share must be given; else the default is all."""
    slows: bool = False
    """Whether it takes a `factor` and an `add`."""
    of_share: Mapping[str, str] = field(default_factory=dict)
    """What the share is, where it is said for a target; under "" for all others."""
    senseless: Mapping[float, str] = field(default_factory=dict)
    """Shares that make no sense, and why."""
    for_all: str = ""
    """Why it strikes everybody, where a fault could be limited to some requests."""
    endless: str = ""
    """Why it takes no end."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What the description of `mode` says about it, by target."""
    said: str = ""
    """What a fault's label says of what is struck, with `{slower}` or `{off}` where it takes such an amount;
    empty where the label says all without it."""
    said_part: str = ""
    """The same of a fault that gives a `{share}`; if none, `said`."""
    said_items: str = ""
    """The same of a fault that strikes a share of the `{items}`, all at once; empty if it cannot."""
    said_some: str = ""
    """The same of a fault that is limited to `{some}` requests."""
    said_part_of_some: str = ""
    """The same of a fault that is limited and gives a `{share}`; if none, `said_some`."""

    def look_of(self, share: float | None, factor: float | None, add_ns: int | None) -> Look:
        """What a fault of this mode does to what it strikes."""
        given: dict[str, Any] = {self.share: 1.0 if share is None else share} if self.share else {}
        if self.slows:
            given |= {"factor": factor or 1.0, "add_ns": add_ns or 0}
        return replace(self.look, **given)


TARGETS = {
    one.key: one
    for one in (
        Target("zone", "How what runs there looks to a caller"),
        Target("node", "How it looks to its load balancer"),
        Target("service", "How it looks to a caller"),
        Target("table", "How calls fail", "call", "call times"),
        Target("database", "How calls fail", "call", "call times"),
        Target("cache", "How calls fail", "call", "call times"),
        Target("bucket", "How calls fail", "call", "call times"),
        Target("external", "How calls fail", "call", "call times"),
        Target("issuer", "How it looks to a caller", times="times"),
        Target("keys"),
        Target("surge"),
        Target("bots"),
        Target("control_plane"),
        Target(
            "region",
            "How it looks to a caller: refused at once, silence, 5xx, slowness; lost is silence for ever",
        ),
        Target("link", "How the link breaks", "message", "round-trip times"),
        Target("replication"),
        Target("clock"),
        Target("dns", "What resolvers get: an error, silence, or an answer without addresses"),
    )
}
"""Whatever can break, in the order in which the keys of a fault are looked for."""

_STORES = ("table", "database", "cache", "bucket", "external")
_PARTS = ("zone", "node")
_DOORS = ("region", "service", *_STORES, "issuer")
_NOTHING = {0.0: "a share of 0 % breaks nothing"}

MODES = (
    Mode("cut", ("link",), Look(mode=BLACK_HOLE), said="is cut"),
    Mode(
        "lossy",
        ("link",),
        share="loss",
        needs_share=True,
        of_share={"": "the share of messages lost"},
        senseless=_NOTHING | {1.0: "a link that loses everything is mode cut"},
        said_part="loses {share} of messages",
    ),
    Mode(
        "refused",
        (*_PARTS, *_DOORS),
        Look(mode=REFUSED),
        notes={
            "zone": "`refused`, `black_hole`: the zone is down, with all that is in it",
            "node": "`refused`: the application has died; `black_hole`: the machine has",
        },
        for_all="a connection is refused before anybody knows whose request comes, or for what",
        said="refuses connections",
    ),
    Mode(
        "black_hole",
        (*_PARTS, *_DOORS),
        Look(mode=BLACK_HOLE),
        said="does not answer",
        said_some="does not answer {some}",
    ),
    Mode(
        "error",
        (*_PARTS, *_DOORS),
        share="error_share",
        of_share={"": "the share of requests answered with a 5xx; default all"}
        | dict.fromkeys(_STORES, "the share of calls answered with a 500; default all"),
        senseless=_NOTHING,
        said="answers errors",
        said_part="answers {share} with errors",
        said_some="answers errors to {some}",
        said_part_of_some="answers {share} of {some} with errors",
    ),
    Mode(
        "slow",
        (*_PARTS, *_DOORS, "link"),
        slows=True,
        said="takes {slower}",
        said_some="takes {slower} for {some}",
    ),
    Mode(
        "lost",
        ("region",),
        Look(mode=BLACK_HOLE),
        endless="a lost region never returns",
        for_all="a region is lost with the data of everybody",
        said="is lost for good",
    ),
    Mode(
        "disabled",
        ("region",),
        Look(mode=REFUSED),
        for_all="a region is disabled for all that is in it",
        notes={"region": "`disabled`: refused; after 20 h the replicas of eventual tables there are forked"},
        said="is disabled",
    ),
    Mode(
        "key_unusable",
        ("table",),
        Look(mode=REFUSED),
        notes={
            "table": "`key_unusable`: a replica's key cannot be used: it refuses, and is copied neither way; "
            "after 20 h it is forked"
        },
        said="cannot use its encryption key",
    ),
    Mode(
        "role_unusable",
        ("table",),
        notes={
            "table": "`role_unusable`: the role that copies a replica cannot be used: it is copied neither "
            "way; after 20 h it is forked"
        },
        said="cannot be copied, as its role is unusable",
    ),
    Mode(
        "empty_answer",
        _STORES,
        Look(empty=True),
        notes={"table": "`empty_answer`: the endpoint's name leads nowhere"},
        said="has no address",
    ),
    Mode(
        "capacity",
        ("service", "table"),
        share="capacity",
        needs_share=True,
        of_share={"": "the share that is left"},
        senseless={1.0: "a share of 100 % takes nothing away; it says what is left"},
        for_all="workers and concurrency are shared by all requests",
        notes={
            "service": "`capacity`: only a `share` of its workers or concurrency is left",
            "table": "`capacity`: a `share` of the throughput is left",
        },
        said_part="has {share} of its capacity left",
    ),
    Mode(
        "throttled",
        ("table", "cache", "external"),
        share="throttle_share",
        of_share={"": "the share of calls that are throttled, whatever the capacity; default all"},
        senseless=_NOTHING,
        said="throttles every call",
        said_part="throttles {share} of calls",
    ),
    Mode(
        "flushed",
        ("cache",),
        endless="a cache is flushed at one instant",
        notes={"cache": "`flushed`: everything in it is forgotten at that instant"},
        said="forgets everything",
    ),
    Mode(
        "corrupted",
        ("table", "database", "bucket"),
        share="corrupt_share",
        of_share={"": "the share of writes that become wrong; default all"},
        senseless=_NOTHING,
        notes={
            "table": "`corrupted`: writes become wrong, as by a bad deployment",
            "database": "`corrupted`: what the writer there takes becomes wrong, as by a bad deployment",
            "bucket": "`corrupted`: what is put becomes wrong, as by a bad deployment",
        },
        said="corrupts every write",
        said_part="corrupts {share} of writes",
        said_items="has {items} of its items corrupted",
    ),
    Mode(
        "deleted",
        ("table", "bucket"),
        Look(absent=True),
        endless="what is deleted does not come back by itself; 'restores' brings it back",
        notes={
            "table": "`deleted`: the table is gone with its history, until it is restored; or, with `items`, "
            "so many of them",
            "bucket": "`deleted`: so many of its `items` are gone",
        },
        said="is deleted",
        said_items="has {items} of its items deleted",
    ),
    Mode(
        "deleted",
        ("database",),
        Look(mode=REFUSED, absent=True),
        endless="what is deleted does not come back by itself; 'restores' brings it back",
        notes={"database": "`deleted`: it is gone, until it is restored"},
        said="is deleted",
    ),
    # authoritative servers: errors and empty answers of all of them, and the share of queries lost
    Mode("error", ("dns",), Look(error_share=1.0), said="answers errors"),
    Mode(
        "black_hole",
        ("dns",),
        share="loss",
        of_share={"": "the share of queries lost; default all"},
        senseless=_NOTHING,
        said="does not answer",
        said_part="loses {share} of queries",
    ),
    Mode("empty_answer", ("dns",), Look(empty=True), said="answers without an address"),
    # what acts or does not
    Mode(
        "paused",
        ("replication",),
        notes={"replication": "`paused`: nothing is copied; the backlog is kept"},
        said="stands still",
    ),
    Mode(
        "frozen",
        ("control_plane",),
        notes={"control_plane": "`frozen`: changes are refused"},
        said="refuses changes",
    ),
    Mode(
        "launches_fail",
        ("control_plane",),
        share="error_share",
        of_share={"": "the share of launches that fail; default all"},
        senseless=_NOTHING,
        notes={"control_plane": "`launches_fail` (of ec2): launches are taken, and new nodes do not come up"},
        said="launches nodes that do not come up",
        said_part="launches nodes of which {share} do not come up",
    ),
    Mode(
        "removed",
        ("keys",),
        notes={"keys": "`removed`: verifiers that fetch the set lack the key"},
        said="is missing from the published set",
    ),
    # what takes an amount of its own, and no mode
    Mode("skew", ("clock",), said="is {off}"),
    Mode("surge", ("surge",)),
    Mode("bots", ("bots",)),
)
"""Every mode. A target's modes are listed to users in this order."""


def modes_of(target: str) -> dict[str, Mode]:
    """The modes of a target by name."""
    return {mode.name: mode for mode in MODES if target in mode.on}


def label(what: str, mode: Mode, amounts: Mapping[str, str], cities: Sequence[str] = ()) -> str:
    """How a fault is said in the event log, results and pictures: "eu-west-1 is lost for good (Dublin)".

    `amounts` are those of the fault, in words: `share`, `slower`, `off`, and `some`, the requests to which it
    is limited. The cities are those of the regions in the label.
    """
    forms = (mode.said_some, mode.said_part_of_some) if "some" in amounts else (mode.said, mode.said_part)
    form = (forms[1] if "share" in amounts else "") or forms[0]
    form = mode.said_items if "items" in amounts else form
    where = f" ({', '.join(cities)})" if cities else ""
    return f"{what} {form.format_map(amounts)}".rstrip() + where


# how the keys of a fault are described


def mode_text(target: str) -> str:
    """The description of `mode`."""
    notes = (mode.notes.get(target, "") for mode in modes_of(target).values())
    return "; ".join(filter(None, (TARGETS[target].how, *notes))) + "."


def share_text(target: str) -> str:
    """The description of `share`: what it is in each mode that takes one."""
    return " ".join(_share_texts(target))


def _share_texts(target: str) -> Iterator[str]:
    for mode in modes_of(target).values():
        if mode.share:
            yield f"`{mode.name}`: {mode.of_share.get(target, mode.of_share[''])}."


def factor_text(target: str) -> str:
    """The description of `factor`."""
    return f"`slow`: {TARGETS[target].times} are multiplied by this."


def add_text(target: str) -> str:
    """The description of `add`."""
    return f"`slow`: this is added to each {TARGETS[target].each}."
