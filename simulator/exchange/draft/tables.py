"""DynamoDB tables: replicas, capacity, consistency, recovery to a point in time."""

from typing import Any

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import name_of, origin_of, paths_of
from simulator.exchange.draft.writing import Entry, entry, exact
from simulator.exchange.found import Found

_SIMPLE = "AWS::Serverless::SimpleTable"


def draft_tables(draft: Drafted) -> None:
    """Add each table with its replicas, wherever these are declared."""
    groups: dict[str, list[Found]] = {}
    for one in draft.links.kind("table"):
        groups.setdefault(name_of(one), []).append(one)
    for name, found in groups.items():
        _draft_table(name, found, draft)


def _draft_table(name: str, found: list[Found], draft: Drafted) -> None:
    first = found[0]
    more = [one for table in found for one in draft.links.of(table, "table_replica")]
    group = [one for one in draft.links.kind("global_table") if one.text("name") in _names(found)]
    regions = _regions(found, more, group)
    if not regions:
        draft.unread.append(f"{origin_of(found)}: its region is not in the file")
        return
    todo = []
    if len(found) > 1 and not group and not more:
        todo.append(
            "the files declare a table of this name in each of these regions, and nothing that copies "
            "items between them; give each a name of its own if they are no replicas of one global table"
        )
    lines = [entry("replicas", regions, _origin_of_replicas(first, more, group), *todo)]
    lines += _capacity(first, draft, name)
    lines += _consistency(first)
    lines += _recovery(first, found, more, regions)
    if first.all("indexes"):
        lines.append(entry("secondary_indexes", len(first.all("indexes")), first.path("indexes")))
    if first.raw("scaled") is not None:
        draft.assumed.append(
            f"table {name}: its units stay as they are; write under 'scaling' how they follow"
        )
    if first.flag("expires"):
        draft.assumed.append(
            f"table {name}: items expire, and when is known to the application alone; add 'time_to_live'"
        )
    draft.use(*group)
    draft.add_store("tables", Entry(name, lines, origin_of([*found, *more])), regions, [*found, *more])


def _names(found: list[Found]) -> set[str]:
    return {name for one in found if (name := one.text("name"))}


def _regions(found: list[Found], more: list[Found], group: list[Found]) -> list[str]:
    own = [one.region for one in (*found, *more) if one.region]
    replicas = [region for one in (*found, *group) for region in one.texts("replicas") if region]
    return [*dict.fromkeys([*own, *replicas])]


def _origin_of_replicas(first: Found, more: list[Found], group: list[Found]) -> str:
    said = [first.path("replicas")] if first.all("replicas") else []
    said += [origin_of([*more, *group])] if more or group else []
    return ", ".join(said) or "its own region; no replica is declared"


def _capacity(one: Found, draft: Drafted, name: str) -> list[Entry]:
    if one.text("billing") == "PAY_PER_REQUEST":
        return [entry("capacity", "on_demand", paths_of(one, "billing"))]
    if one.type == _SIMPLE and one.raw("write") is None:
        return [entry("capacity", "on_demand", "the default of AWS SAM")]
    write, read = one.number("write"), one.number("read")
    if write is not None and read is not None and write > 0 and read > 0:
        units: dict[str, Any] = {"write": f"{exact(write)}/s", "read": f"{exact(read)}/s"}
        apart = "its replicas have different units to read; these are those of the first"
        differ = len({*one.numbers("replica_reads")}) > 1
        origin = paths_of(one, "write", "read")
        return [entry("capacity", {"provisioned": units}, origin, apart if differ else "")]
    todo = (
        "it is provisioned, and its units are not in the file; write {provisioned: {write: …/s, read: …/s}}"
    )
    draft.assumed.append(f"table {name}: on demand, because its provisioned units are not in the file")
    return [entry("capacity", "on_demand", paths_of(one, "billing"), todo)]


def _consistency(one: Found) -> list[Entry]:
    if not any(one.flags("strong")):
        return []
    lines = [entry("consistency", "strong", one.path("strong"))]
    witness = one.text("witness")
    return lines + ([entry("witness", witness, one.path("witness"))] if witness else [])


def _recovery(first: Found, found: list[Found], more: list[Found], regions: list[str]) -> list[Entry]:
    """Recovery to a point in time is on or off for each replica."""
    on = [one.region for one in (*found, *more) if one.flag("recovery") and one.region]
    named = zip(first.texts("replicas"), first.flags("replica_recovery"), strict=False)
    on += [region for region, is_on in named if region and is_on]
    if not on:
        return []
    written: dict[str, Any] = {}
    if days := first.number("recovery_days"):
        written["window"] = f"{exact(days)} d"
    if {*on} != {*regions}:
        written["regions"] = [one for one in regions if one in on]
    return [entry("point_in_time_recovery", written, paths_of(first, "recovery", "replica_recovery"))]
