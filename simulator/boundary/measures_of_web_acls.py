"""What expectations can name of web ACLs; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import PEOPLE

NO_WEB_ACL = Reason("the topology has no web ACL")

OF_WEB_ACLS = (
    one(
        "blocked_requests",
        "count",
        PEOPLE,
        "Requests that web ACLs blocked; of all users together, bots' too.",
        NO_WEB_ACL,
        better="neither",
    ),
    one(
        "honest_users_blocked",
        "count",
        PEOPLE,
        "Users, who are no bots, that web ACLs blocked once or more.",
        NO_WEB_ACL,
    ),
    one(
        "honest_minutes_blocked",
        "ratio",
        PEOPLE,
        "Minutes of users from their first blocked action to the next good answer, or to when they would "
        "have left.",
        NO_WEB_ACL,
    ),
)
"""Whom they blocked, and for how long."""
