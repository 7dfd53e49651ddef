"""User sessions that carry tokens while their issuer is down, against the closed form for uniform ages."""

import math

from tests.small import HERE, THERE, Written, played
from tests.validation.dns import ONE_BY_ONE
from tests.validation.figure import Figure

CASES = (
    ("60 min", "47 min", 47 / 60),
    ("60 min", "125 min", 1.0),
    ("15 min", "10 min", 10 / 15),
    ("24 h", "167 min", 167 / 1440),
)
"""Token lifetime, outage, share of sessions that need a new token during it: min(1, outage / lifetime)."""


def _system(lifetime: str, issuers: list[str]) -> Written:
    service = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}]}}
    return {
        "topology": "issuer elsewhere",
        "regions": {HERE: {}, THERE: {}},
        "services": {"api": service},
        "dns": {"api.example": {"service": "api", "policy": "simple"}},
        "identity": {"issuer": issuers, "access_token": lifetime},
    }


def logged_out(lifetime: str, outage: str, sessions: int, issuers: tuple[str, ...] = (THERE,)) -> float:
    """Share of the sessions that are logged out because they need a token while the issuer refuses.

    Sessions are endless and act once a minute: one whose token runs out in the last minute of the outage
    may miss it, one whose token ran out in the minute before may meet it; the two cancel. A session tries
    each issuer once.
    """
    users = {
        "near": HERE,
        "sessions": sessions,
        "think_time": "1 min",
        "actions": {"view": 1},
        "client": ONE_BY_ONE | {"attempts": len(issuers)},
        "last_mile": "1 ms",
    }
    run = {
        "experiment": "issuer down",
        "topology": "topology.yaml",
        "duration": "131 min" if outage == "125 min" else "180 min",
        "users": {"people": users},
        "faults": [{"region": THERE, "mode": "refused", "at": "5 min", "for": outage}],
    }
    during = played(_system(lifetime, [*issuers]), run).tallies.sessions_during_fault
    return int(during[3]) / int(during.sum())


def renewals(lifetime: str, outage: str, share: float, sessions: int) -> Figure:
    """Share of the sessions that need a new token while there is no issuer."""
    return Figure(
        what=f"sessions that need a token, lifetime {lifetime}, issuer down {outage}, {sessions:,} sessions",
        expected=share,
        ours=logged_out(lifetime, outage, sessions),
        tolerance=max(0.01, 3 * math.sqrt(share * (1 - share) / sessions)),
        source="min(1, outage / lifetime) for uniform ages",
        unit="%",
    )
