"""Auto-scaling: fleets and provisioned tables that follow a metric."""

from typing import Any

from simulator.exchange.draft.computes import node_count
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import free, name_of, origin_of, paths_of
from simulator.exchange.draft.writing import Entry, entry, exact
from simulator.exchange.found import Found

_METRICS = {
    "ASGAverageCPUUtilization": ("nodes.cpu_utilization", " %"),
    "ECSServiceAverageCPUUtilization": ("nodes.cpu_utilization", " %"),
    "ECSServiceAverageMemoryUtilization": ("nodes.memory_utilization", " %"),
    "ALBRequestCountPerTarget": ("load_balancer.request_count_per_target", ""),
    "DynamoDBReadCapacityUtilization": ("", " %"),
    "DynamoDBWriteCapacityUtilization": ("", " %"),
}


def draft_scaling(draft: Drafted) -> None:
    """Add what follows a metric that the simulator has."""
    for fleet in draft.links.kind("fleet"):
        policies = draft.links.of(fleet, "scaling_policy")
        _draft_fleet(fleet, fleet, policies, draft)
    for target in draft.links.kind("scaling_target"):
        policies = draft.links.of(target, "scaling_policy")
        draft.use(target, *policies)
        fleets = draft.links.to(target, "fleet")
        tables = draft.links.to(target, "table") or _tables(target, draft)
        if fleets:
            _draft_fleet(fleets[0], target, policies, draft)
        elif tables:
            _draft_table(tables[0], target, policies, draft)
        else:
            draft.unread.append(
                f"{origin_of([target])}: it scales no fleet and no table that was drafted; write it by hand"
            )


def _tracks(policies: list[Found], draft: Drafted) -> list[tuple[dict[str, Any], Found]]:
    """The targets that policies keep metrics at."""
    found = []
    for one in policies:
        metric, unit = _METRICS.get(one.text("metric") or "", ("", None))
        target = one.number("target")
        if one.is_unknown("target") or one.is_unknown("metric"):
            continue  # told as every value that is not in the file
        if unit is None or target is None:
            draft.unread.append(
                f"{origin_of([one])}: a policy that tracks no metric of the simulator; write it by hand"
            )
            continue
        track = {"metric": metric} if metric else {}
        found.append(({**track, "target": f"{exact(target)}{unit}"}, one))
    return found


def _draft_fleet(fleet: Found, limits: Found, policies: list[Found], draft: Drafted) -> None:
    draft.use(*policies)
    tracks = _tracks(policies, draft)
    service, least, most = draft.services.get(fleet), limits.number("min"), limits.number("max")
    if not tracks or service is None or least is None or most is None:
        return
    zones = draft.zones.get(str(fleet.region), 1)
    there = -(-int(node_count(fleet) or 0) // zones) * zones
    lines = [
        entry("service", service, origin_of([fleet])),
        entry("in", fleet.region, "where it is"),
        entry("min", int(least), limits.path("min")),
        entry("max", max(int(most), there), limits.path("max"), *_more(int(most), there)),
        entry("track", [track for track, _ in tracks], paths_of(tracks[0][1], "metric", "target")),
    ]
    name = free(f"{name_of(fleet)} in {fleet.region}", draft.names("scaling"))
    draft.add("scaling", Entry(name, lines, origin_of([one for _, one in tracks])))


def _more(most: int, there: int) -> list[str]:
    """That there are more nodes than the most, because each zone has as many as any other."""
    return [f"the most is {most}; {there} are there, as many in each zone"] if there > most else []


def _tables(target: Found, draft: Drafted) -> list[Found]:
    name = (target.text("of") or "").removeprefix("table/")
    return [one for one in draft.links.kind("table") if name and one.text("name") == name]


def _draft_table(table: Found, target: Found, policies: list[Found], draft: Drafted) -> None:
    tracks = _tracks(policies, draft)
    least, most, store = target.number("min"), target.number("max"), draft.stores.get(table)
    units = "write" if "Write" in (target.text("dimension") or "") else "read"
    if not tracks or store is None or least is None or most is None or not table.region:
        return
    lines = [
        entry("table", store, origin_of([table])),
        entry("units", units, target.path("dimension")),
        entry("in", table.region, "where it is"),
        entry("min", f"{exact(least)}/s", target.path("min")),
        entry("max", f"{exact(most)}/s", target.path("max")),
        entry("track", tracks[0][0], paths_of(tracks[0][1], "metric", "target")),
    ]
    name = free(f"{store} {units}", draft.names("scaling"))
    draft.add("scaling", Entry(name, lines, origin_of([one for _, one in tracks])))
