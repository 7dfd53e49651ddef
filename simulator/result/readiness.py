"""What a standby holds and lacks, how much of the usual load it could take, and what there is only one of."""

from simulator.records import dataclass
from simulator.rules.listed import OF_SHIFTS
from simulator.rules.table import OF_LACKS, OF_SINGLES

HAS, LACKS = True, False


@dataclass(frozen=True)
class Item:
    """One thing that a standby needs."""

    kind: str
    """service, table, database, writer, bucket, cache, issuer, record, quota, capacity, secret …"""
    name: str
    """What it is called."""
    has: bool
    """Whether the standby has it, and enough of it."""
    said: str
    """What there is of it, or what is missing, in words."""

    @property
    def rule(self) -> str:
        """The rule that finds it missing."""
        return OF_LACKS[self.kind]


@dataclass(frozen=True)
class Limit:
    """Something of which a region has so much and no more."""

    said: str
    """What it is, with its size: `2 workers of shop`."""
    there: float
    """How much of it is there,"""
    needed: float
    """and how much today's load needs if all of it comes here."""

    @property
    def times(self) -> float:
        """So many times today's load it could bear."""
        return self.there / self.needed


@dataclass(frozen=True)
class Grown:
    """What a standby could take once a plan has been carried out."""

    plan: str
    share: float
    """Of today's load."""
    limits: tuple[Limit, ...]
    """What bounds it then, the narrowest first."""


@dataclass(frozen=True)
class Standby:
    """A region to which users may be led when another is lost."""

    region: str
    role: str
    """active or standby."""
    why: tuple[str, ...]
    """What makes it a standby: its role, the names that turn to it, the plans that lead there."""
    items: tuple[Item, ...]
    """What it needs, in the order of the report."""
    requests_a_second: float | None
    """Today's load of the whole system; None if no load is declared."""
    share: float | None
    """The share of it that this region could take at once; None without a load."""
    not_ready: tuple[str, ...]
    """The services that people use and that are not ready to work here, whatever its capacity,"""
    without: float
    """and the share of the load that is theirs."""
    limits: tuple[Limit, ...]
    """What bounds it, the narrowest first."""
    grown: tuple[Grown, ...]
    """What it could take after each plan that makes something ready there; none without a load."""

    @property
    def lacks(self) -> tuple[Item, ...]:
        """What it lacks."""
        return tuple(one for one in self.items if not one.has)

    @property
    def times(self) -> float | None:
        """How many times the load that it serves at all it could bear; None if nothing bounds it."""
        return self.limits[0].times if self.limits else None


@dataclass(frozen=True)
class Left:
    """What a zonal shift leaves of a service on nodes in its region."""

    shift: str
    """Its name."""
    zone: str
    """The zone that is left."""
    service: str
    """The service."""
    nodes: int
    """Its nodes in the other zones,"""
    of: int
    """and in all."""
    limits: tuple[Limit, ...]
    """What bounds these under the load that the region has today, the narrowest first; none without a load,
    or where there is no other zone."""

    @property
    def is_enough(self) -> bool:
        """Whether the others could carry today's load; nobody can say without one."""
        return self.nodes > 0 and all(one.times >= 1 for one in self.limits)

    @property
    def rule(self) -> str:
        """The rule that finds it too small."""
        return OF_SHIFTS


@dataclass(frozen=True)
class Single:
    """Something of which there is only one, and on which others depend."""

    kind: str
    """region, store, writer, issuer, zone, node, cache, health check, backup, control plane, thing …"""
    name: str
    """What it is."""
    said: str
    """What depends on it, in a sentence without its end."""

    @property
    def rule(self) -> str:
        """The rule that finds it."""
        return OF_SINGLES[self.kind]


@dataclass(frozen=True)
class Readiness:
    """What `check` and every drill say before anything runs."""

    standbys: tuple[Standby, ...]
    singles: tuple[Single, ...]
    shifts: tuple[Left, ...] = ()
    """What zonal shifts leave, in the order of the file."""
