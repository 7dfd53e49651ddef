"""The readiness of standbys, and what is single, in lines for a terminal and as plain data."""

import textwrap
from collections.abc import Iterator

from simulator.report.words import region_name, sentence, share
from simulator.result.readiness import Grown, Left, Readiness, Single, Standby

_HAS, _LACKS = "✓", "✗"
_HEADS = {
    "service": "service",
    "table": "replica",
    "database": "replica",
    "writer": "writer",
    "bucket": "bucket",
    "cache": "cache",
    "external": "external",
    "call": "call",
    "issuer": "issuer",
    "record": "record",
    "quota": "quota",
    "capacity": "capacity",
    "secret": "secret",
    "image": "image",
    "certificate": "certificate",
}
"""What the lines about each kind of thing begin with, in their order."""
_KIND = max(map(len, _HEADS.values())) + 3
_INDENT = " " * (4 + _KIND)


def readiness_lines(found: Readiness, width: int, *, rules: bool = False) -> Iterator[str]:
    """Each standby and everything single, in lines of at most so many columns where words allow.

    With `rules`, what is lacking or single is told with the rule that finds it.
    """
    for one in found.standbys:
        yield from _standby(one, width, rules)
    yield from single_lines(found.singles, width, rules=rules)
    yield from shift_lines(found.shifts, width, rules=rules)


def shift_lines(shifts: tuple[Left, ...], width: int, *, rules: bool = False) -> Iterator[str]:
    """What zonal shifts leave, a line each."""
    for one in shifts:
        mark = _HAS if one.is_enough else _LACKS
        rule = f" [{one.rule}]" if rules and not one.is_enough else ""
        said = f"zonal shift {sentence(one.shift)} {mark} {sentence(_left_words(one))}{rule}"
        yield from _wrapped(said, width, "  ", "    ")


def _left_words(one: Left) -> str:
    """Whether the other zones could carry the load of their region."""
    if not one.nodes:
        return f"{one.service} has no node outside {one.zone}, so that the shift would have no effect"
    there = f"{one.service} keeps {one.nodes:,} of {one.of:,} nodes outside {one.zone}"
    if not one.limits:
        return f"{there}; no load of this region is declared"
    narrow = one.limits[0]
    if narrow.times < 1:
        return (
            f"{there}: {narrow.said}, and today's load keeps {narrow.needed:,.3g} busy; "
            f"{share(1 - narrow.times)} of it would be too much"
        )
    return f"{there}, which would bear {_times(narrow.times)} times today's load: {narrow.said}"


def single_lines(singles: tuple[Single, ...], width: int, *, rules: bool = False) -> Iterator[str]:
    """What there is only one of, a line each."""
    for one in singles:
        said = f"single: {sentence(one.said)}{f' [{one.rule}]' if rules else ''}"
        yield from _wrapped(said, width, "  ", "    ")


def _standby(one: Standby, width: int, rules: bool) -> Iterator[str]:
    """One that is at work today is told in full only if it lacks something."""
    at_work = one.role == "active"
    head = f"stand-in {region_name(one.region)}: {', '.join(map(sentence, one.why))}" if at_work else ""
    head = head or f"standby {region_name(one.region)}"
    yield from textwrap.wrap(head, width, initial_indent="  ", subsequent_indent="    ")
    brief = at_work and not one.lacks
    load = f"{load_words(one)}{'; it lacks nothing' if brief else ''}"
    yield from textwrap.wrap(load, width, initial_indent="    ", subsequent_indent="    ")
    if not brief:
        yield from _items(one, width, rules)


def _items(one: Standby, width: int, rules: bool) -> Iterator[str]:
    for mark, head, text in marked(one, rules=rules):
        first = f"    {mark} {head:{_KIND - 2}}"
        yield from _wrapped(sentence(text), width, first, _INDENT)


def _wrapped(text: str, width: int, first: str, others: str) -> list[str]:
    """A text in lines; names with hyphens stay whole where there is room."""
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def marked(one: Standby, *, rules: bool = False) -> Iterator[tuple[str, str, str]]:
    """Mark, kind and words: all that it has of a kind together, and each thing that it lacks by itself."""
    for head in dict.fromkeys(_HEADS.values()):
        items = [item for item in one.items if _HEADS.get(item.kind, item.kind) == head]
        has = "; ".join(item.said for item in items if item.has)
        if has:
            yield _HAS, head, has
        for item in items:
            if not item.has:
                yield _LACKS, head, f"{item.said}{f' [{item.rule}]' if rules else ''}"


def load_words(one: Standby) -> str:
    """How much of today's load it could take at once, and what is narrowest."""
    if one.share is None or one.requests_a_second is None:
        return "no load is declared under 'users', so nobody can say how much of it this region could take"
    said = f"could take {share(one.share)} of today's {one.requests_a_second:,.3g} requests a second"
    return said + _bound_words(one) + "".join(f"; {_grown_words(then)}" for then in one.grown)


def _grown_words(then: Grown) -> str:
    """What it could take after a plan."""
    narrow = ""
    if then.limits and then.limits[0].times < 1:
        narrow = f", bounded by {sentence(then.limits[0].said)}"
    return f"after plan {sentence(then.plan)} {share(then.share)}{narrow}"


def _bound_words(one: Standby) -> str:
    """What is not ready, and what is narrowest."""
    absent = ""
    if one.without:
        are = "is" if len(one.not_ready) == 1 else "are"
        absent = f"; {sentence(' and '.join(one.not_ready))}, {share(one.without)}, {are} not ready there"
    if one.times is None:
        return absent if one.without == 1 else f"{absent}; nothing bounds it"
    narrow = sentence(one.limits[0].said)
    if one.times < 1:
        return f"{absent}; the narrowest: {narrow}"
    return f"{absent}; the narrowest would bear {_times(one.times)} times as much: {narrow}"


def _times(times: float) -> str:
    """How many times, in three figures below a hundred."""
    return f"{times:,.0f}" if times >= 100 else f"{times:.3g}"
