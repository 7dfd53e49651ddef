"""Web ACLs: what they let in, whom they blocked, and for how long."""

from collections.abc import Mapping

from simulator.records import dataclass


@dataclass(frozen=True)
class Rule:
    """A rule of a web ACL in its place."""

    rule: str
    """Its name."""
    action: str
    """block, or count."""
    requests: Mapping[str, int]
    """Requests on which it took its action, by population; only where there are any."""
    most_limited: int
    """The most addresses or clients that it limited at once."""
    first_limited_s: float | None
    """When it first took effect on anybody, in seconds of the run; null if it never did."""
    released_s: float | None
    """When it last ceased to limit everybody, in seconds; null if it has not, or never limited anybody."""


@dataclass(frozen=True)
class WebAcl:
    """A web ACL in its place: in a region, or before CloudFront, each with counts of its own."""

    web_acl: str
    """Its name."""
    place: str
    """The region; `cloudfront` if it is before all."""
    allowed: int
    """Requests that it let in."""
    blocked: int
    """Requests that it blocked."""
    counted: int
    """Requests that a rule with the action `count` counted, whatever became of them."""
    rules: tuple[Rule, ...]
    """Its rules, in their order."""


@dataclass(frozen=True)
class Blocked:
    """What web ACLs did to one population of users: honest people, whose addresses others may share."""

    requests: int
    """Requests of theirs that were blocked."""
    users: int
    """Users who heard at least once that they are blocked."""
    user_minutes: float
    """Minutes of users from their first blocked action to the next good answer, or to when they would have
    left."""


@dataclass(frozen=True)
class WebAcls:
    """All web ACLs."""

    acls: tuple[WebAcl, ...]
    """Each in its place, in file order."""
    populations: Mapping[str, Blocked]
    """The populations of users that were blocked, by name."""
    bots: Mapping[str, int]
    """Requests of bots and canaries that were blocked, by name; only where there are any."""
