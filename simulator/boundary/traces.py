"""What a trace tells of the sessions that it follows: a row for each try, action and session that ended."""

TRY, ACTION, SESSION = range(3)
"""Kinds of rows."""

TRACE_FIELDS = (
    "session",  # its number: population << 36 | ordinal
    "attempt",  # how many tries the session had ended before
    "begin_ns",
    "end_ns",
    "operation",  # the one after the last is a token request; -1 for a session
    "region",  # to which the last try went; -1: none was reached for lack of an address, or the edge
    "outcome",  # of a session: its class
    "version",  # last one read, as in `simulator.boundary.tallies.TracedAttempt`; of a session: its due end
    "kind",
    "action",  # the session's actions begun so far
    "why",  # what held it, or what a good one met (`simulator.boundary.causes`)
    "route",  # how a try found its place (`simulator.data_plane.held`); of a session: its resolver
    "stale",  # 1: as the try began, Route 53 answered otherwise
    "wrong",  # 1: it has read what is damaged
    "good",  # 1: of an action, that it was served well; a bot's if it succeeded
    "callee",  # the service that is called, and holds it; -1: none
)
TRACE_WIDTH = len(TRACE_FIELDS)
