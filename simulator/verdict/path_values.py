"""The values of expectations about the request path: limits, queues, retries, caches, tokens."""

from collections.abc import Iterator
from typing import Any

from simulator.measure.shares import share
from simulator.verdict.measured import Reader, Sections, Value, value


def _no_attempts(sections: Sections) -> str:
    return "" if sections["requests"]["throttled_share"] is not None else "no attempt finished"


def _throttled(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    unlimited = "" if sections["capacity"]["limited"] else "nothing that requests meet has a limit"
    why = unlimited or _no_attempts(sections)
    yield value(measure, bounds, "share", sections["requests"]["throttled_share"], why)


def _cold_starts(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    sites = [site for site in sections["capacity"]["sites"] if site["compute"] == "lambda"]
    why = "" if any(site["started"] for site in sites) else "no request reached a Lambda function"
    yield value(measure, bounds, "count", sum(site["cold_starts"] for site in sites), why)


def _queue_wait(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    measured = sections["capacity"]["queue_wait"]["p99_s"]
    yield value(measure, bounds, "s", measured, "" if measured is not None else "no node took a request")


def _amplification(field: str, what: str) -> Reader:
    def read(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
        measured = sections["requests"]["retry_amplification"][field]
        yield value(measure, bounds, "ratio", measured, "" if measured is not None else what)

    return read


def _hit_ratio(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    caches = sections["capacity"]["caches"]
    chosen = [one for one in caches if bounds.cache in (None, one["cache"])]
    hits, misses = (sum(one[field] for one in chosen) for field in ("hits", "misses"))
    why = "" if hits + misses else "no cache was looked into"
    yield value(measure, bounds, "share", share(hits, hits + misses), why)


def _lost_increments(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    loss = sections["loss"] if bounds.cache is None else sections["loss"]["tables"][bounds.cache]
    why = "" if loss["increments"] else "nothing was incremented"
    yield value(measure, bounds, "count", loss["lost_increments"], why)


def _nobody_verifies(sections: Sections) -> str:
    return "" if sections["identity"]["verified"] else "nobody verifies tokens"


def _forced_logins(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    measured = sections["identity"]["forced_logins_per_session"]
    why = _nobody_verifies(sections) or ("" if measured is not None else "there was no session")
    yield value(measure, bounds, "share", measured, why)


def _rejected_tokens(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    why = _nobody_verifies(sections) or _no_attempts(sections)
    yield value(measure, bounds, "share", sections["identity"]["rejected_share"], why)


def _success_between(measure: str, bounds: Any, sections: Sections) -> Iterator[Value]:
    measured = sections["windows"].success_between(bounds.from_, bounds.to)
    why = "" if measured is not None else "no user action finished in that time"
    yield value(measure, bounds, "share", measured, why)


PATH_READERS: dict[str, Reader] = {
    "success_between": _success_between,
    "throttled": _throttled,
    "cold_starts": _cold_starts,
    "queue_wait_p99": _queue_wait,
    "retry_amplification": _amplification("attempts_per_action", "no action was begun"),
    "call_amplification": _amplification("tries_per_call", "no service called a table, cache or bucket"),
    "hit_ratio": _hit_ratio,
    "lost_increments": _lost_increments,
    "forced_logins": _forced_logins,
    "rejected_tokens": _rejected_tokens,
}
