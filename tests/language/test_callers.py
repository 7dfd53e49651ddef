"""Clients of single callees: what a key of `calls_to` may name, and what is said where it names nothing."""

from pathlib import Path

import pytest

from tests.language import writing

TOPOLOGY = """\
topology: a shop that calls several things
regions: {eu-south-1: {}}
tables: {orders: {replicas: [eu-south-1]}, stock: {replicas: [eu-south-1]}}
caches: {near: {regions: [eu-south-1]}}
external: {cards: {latency: 30 ms}}
services:
  shop:
    regions: [eu-south-1]
    calls: {profile: script, attempts: 3}
    calls_to: {CLIENTS}
    operations:
      order: [{call: billing.charge}, {call: cards}, {write: orders}, {cache: near, miss: stock}]
      look: [{call: refund}, {call: orders.add}, {call: audit.add}]
  billing: {regions: [eu-south-1], operations: {charge: [{compute: 1 ms}], refund: [{compute: 1 ms}]}}
  orders: {regions: [eu-south-1], operations: {add: [{compute: 1 ms}]}}
  audit: {regions: [eu-south-1], operations: {add: [{compute: 1 ms}], look: [{compute: 1 ms}]}}
  pages: {regions: [eu-south-1], cdn: {origins: [eu-south-1]}, operations: {page: [{get: files}]}}
buckets: {files: {replicas: [eu-south-1]}}
dns: {shop.example: {service: shop, policy: simple}}
"""

EXPERIMENT = """\
experiment: some orders
topology: t.yaml
duration: 10 s
users: {some: {near: eu-south-1, sessions: 1, think_time: 1 s, actions: {order: 1}}}
"""


def complaints(tmp_path: Path, clients: str, **changes: str) -> list[str]:
    written = TOPOLOGY.replace("{CLIENTS}", clients)
    for old, new in changes.items():
        written = written.replace(old, new)
    return writing.complaints(tmp_path, EXPERIMENT, written)


@pytest.mark.parametrize(
    "clients",
    [
        "{}",
        "{billing: script}",
        "{billing: {timeout: 1 s}, billing.refund: {attempts: 1}, charge: jvm}",
        "{cards: {timeout: 5 s, attempts: 1, circuit_breaker: {}}}",
        "{near: {timeout: 50 ms}, stock: aws-legacy-boto3, orders.add: script, audit.add: jvm}",
        "{cards: {attempts: 64}}",  # as of any call of a store or an external
    ],
)
def test_whatever_a_service_calls_may_have_a_client_of_its_own(tmp_path: Path, clients: str) -> None:
    assert complaints(tmp_path, clients) == []


@pytest.mark.parametrize(
    ("clients", "complaint"),
    [
        ("{billling: script}", "16: service 'shop' calls no 'billling'; did you mean 'billing'?"),
        # there, and another service's affair: what this one calls is listed
        ("{audit.look: script}", "16: service 'shop' calls no 'audit.look'; did you mean 'audit'?"),
        ("{files: script}", "16: service 'shop' calls no 'files'; one of: billing, billing.charge, cards, "),
        ("{add: script}",
         "16: several services have an operation 'add'; write 'orders.add' or 'audit.add'"),
        ("{orders: script}",
         "16: 'orders' is a store and a service; write 'orders.add', or give one of both another name"),
        ("{charge: script, billing.charge: jvm}",
         "16: 'charge' and 'billing.charge' are one operation; leave one of both out"),
        ("{cards: sript}", "23: unknown client profile 'sript'; did you mean 'script'?"),
        ("{cards: {profile: sript}}", "33: unknown client profile 'sript'; did you mean 'script'?"),
        ("{cards: {tries: 3}}", "24: unknown key 'tries'; of 14 the nearest are "),
        ("{cards: {timeout: 0 s}}", "33: a timeout must be longer than 0 s"),
        ("{cards: {dns_cache: jvm}}",
         "24: 'dns_cache' does not belong here; an instance keeps an endpoint's address for "
         "'defaults.endpoint_ttl'"),
        ("{billing: {attempts: 33}}", "36: a service that calls others tries a call at most 32 times"),
        ("{billing.charge: {attempts: 33}}", "43: a service that calls others tries a call at most 32 times"),
        ("{stock: {attempts: 33}}",
         "34: a service with a table behind a cache tries a call at most 32 times"),
        ("{orders.add: script, cards: {retry_refused_conditions: true}}",
         "44: no step that calls 'cards' has a condition ('if:'); leave it out"),
    ],
)  # fmt: skip
def test_a_client_for_nothing_has_its_place_and_a_remedy(
    tmp_path: Path, clients: str, complaint: str
) -> None:
    (said,) = complaints(tmp_path, clients)
    assert said.startswith(f"t.yaml:10:{complaint}")


def test_attempts_are_told_where_they_are_written(tmp_path: Path) -> None:
    """The shop's own are for all that have none of theirs; of the others nobody else is told."""
    many = {"attempts: 3}": "attempts: 33}"}
    others = "billing: {attempts: 2}, orders.add: {attempts: 2}, audit: jvm, near: {attempts: 1}"
    assert complaints(tmp_path, f"{{{others}, stock: {{attempts: 1}}}}", **many) == []
    assert complaints(tmp_path, f"{{{others}}}", **many) == [
        "t.yaml:9:40: a service with a table behind a cache tries a call at most 32 times"
    ]


def test_a_misspelled_step_is_told_and_not_its_client(tmp_path: Path) -> None:
    (said,) = complaints(tmp_path, "{cards: script}", **{"{call: cards}": "{call: card}"})
    assert said == "t.yaml:12:46: unknown external or operation 'card'; did you mean 'cards'?"


def test_a_content_network_calls_nobody(tmp_path: Path) -> None:
    there = {"cdn: {": "calls_to: {files: script}, cdn: {"}
    (said,) = complaints(tmp_path, "{}", **there)
    assert said == ("t.yaml:17:34: a service behind a content network has no 'calls_to'; leave it out")
