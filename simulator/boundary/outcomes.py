"""How places look to a caller, and what becomes of attempts, calls, tokens and sessions."""

# modes of a region, a site, an endpoint, a zone
UP, REFUSED, BLACK_HOLE = 0, 1, 2

# modes of a name's authoritative servers
ANSWERING, FAILING, LOSING, EMPTY = 0, 1, 2, 3

# outcomes of an attempt; SUCCEEDED first, UNKNOWN last
OUTCOMES = (
    "succeeded",
    "refused",  # the door refused the connection
    "reset",  # an established connection was broken
    "error",  # answered with a 5xx
    "throttled",  # 429: a gateway's bucket, Lambda's limits, or a table's capacity
    "overloaded",  # 503: a node's queue is full
    "unauthorized",  # 401: the token or its key was not accepted
    "timeout",  # no answer in time and nothing can have been written
    "gateway_timeout",  # 504: the gateway gave up, and nothing can have been written
    "circuit_open",  # the client's own breaker held it back
    "dns_failure",  # the name could not be resolved
    "dns_empty",  # the name resolved to nothing
    "unknown",  # no answer, or an error, after which a write may have been applied
)
(
    SUCCEEDED, REFUSED_OUTCOME, RESET, ERROR, THROTTLED, OVERLOADED, UNAUTHORIZED, TIMEOUT, GATEWAY_TIMEOUT,
    CIRCUIT_OPEN, DNS_FAILURE, DNS_EMPTY, UNKNOWN,
) = range(13)  # fmt: skip

# why a try of a call from an instance to a store failed
CALL_FAILURES = ("dns", "connect", "refused", "timeout", "error", "throttled", "open")
DNS_CALL, CONNECT_CALL, REFUSED_CALL, TIMEOUT_CALL, ERROR_CALL, THROTTLED_CALL, OPEN_CALL = range(7)

TOKEN_KINDS = ("sign_up", "sign_in", "refresh", "forced")
GATEWAY_LIMITS = ("method", "stage", "account")

SESSION_CLASSES = ("undisturbed", "recovered", "interrupted", "logged_out", "abandoned")
HISTOGRAM_BINS = 128 * 57 + 256
"""Bins of a log-bucket histogram; see `simulator.measure.histogram`."""
LOOKUP_SOURCES = ("device", "resolver", "authoritative")
