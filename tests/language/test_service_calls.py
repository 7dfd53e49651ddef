"""Calls of services that make no sense: each with its place and what to do about it."""

from pathlib import Path

import pytest

from tests.language import writing

TOPOLOGY = """\
topology: services that call each other
regions: {eu-south-1: {}, eu-north-1: {}, eu-west-1: {}}
services:
  shop:
    regions: [eu-south-1, eu-north-1]
    calls: {profile: script, attempts: 3}
    operations:
      order: [{compute: 5 ms}, {call: charge}]
      look: [{compute: 1 ms}]
  billing:
    regions: [eu-south-1, eu-north-1]
    operations:
      charge: [{call: ledger.enter, to: eu-west-1}]
      look: [{compute: 1 ms}]
  ledger:
    regions: [eu-west-1]
    operations:
      enter: [{compute: 1 ms}]
      audit: [{compute: 1 ms}]
dns: {shop.example: {service: shop, policy: simple}}
"""

EXPERIMENT = """\
experiment: some orders
topology: t.yaml
duration: 10 s
users: {some: {near: eu-south-1, sessions: 1, think_time: 1 s, actions: {order: 1}}}
"""

CHARGE, ENTER, AUDIT = "[{call: charge}]", "enter: [{compute: 1 ms}]", "audit: [{compute: 1 ms}]"


def complaints(tmp_path: Path, old: str = "", new: str = "") -> list[str]:
    assert TOPOLOGY.count(old) == 1 or not old
    return writing.complaints(tmp_path, EXPERIMENT, TOPOLOGY.replace(old, new) if old else TOPOLOGY)


def test_calls_of_two_services_one_after_another_are_accepted(tmp_path: Path) -> None:
    assert complaints(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{call: charge}", "{call: charged}",
         "t.yaml:8:39: unknown external or operation 'charged'; did you mean 'charge'?"),
        ("{call: charge}", "{call: look}",
         "t.yaml:8:39: several services have an operation 'look'; write 'shop.look' or 'billing.look'"),
        ("{call: charge}", "{call: shop.look}",
         "t.yaml:8:39: service 'shop' does what is its own itself; write the steps of 'shop.look' here"),
        ("{call: charge}", "{call: charge, to: eu-west-1}",
         "t.yaml:8:51: service 'billing' does not run in eu-west-1; it runs in: eu-south-1, eu-north-1"),
        ("{call: charge}", "{call: audit}",
         "t.yaml:8:39: service 'shop' runs in eu-south-1, where 'ledger' does not; "
         "add eu-south-1 to its regions, or say in which it is called: 'to: REGION'"),
        ("{call: charge}", "{call: charge, writes: true}",
         "t.yaml:8:47: what 'charge' does is said by its own steps; leave 'writes' out"),
        ("attempts: 3", "attempts: 33",
         "t.yaml:6:40: a service that calls others tries a call at most 32 times"),
    ],
)  # fmt: skip
def test_a_call_that_leads_nowhere_has_a_place_and_a_remedy(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert complaint in complaints(tmp_path, old, new)


def test_calls_in_a_circle_are_refused_wherever_one_enters_it(tmp_path: Path) -> None:
    circle = "enter: [{compute: 1 ms}, {call: billing.charge, to: eu-south-1}]"
    said = complaints(tmp_path, ENTER, circle)
    assert said == [
        "t.yaml:13:23: calls in a circle: billing.charge → ledger.enter → billing.charge; "
        "leave one of them out",
        "t.yaml:18:39: calls in a circle: ledger.enter → billing.charge → ledger.enter; "
        "leave one of them out",
    ]


def test_two_services_may_call_each_other_for_other_things(tmp_path: Path) -> None:
    back = "enter: [{compute: 1 ms}, {call: billing.look, to: eu-south-1}]"
    assert complaints(tmp_path, ENTER, back) == []


def test_at_most_three_calls_lead_from_a_users_request(tmp_path: Path) -> None:
    """`order` → `charge` → `enter` → `shop.look` → `billing.look`: four calls."""
    deep = TOPOLOGY.replace(ENTER, "enter: [{call: shop.look, to: eu-south-1}]")
    deeper = deep.replace("look: [{compute: 1 ms}]\n  billing", "look: [{call: billing.look}]\n  billing")
    assert writing.complaints(tmp_path, EXPERIMENT, deep) == []
    assert writing.complaints(tmp_path, EXPERIMENT, deeper) == [
        "t.yaml:8:39: 4 calls deep: shop.order → billing.charge → ledger.enter → shop.look → billing.look; "
        "at most 3 are simulated"
    ]
