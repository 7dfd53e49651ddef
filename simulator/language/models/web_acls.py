"""Web ACLs before services: rules by which clients that ask too often are blocked."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from simulator import units
from simulator.language.models.quantities import Model, NotEmpty, Whole

Window = Literal["1 min", "2 min", "5 min", "10 min"]


def _canonical(value: object) -> object:
    """A window in the words of the list, however it is written: 300 s is 5 min."""
    try:
        whole, rest = divmod(units.parse_duration(value), 60 * 10**9)
    except ValueError:
        return value
    return value if rest else f"{whole} min"


class RateRule(Model):
    """A rate-based rule of AWS WAF: whoever asks more often than its limit is blocked, or counted."""

    limit: Annotated[Whole, Field(ge=10, le=2_000_000_000)] | None = None
    """Requests of one address, or client, within the window, above which the action is taken. May be left out
    with `flagged_by`: then it is taken on all of them."""
    flagged_by: str | None = None
    """The detector whose flagged clients it concerns, and nobody else; by default everybody."""
    window: Annotated[Window, BeforeValidator(_canonical)] = "5 min"
    """How far back requests count: 1 min, 2 min, 5 min or 10 min."""
    by: Literal["address", "client"] = "address"
    """Whose requests are added up: those of one IP address; or of one client, whom a cookie or an API key
    tells apart. Bots carry none."""
    action: Literal["block", "count"] = "block"
    """What is done with further requests: they are answered 403, or only counted."""
    operations: list[str] | None = Field(default=None, min_length=1)
    """The operations whose requests it looks at; by default all of the services."""


class WebAcl(Model):
    """A web ACL of AWS WAF, with counts of its own: in each region, or one before CloudFront."""

    protects: list[str] = Field(min_length=1)
    """The services before which it stands."""
    scope: Literal["regional", "cloudfront"] = "regional"
    """`regional`: one in each region of the services, before their REST APIs and load balancers; each counts
    for itself. `cloudfront`: one before a content network that all requests pass first."""
    rules: Annotated[dict[str, RateRule], NotEmpty]
    """The rules by name; they are asked in this order."""
