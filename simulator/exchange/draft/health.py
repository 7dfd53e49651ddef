"""Health checks of Route 53: one for the records of a name, those that others count, those of alarms."""

from typing import Any

from simulator import catalog
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import free, name_of, origin_of, plain
from simulator.exchange.draft.records import region_of
from simulator.exchange.draft.writing import Entry, entry, seconds
from simulator.exchange.found import Found

_PROTOCOLS = {
    "HTTP": "http",
    "HTTP_STR_MATCH": "http",
    "HTTPS": "https",
    "HTTPS_STR_MATCH": "https",
    "TCP": "tcp",
}
_WITHOUT_DATA = {"Healthy": "healthy", "Unhealthy": "unhealthy", "LastKnownStatus": "last_known"}
_ALARM, _CALCULATED = "CLOUDWATCH_METRIC", "CALCULATED"
_FIELDS = ("type", "interval", "failures", "checkers", "inverted", "disabled")


def draft_health(sets: dict[str, list[Found]], draft: Drafted) -> dict[str, str]:
    """Add the checks of each name's records, and tell their names by those of the records."""
    names: dict[str, str] = {}
    by_checks: dict[tuple[Found, ...], str] = {}
    for name, records in sets.items():
        pairs = [(one, check) for one in records for check in _checks_of(one, draft)]
        checks = tuple(dict.fromkeys(check for _, check in pairs))
        if not checks:
            continue
        if checks not in by_checks:
            label = free(_label(name, checks), draft.names("health_checks"))
            by_checks[checks] = label
            regions = {check: region for one, check in pairs if (region := region_of(one, draft))}
            _draft_check(label, [*checks], regions, draft)
        names[name] = by_checks[checks]
    return names


def _checks_of(record: Found, draft: Drafted) -> list[Found]:
    return draft.links.at(record, record.raw("check"), "health_check")


def _label(name: str, checks: tuple[Found, ...]) -> str:
    """The check's own name if it has one alone, or that of what it is made for."""
    return name_of(checks[0]) if len(checks) == 1 else plain(name.partition(".")[0])


def _draft_check(label: str, checks: list[Found], regions: dict[Found, str], draft: Drafted) -> None:
    first, todo = checks[0], list[str]()
    draft.use(*checks)
    kind = (first.text("type") or "HTTPS").upper()
    if kind == _CALCULATED:
        lines = _calculated(checks, regions, draft)
    elif kind == _ALARM:
        lines = _of_alarms(checks, regions, draft)
    elif kind in _PROTOCOLS:
        lines = _endpoint(first, kind, draft, label)
    else:
        lines = []
        todo.append(f"its type is {kind}, which is not simulated; this is a check of a page, by the defaults")
    for key in ("inverted", "disabled"):
        if first.flag(key):
            lines.append(entry(key, True, first.path(key)))
    if len({tuple(check.text(name) for name in _FIELDS) for check in checks}) > 1:
        todo.append("the checks of its regions differ; this is as the first of them is")
    draft.add("health_checks", Entry(label, lines or {}, origin_of(checks), todo))


def _endpoint(first: Found, kind: str, draft: Drafted, label: str) -> list[Entry]:
    lines = [entry("protocol", _PROTOCOLS[kind], first.path("type"))]
    if interval := first.number("interval"):
        lines.append(entry("interval", seconds(interval), first.path("interval")))
    if failures := first.number("failures"):
        lines.append(entry("failure_threshold", int(failures), first.path("failures")))
    checkers = [one for one in first.texts("checkers") if one in catalog.checker_regions()]
    if checkers:
        lines.append(entry("checker_regions", checkers, first.path("checkers")))
    if _PROTOCOLS[kind] == "tcp":
        return lines
    path = first.text("path")
    draft.assumed.append(
        f"health check {label}: its page{f' {path}' if path else ''} looks at the service alone; write "
        "'depth: deep' if it looks at the stores, too"
    )
    return lines


def _calculated(checks: list[Found], regions: dict[Found, str], draft: Drafted) -> list[Entry]:
    """Its children are checks of their own, those of a region's check being of that region."""
    counted = [
        (check, child)
        for check in checks
        for child in draft.links.at(check, check.raw("children"), "health_check")
    ]
    children = [*dict.fromkeys(child for _, child in counted)]
    regions = regions | {child: regions[check] for check, child in counted if check in regions}
    groups: dict[str, list[Found]] = {}
    for child in children:
        groups.setdefault(name_of(child), []).append(child)
    named = []
    for name, found in groups.items():
        label = free(name, draft.names("health_checks"))
        _draft_check(label, found, regions, draft)
        named.append(label)
    value: Any = named
    lines = [entry("children", value, checks[0].path("children"))]
    if (least := checks[0].number("at_least")) is not None:
        lines.append(entry("at_least", int(least), checks[0].path("at_least")))
    return lines


def _of_alarms(checks: list[Found], regions: dict[Found, str], draft: Drafted) -> list[Entry]:
    alarms = {}
    for check in checks:
        found = draft.links.at(check, check.raw("alarm"), "alarm")
        name = check.text("alarm")
        found = found or [one for one in draft.links.kind("alarm") if name and one.text("name") == name]
        if found and check in regions:
            alarms[regions[check]] = alarm_name(found[0])
    rest = _WITHOUT_DATA.get(checks[0].text("without_data") or "", "last_known")
    return [
        entry("alarm", alarms, checks[0].path("alarm")),
        entry("insufficient_data", rest, checks[0].path("without_data")),
    ]


def alarm_name(one: Found) -> str:
    """What an alarm is called: by its own name, in which a region may stand."""
    return one.text("name") or one.label
