"""How places look to a caller, and what becomes of attempts, calls, tokens and sessions."""

from typing import Literal, get_args

# modes of a region, a site, an endpoint, a zone
UP, REFUSED, BLACK_HOLE = 0, 1, 2

# modes of a name's authoritative servers
ANSWERING, FAILING, LOSING, EMPTY = 0, 1, 2, 3

# outcomes of an attempt; SUCCEEDED first, UNKNOWN last
AttemptOutcome = Literal[
    "succeeded",
    "refused",  # the door refused the connection
    "reset",  # an established connection was broken
    "error",  # answered with a 5xx, also where Lambda was throttled
    "throttled",  # 429: a gateway's bucket, or a table's capacity
    "overloaded",  # 503: a node's queue is full; an HTTP API whose function is throttled
    "unauthorized",  # 401: the token or its key was not accepted
    "timeout",  # no answer in time and nothing can have been written
    "gateway_timeout",  # 504 (503 of an HTTP API): the gateway gave up, and nothing can have been written
    "circuit_open",  # the client's own breaker held it back
    "dns_failure",  # the name could not be resolved
    "dns_empty",  # the name resolved to nothing
    "blocked",  # 403: a web ACL did not let it in
    "unknown",  # no answer, or an error, after which a write may have been applied
]
OUTCOMES: tuple[AttemptOutcome, ...] = get_args(AttemptOutcome)
(
    SUCCEEDED, REFUSED_OUTCOME, RESET, ERROR, THROTTLED, OVERLOADED, UNAUTHORIZED, TIMEOUT, GATEWAY_TIMEOUT,
    CIRCUIT_OPEN, DNS_FAILURE, DNS_EMPTY, BLOCKED, UNKNOWN,
) = range(14)  # fmt: skip

Status = Literal["2xx", "4xx", "5xx", "own 5xx"]
"""Statuses of answers, by their kinds; the last: 5xx that a gateway, balancer or edge has made itself."""
STATUSES: tuple[Status, ...] = get_args(Status)
STATUS_2XX, STATUS_4XX, STATUS_5XX, OWN_5XX = range(4)
NO_STATUS = -1
STATUS_OF = (
    STATUS_2XX, NO_STATUS, NO_STATUS, STATUS_5XX, STATUS_4XX, STATUS_5XX, STATUS_4XX, NO_STATUS, STATUS_5XX,
    NO_STATUS, NO_STATUS, NO_STATUS, STATUS_4XX, STATUS_5XX,
)  # fmt: skip
"""The status of an answer by its outcome."""

# why a try of a call from an instance to a store failed
CallFailure = Literal[
    "dns",
    "connect",
    "refused",
    "timeout",
    "error",
    "throttled",
    "open",
    "no_writer",
    "absent",
    "conflict",
    "fenced",
]
CALL_FAILURES: tuple[CallFailure, ...] = get_args(CallFailure)
(
    DNS_CALL, CONNECT_CALL, REFUSED_CALL, TIMEOUT_CALL, ERROR_CALL, THROTTLED_CALL, OPEN_CALL, NO_WRITER_CALL,
    ABSENT_CALL,
    CONFLICT_CALL, FENCED_CALL,
) = range(11)  # fmt: skip

TokenKind = Literal["sign_up", "sign_in", "refresh", "forced"]
TOKEN_KINDS: tuple[TokenKind, ...] = get_args(TokenKind)

GatewayLimit = Literal["method", "stage", "account"]
GATEWAY_LIMITS: tuple[GatewayLimit, ...] = get_args(GatewayLimit)

SessionClass = Literal["undisturbed", "recovered", "interrupted", "logged_out", "abandoned"]
SESSION_CLASSES: tuple[SessionClass, ...] = get_args(SessionClass)

Presence = Literal["signed_in", "arriving"]
"""Of a session that was alive while a fault acted: it was there when that began, or came meanwhile."""
PRESENCES: tuple[Presence, ...] = get_args(Presence)
SIGNED_IN, ARRIVING = range(2)

HISTOGRAM_BINS = 128 * 57 + 256
"""Bins of a log-bucket histogram; see `simulator.measure.histogram`."""

LookupSource = Literal["device", "resolver", "authoritative"]
LOOKUP_SOURCES: tuple[LookupSource, ...] = get_args(LookupSource)
