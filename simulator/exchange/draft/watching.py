"""What watches and guards: alarms of CloudWatch, web ACLs, issuers of tokens."""

from typing import Any

from simulator.boundary.metric_terms import Metric
from simulator.boundary.metrics import METRICS
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.health import alarm_name
from simulator.exchange.draft.naming import free, name_of, origin_of, paths_of
from simulator.exchange.draft.records import region_of
from simulator.exchange.draft.sites import doors_of
from simulator.exchange.draft.writing import Entry, entry, exact, seconds
from simulator.exchange.found import Found, texts_in

_COMPARISONS = {
    "GreaterThanThreshold": ">",
    "GreaterThanOrEqualToThreshold": ">=",
    "LessThanThreshold": "<",
    "LessThanOrEqualToThreshold": "<=",
}
_STATISTICS = {
    "Sum": "sum",
    "Average": "average",
    "Minimum": "minimum",
    "Maximum": "maximum",
    "SampleCount": "sample_count",
}
_MISSING = {
    "notBreaching": "not_breaching",
    "breaching": "breaching",
    "ignore": "ignore",
    "missing": "missing",
}
_UNITS = {"Milliseconds": " ms", "Microseconds": " us", "Seconds": " s"}
_SCALES = {"lambda.provisioned_concurrency_utilization": 100}
"""What AWS tells from 0 to 1, and the simulator in percent."""
_OF_HTTP_APIS = {"4xx": "4XXError", "5xx": "5XXError"}
_WINDOWS = {60: "1 min", 120: "2 min", 300: "5 min", 600: "10 min"}
_BY_ADDRESS = ("IP", "FORWARDED_IP")
_UNITS_OF_TOKENS = {"seconds": "s", "minutes": "min", "hours": "h", "days": "d"}


# alarms


def draft_alarms(draft: Drafted) -> None:
    """Add each alarm on a metric that the simulator has, of something that was drafted."""
    for one in draft.links.kind("alarm"):
        draft.use(one)
        why = _draft_alarm(one, draft)
        if why:
            draft.unread.append(f"{origin_of([one])}: {why}")


def _draft_alarm(one: Found, draft: Drafted) -> str:
    """Add an alarm; why it cannot be, if so."""
    if one.raw("maths") is not None:
        return "an alarm on metric maths; write it with 'expression' and 'metrics'"
    metric = _metric(one)
    if metric is None:
        return f"the simulator has no metric {one.text('namespace')} {one.text('metric')}"
    comparison, threshold = _COMPARISONS.get(one.text("comparison") or ""), one.number("threshold")
    if comparison is None or threshold is None:
        return "an alarm without a threshold that is one number; write it with 'band' if it learns one"
    of = _subject(one, metric, draft)
    if of is None:
        return f"what its metric {metric.name} is of was not drafted"
    written = one.text("statistic") or ""
    statistic = _STATISTICS.get(written, written)
    value = round(threshold * _SCALES.get(metric.name, 1), 9)
    lines = [
        entry("metric", metric.name, paths_of(one, "namespace", "metric")),
        entry("of", of, one.path("dimensions")),
        entry("statistic", statistic, one.path("statistic")),
        entry("period", seconds(one.number("period") or 60), one.path("period")),
        entry(
            "threshold",
            f"{comparison} {exact(value)}{_unit(metric, statistic)}",
            paths_of(one, "comparison", "threshold"),
        ),
        entry("datapoints", _points(one), paths_of(one, "points", "periods")),
        *_missing(one, metric),
    ]
    if one.all("tells"):
        lines.append(entry("tells", "whoever is on call", one.path("tells")))
    name = free(alarm_name(one), draft.names("alarms"))
    draft.add("alarms", Entry(name, [line for line in lines if line.value != ""], origin_of([one])))
    return ""


def _metric(one: Found) -> Metric | None:
    namespace, name = one.text("namespace"), one.text("metric") or ""
    if namespace == "AWS/ApiGateway":
        name = _OF_HTTP_APIS.get(name, name)
    return next((metric for metric in METRICS if (metric.namespace, metric.aws) == (namespace, name)), None)


def _unit(metric: Metric, statistic: str) -> str:
    return "" if statistic == "sample_count" else _UNITS.get(metric.unit, "")


def _points(one: Found) -> str:
    periods = int(one.number("periods") or 1)
    return f"{int(one.number('points') or periods)} of {periods}"


def _missing(one: Found, metric: Metric) -> list[Entry]:
    if metric.namespace == "AWS/DynamoDB":  # always ignores it
        return []
    said = _MISSING.get(one.text("missing") or "")
    return [entry("missing", said, one.path("missing"))] if said else []


def _subject(one: Found, metric: Metric, draft: Drafted) -> str | None:
    """What an alarm's metric is of, by what its dimensions refer to or name."""
    name = _named(one, metric, draft)
    if name is None or metric.of.name in ("content network",):
        return name
    region = one.region
    if metric.of.name.startswith("health check"):
        return None if region is None else f"{name}@{_region_of_check(one, draft) or region}"
    return None if region is None else f"{name}@{region}"


def _region_of_check(one: Found, draft: Drafted) -> str | None:
    """The region of a record with the check that an alarm watches: all such metrics are in us-east-1."""
    for check in draft.links.at(one, one.raw("dimensions"), "health_check"):
        for record in draft.links.of(check, "record"):
            if region := region_of(record, draft):
                return region
    return None


def _named(one: Found, metric: Metric, draft: Drafted) -> str | None:
    values = one.raw("dimensions")
    kinds = {other.kind for other in draft.links.found}
    targets = draft.links.at(one, values, *kinds)
    for target in targets:
        if target in draft.stores:
            return draft.stores[target]
        if target in draft.services:
            return draft.services[target]
        if target.kind == "health_check":
            return _check_named(target, draft)
        for door in draft.links.to(target, *kinds):
            if target.kind in ("throttle", "target_group") and door in draft.services:
                return draft.services[door]
    texts = {str(text) for text in texts_in(values) if str(text)}
    for known in (draft.stores, draft.services):
        for resource, name in known.items():
            if resource.text("name") in texts or any(_is_of(resource, text) for text in texts):
                return name
    return None


def _is_of(resource: Found, text: str) -> bool:
    """Whether a dimension is the end of a load balancer's name: `app/NAME/ID`."""
    name = resource.text("name")
    return bool(name) and resource.kind == "balancer" and text.startswith(f"app/{name}/")


def _check_named(check: Found, draft: Drafted) -> str | None:
    """The drafted health check that a resource is part of."""
    drafted = draft.sections.get("health_checks", ())
    return next((one.key for one in drafted if check.origin in one.origin), None)


# web ACLs


def draft_acls(draft: Drafted) -> None:
    """Add each web ACL with rules by rate, before the services that it is associated with."""
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in draft.links.kind("web_acl"):
        groups.setdefault((name_of(one), one.text("scope") or "REGIONAL"), []).append(one)
    for (name, scope), found in groups.items():
        draft.use(*found)
        services = _protected(found, draft)
        rules = _rules(found[0], draft)
        if not services or not rules:
            why = "rules by rate are simulated, and it has none" if not rules else "nothing drafted has it"
            draft.unread.append(f"{origin_of(found)}: {why}")
            continue
        lines = [
            entry("protects", services, origin_of([*_associations(found, draft)]) or "the content network's"),
            entry("scope", "cloudfront" if scope == "CLOUDFRONT" else "regional", found[0].path("scope")),
            Entry("rules", rules),
        ]
        draft.add("waf", Entry(free(name, draft.names("waf")), lines, origin_of(found)))


def _associations(found: list[Found], draft: Drafted) -> list[Found]:
    joints = [joint for one in found for joint in draft.links.of(one, "acl_association", "cdn")]
    draft.use(*joints)
    return joints


def _protected(found: list[Found], draft: Drafted) -> list[str]:
    joints = _associations(found, draft)
    kinds = {other.kind for other in draft.links.found}
    things = [thing for joint in joints for thing in (joint, *draft.links.to(joint, *kinds))]
    things += [door for joint in joints if joint.kind == "cdn" for door in doors_of(joint, draft.links)]
    behind = [
        two
        for thing in things
        if thing.kind in ("stage", "throttle")
        for two in draft.links.to(thing, *kinds)
    ]
    named = [draft.services[one] for one in [*things, *behind] if one in draft.services]
    return [*dict.fromkeys(named)]


def _rules(one: Found, draft: Drafted) -> list[Entry]:
    rules = []
    names, limits = one.texts("rules"), one.numbers("limits")
    windows, counts, narrowed = one.numbers("windows"), one.all("counts"), one.all("narrowed")
    keyed, raw = one.texts("keyed"), one.all("limits")
    for number, name in enumerate(names):
        limit = limits[number] if number < len(limits) else None
        if limit is None and number < len(raw) and raw[number] is not None:
            draft.unread.append(f"{origin_of([one])}: rule {name}, whose limit is not in the file")
            continue
        if limit is None:
            draft.unread.append(f"{origin_of([one])}: rule {name}, which is none by rate")
            continue
        seconds = windows[number] if number < len(windows) else None
        value: dict[str, Any] = {
            "limit": int(limit),
            "window": _WINDOWS.get(int(seconds or 300), "5 min"),
        }
        if number < len(counts) and counts[number] not in (None, []):
            value["action"] = "count"
        todo = []
        if number < len(narrowed) and narrowed[number]:
            todo.append("it looks at some of the requests alone; name their 'operations'")
        if number < len(keyed) and keyed[number] not in (None, *_BY_ADDRESS):
            todo.append(
                f"it adds requests up by {keyed[number]}, and here by address; write 'by: client' if need be"
            )
        rules.append(entry(name or f"rule-{number + 1}", value, one.path("limits"), *todo))
    return rules


# issuers


def draft_identity(draft: Drafted) -> None:
    """Add the user pools as issuers; each signs with keys of its own."""
    pools = [one for one in draft.links.kind("user_pool") if one.region]
    if not pools:
        return
    regions = [*dict.fromkeys(draft.here(str(one.region), one) for one in pools)]
    lines = [entry("issuer", regions, "where it is declared")]
    if len(regions) > 1:
        lines.append(entry("keys", "regional", "each user pool signs with its own keys"))
    clients = [one for pool in pools for one in draft.links.of(pool, "pool_client")]
    draft.use(*pools, *clients)
    for client in [one for one in clients if one.number("valid")][:1]:
        unit = _UNITS_OF_TOKENS.get(client.text("unit") or "hours", "h")
        lines.append(
            entry(
                "access_token",
                f"{exact(client.number('valid') or 0)} {unit}",
                f"{origin_of([client])}: {client.path('valid')}",
            )
        )
    draft.sections["identity"] = lines
    draft.assumed.append(f"identity: users log in at {origin_of(pools)} before they ask for anything")
