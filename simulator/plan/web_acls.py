"""Web ACLs as a run has them, each in its places."""

from simulator.boundary import kinds
from simulator.records import dataclass

AT_CLOUDFRONT = -1
"""In place of a region."""


@dataclass(frozen=True)
class RulePlan:
    """A rule of a web ACL in its place."""

    number: int
    name: str
    blocks: bool


@dataclass(frozen=True)
class WebAclPlan:
    """A web ACL in its place: its rates are checked at its phase and ever so often."""

    number: int
    name: str
    region: int
    """Its number, or `AT_CLOUDFRONT`."""
    rules: tuple[RulePlan, ...]
    phase_ns: int
    every_ns: int
    propagation_ns: int


@dataclass(frozen=True)
class FlaggedRule:
    """A rule, in its place, that concerns those whom a detector has flagged."""

    number: int
    acl: str
    rule: str
    place: str
    action: str


def place_of(region: int, regions: tuple[str, ...]) -> str:
    """Where a web ACL stands, as users write it, by the number of its region or `AT_CLOUDFRONT`."""
    return kinds.FRONTS[kinds.AT_CLOUDFRONT] if region == AT_CLOUDFRONT else regions[region]
