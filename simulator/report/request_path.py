"""The terminal's words about the request path: what was limited, what was turned away, why sessions failed.

Only what happened is said; a part in which nothing did is None.
"""

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from simulator.report import cold
from simulator.report.tables import Rows
from simulator.report.words import SESSION_WORDS, duration, name, plural, share
from simulator.result.calls import StoreCalls
from simulator.result.capacity import CacheHits, Capacity, Edges, Site, TableCapacity
from simulator.result.identity import Identity
from simulator.result.requests import Requests
from simulator.result.whole import Sections

_FAILURES = {
    "dns": "no address",
    "connect": "no connection",
    "open": "circuit open",
    "no_writer": "no writer",
    "fenced": "fenced writes",
    "conflict": "conflict with another region's write",
}


def capacity(sections: Sections) -> RenderableType | None:
    """Sites that have limits, and what waited, was throttled, missed, or rejected."""
    parts: list[RenderableType] = []
    sites = [site for site in sections.capacity.sites if _matters(site)]
    if sites:
        parts.append(_sites(sites))
    parts += [Text(line) for line in _lines(sections)]
    return Group(*parts) if parts else None


def _matters(site: Site) -> bool:
    """Whether a site has limits and met anything."""
    is_limited = site.gateway or site.most_at_once is not None
    return (is_limited or site.shed > 0) and (site.started > 0 or any(turned_away(site).values()))


def turned_away(site: Site) -> dict[str, int]:
    """Requests turned away by reason; only what occurred."""
    counts = {
        "method limit": site.gateway_throttled["method"],
        "stage limit": site.gateway_throttled["stage"],
        "account limit": site.gateway_throttled["account"],
        "concurrency": site.lambda_throttled,
        "queue full": site.overloaded,
        "shed": site.shed,
        "dead node": site.unreachable,
    }
    return {word: count for word, count in counts.items() if count}


def _sites(sites: Sequence[Site]) -> RenderableType:
    has_cold = any(site.cold_starts for site in sites)
    cold = ["cold starts"] if has_cold else []
    rows = Rows("service", "worked on", "at once", "busy", *cold, text="turned away")
    for site in sites:
        cold = [_cold(site)] if has_cold else []
        away = ", ".join(f"{count:,} {word}" for word, count in turned_away(site).items())
        busy = "–" if site.utilization is None else share(site.utilization)
        place = f"{name(site.service)} in {site.region}"
        rows.add(place, f"{site.started:,}", _at_once(site), busy, *cold, text=away or "–")
    return rows


def _at_once(site: Site) -> str:
    most = site.most_at_once
    return f"{site.peak_in_use:,}" + ("" if most is None else f" of {most:,}")


def _cold(site: Site) -> str:
    part = site.cold_start_share
    return "–" if part is None else f"{site.cold_starts:,} ({share(part)})"


def _lines(sections: Sections) -> Iterator[str]:
    found = sections.capacity
    yield from _queue_line(found)
    for table in found.tables:
        yield from _table_line(table)
    for cache in dict.fromkeys(one.cache for one in found.caches):
        yield from _cache_line(cache, found.caches)
    for store in sections.calls.stores:
        yield from _call_line(store)
    if held := sections.calls.held_by_services:
        by_service = ", ".join(f"{name(service)} {count:,}" for service, count in held.items())
        yield f"Called services held {plural(sum(held.values()), 'action')}: {by_service}"
    yield from _edge_line(found.edges)
    yield from cold.sentence(found.cold_begin)
    yield from _identity_line(sections.identity)


def _queue_line(found: Capacity) -> Iterator[str]:
    waits = found.queue_wait
    if waits.waited and waits.p99_s is not None and waits.max_s is not None:
        longest = max(site.peak_queue for site in found.sites)
        yield (
            f"{waits.waited:,} of {plural(waits.count, 'request')} at nodes waited for a worker: "
            f"{duration(waits.p99_s)} (99 %), {duration(waits.max_s)} (longest), "
            f"up to {longest:,} at once"
        )


def _table_line(table: TableCapacity) -> Iterator[str]:
    counts = {"write": table.throttled_writes, "read": table.throttled_reads}
    throttled = [plural(count, noun) for noun, count in counts.items() if count]
    place = f"Table {name(table.table)} in {table.region}"
    if throttled:
        yield f"{place} throttled {' and '.join(throttled)}"
    if table.copies_delayed:
        yield f"{place} took {plural(table.copies_delayed, 'copied write')} late for lack of capacity"


def _cache_line(cache: str, caches: Sequence[CacheHits]) -> Iterator[str]:
    chosen = [one for one in caches if one.cache == cache]
    hits = sum(one.hits for one in chosen)
    looks = hits + sum(one.misses for one in chosen)
    if looks:
        yield f"Cache {name(cache)} had {share(hits / looks)} of {looks:,} things looked for"


def _call_line(store: StoreCalls) -> Iterator[str]:
    """Calls of which no try succeeded, and why tries failed."""
    if store.given_up:
        by_count = sorted(store.failures.items(), key=lambda cause: -cause[1])
        why = ", ".join(f"{_FAILURES.get(cause, cause)} {count:,}" for cause, count in by_count if count)
        calls = f"{store.given_up:,} of {plural(store.calls, 'call')}"
        where = "from" if store.is_elsewhere else "in"
        yield f"{calls} to {name(store.store)} {where} {store.region} were given up; failed tries: {why}"


def _edge_line(edges: Edges) -> Iterator[str]:
    asked = edges.hits + edges.misses + edges.errors
    if asked:
        had = f"The content network's edges had {share(edges.hits / asked)} of {plural(asked, 'request')}"
        more = {"cached error": edges.errors, "failover to another origin": edges.failovers}
        yield ", ".join([had, *(f"{count:,} × {noun}" for noun, count in more.items() if count)])


def _identity_line(identity: Identity) -> Iterator[str]:
    """Where tokens mattered: requests were rejected, or keys could not be fetched."""
    kinds = {"sign_up": "sign-up", "sign_in": "sign-in", "refresh": "refresh", "forced": "forced login"}
    counts = identity.requests_by_kind.items()
    asked = [f"{count:,} × {kinds[kind]}" for kind, count in counts if count]
    failed = sum(one.key_fetches_failed for one in identity.regions)
    if identity.rejected:
        asked.append(f"{plural(identity.rejected, 'request')} rejected")
    if failed:
        asked.append(f"{plural(failed, 'fetch', 'fetches')} of keys failed")
    if failed or identity.rejected:
        yield f"Tokens: {', '.join(asked)}"


# sessions


def causes(requests: Requests) -> RenderableType | None:
    """Sessions of the run by class, and by what first went wrong in them."""
    rows = Rows()
    for kind in SESSION_WORDS:
        counts = requests.causes.get(kind)
        if counts:
            by_count = sorted(counts.items(), key=lambda cause: -cause[1])
            said = ", ".join(f"{cause.replace('_', ' ')} {count:,}" for cause, count in by_count)
            rows.add(kind.replace("_", " "), f"{sum(counts.values()):,}", text=said)
    return rows or None


def amplification_line(requests: Requests) -> Iterator[str]:
    """How much retries multiplied the load, where they did."""
    found = requests.retry_amplification
    words = {"attempts an action": found.attempts_per_action, "tries a call": found.tries_per_call}
    factors = [f"{factor:.3g} {word}" for word, factor in words.items() if factor and factor >= 1.005]
    if factors:
        yield f"Retries multiplied the load: {', '.join(factors)}"
    if requests.retries_denied:
        yield f"Clients' retry quotas held back {plural(requests.retries_denied, 'retry', 'retries')}"
