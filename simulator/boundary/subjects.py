"""What entries of the event log are about.

A subject is a small record; `str` makes its text, such as "orders eu-south-1→eu-central-1", here and nowhere
else.
"""

from typing import ClassVar

from simulator.records import dataclass


@dataclass(frozen=True)
class Subject:
    """What an event is about, by the names that users gave. `form` is its text."""

    form: ClassVar[str]

    def __str__(self) -> str:
        return self.form.format_map(vars(self))


@dataclass(frozen=True)
class OfFault(Subject):
    """A fault, by its label."""

    form = "{label}"
    label: str


@dataclass(frozen=True)
class OfRegion(Subject):
    """A region."""

    form = "{region}"
    region: str


@dataclass(frozen=True)
class OfReplicator(Subject):
    """A directed replicator of a store."""

    form = "{store} {origin}→{target}"
    store: str
    origin: str
    target: str


@dataclass(frozen=True)
class OfCheck(Subject):
    """A health check of a site; its name says which service's if several share the check."""

    form = "{check}@{region}"
    check: str
    region: str


@dataclass(frozen=True)
class OfRecord(Subject):
    """A name's record of a region."""

    form = "{name}@{region}"
    name: str
    region: str


@dataclass(frozen=True)
class OfName(Subject):
    """A DNS name."""

    form = "{name}"
    name: str


@dataclass(frozen=True)
class OfSite(Subject):
    """A service in a region."""

    form = "{service}@{region}"
    service: str
    region: str


@dataclass(frozen=True)
class OfNode(Subject):
    """A node of a service in a region, by its number there."""

    form = "{service}@{region} node {node}"
    service: str
    region: str
    node: int


@dataclass(frozen=True)
class OfCache(Subject):
    """A cache in a region."""

    form = "{cache}@{region}"
    cache: str
    region: str


@dataclass(frozen=True)
class OfReplica(Subject):
    """A replica of a store."""

    form = "{store}@{region}"
    store: str
    region: str


@dataclass(frozen=True)
class OfStore(Subject):
    """A store as a whole."""

    form = "{store}"
    store: str


@dataclass(frozen=True)
class OfPlan(Subject):
    """A failover plan."""

    form = "{plan}"
    plan: str


@dataclass(frozen=True)
class OfPlanStep(Subject):
    """A step of a failover plan; that of a child plan names this, too."""

    form = "{plan}: {step}"
    plan: str
    step: str


@dataclass(frozen=True)
class OfControlPlane(Subject):
    """A control plane."""

    form = "{control_plane}"
    control_plane: str


@dataclass(frozen=True)
class OfRule(Subject):
    """A rule of a web ACL, in a region or at CloudFront."""

    form = "{acl}: {rule}@{place}"
    acl: str
    rule: str
    place: str


@dataclass(frozen=True)
class OfDetector(Subject):
    """A detector of unusual usage."""

    form = "{detector}"
    detector: str


@dataclass(frozen=True)
class OfAlarm(Subject):
    """An alarm."""

    form = "{alarm}"
    alarm: str


@dataclass(frozen=True)
class OfReaction(Subject):
    """A zonal shift, or the shedding of load, with the zone or the service that it is about."""

    form = "{name}: {of}"
    name: str
    of: str


@dataclass(frozen=True)
class OfScaler(Subject):
    """A scaler."""

    form = "{scaler}"
    scaler: str
