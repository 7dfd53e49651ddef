"""The words of the reports."""

from simulator.units import format_duration

VERDICT_WORDS = {
    "met": "MET: every expectation holds",
    "missed": "MISSED",
    "inconclusive": "INCONCLUSIVE: something was not exercised",
    "no_expectations": "No expectations declared",
}

PHASE_WORDS = {
    "detect": "detect",
    "decide": "decide",
    "change_dns": "change DNS",
    "caches_expire": "caches expire",
    "repair": "repair",
    "reconnect": "reconnect",
    "capacity_ready": "capacity ready",
    "backlog_gone": "backlog gone",
}

SESSION_WORDS = {
    "undisturbed": "noticed nothing",
    "recovered": "a retry hid the fault",
    "interrupted": "an action failed before the user's eyes",
    "logged_out": "no issuer gave a new token",
    "abandoned": "the user's patience ended",
}


def duration(seconds: float) -> str:
    """Seconds for a reader: three or four significant places."""
    ns = round(seconds * 10**9)
    digits = next((digits for limit, digits in _ROUNDING if ns >= limit), 0)
    return format_duration(round(ns, -digits))


_ROUNDING = ((60 * 10**9, 9), (10**10, 8), (10**9, 7), (10**8, 6), (10**7, 5), (10**6, 4), (10**3, 1))


def share(part: float) -> str:
    """A share as a percentage that never rounds to 0 or 100 what is not."""
    percent = 100 * part
    digits = 0 if percent in (0, 100) else 1 if 0.1 <= percent <= 99.9 else 3
    return f"{percent:.{digits}f} %"
