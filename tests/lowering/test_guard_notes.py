"""Rules of web ACLs that will not do what they are for are noted before anything is run."""

from typing import Any

from simulator.lowering.guard_notes import acl_notes, load_notes
from tests.small import HERE, THERE, experiment, guarded, read

BOTS = {"near": THERE, "rate": "5/s", "actions": {"view": 1}}


def notes(rule: dict[str, Any] | None = None, scope: str = "cloudfront", **run: Any) -> list[str]:
    """Of one service in two regions behind a web ACL, and its users."""
    loaded = read(guarded(scope=scope, **rule or {}), experiment(**run))
    found = [*acl_notes(loaded.topology), *load_notes(loaded.experiment, loaded.topology)]
    return [note.said for note in found]


def office(addresses: int | None) -> dict[str, Any]:
    """Thirty people, who ask for something six times a minute each: 180 in all."""
    people = {"near": HERE, "sessions": 30, "think_time": "10 s", "actions": {"view": 1}}
    return {"office": people | ({} if addresses is None else {"addresses": addresses})}


def flood(**more: Any) -> list[dict[str, Any]]:
    return [{"at": "1 min", "bots": BOTS | more}]


def test_one_web_acl_for_all_regions_and_people_below_the_limit_are_worth_no_note() -> None:
    assert notes(users=office(None)) == []
    assert notes(users=office(2)) == []  # 90 from each address


def test_web_acls_that_count_apart_are_noted() -> None:
    [note] = notes(scope="regional")
    assert note.startswith("web ACL front counts apart in each of 2 regions")


def test_honest_people_behind_one_address_who_ask_for_too_much_are_noted() -> None:
    [note] = notes(users=office(1))
    assert note.startswith(
        "office ask about 180 times in 1 min from each of their addresses, and the limit of rule"
    )
    assert notes({"by": "client"}, users=office(1)) == []
    assert notes({"limit": 200}, users=office(1)) == []


def test_bots_whom_no_rule_can_see_are_noted() -> None:
    [note] = notes(faults=flood())
    assert note.startswith("bots without 'addresses' send each request from another address")
    [note] = notes({"by": "client"}, faults=flood(addresses=3))
    assert note.startswith("bots carry nothing that tells clients apart")
    assert notes(faults=flood(addresses=3)) == []
