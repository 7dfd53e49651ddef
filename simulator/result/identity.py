"""Identity: who asked for tokens and why, what verifiers fetched, and what they rejected."""

from collections.abc import Mapping

from simulator.boundary.outcomes import TokenKind
from simulator.records import dataclass


@dataclass(frozen=True)
class RegionKeys:
    """The verifiers of one region."""

    region: str
    """The region."""
    key_fetches: int
    """Times that a verifier asked an issuer for keys."""
    key_fetches_failed: int
    """Of them, those in which no issuer could be reached."""
    rejected: int
    """Requests whose token was not accepted."""


@dataclass(frozen=True)
class Identity:
    """Tokens: asked for, verified, rejected."""

    verified: bool
    """Whether there are tokens and anybody verifies them."""
    requests_by_kind: Mapping[TokenKind, int]
    """Token requests by kind, each counted once however often it is tried."""
    forced_logins: int
    """Actions in which a rejected token made the client log in again."""
    forced_logins_per_session: float | None
    """The same per session begun; null without sessions. May be above 1."""
    rejected: int
    """Requests whose token was not accepted."""
    rejected_share: float | None
    """The share of the finished attempts that ended unauthorized (401); null if none finished."""
    regions: tuple[RegionKeys, ...]
    """By region of the verifier."""
