"""Steps that add capacity and cannot: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: a standby that grows
regions:
  eu-west-1: {}
  eu-central-1: {quotas: {nodes: 9, lambda_concurrency: 500, table_write: 1000/s}} # quotas
  eu-south-1: {}
tables:
  orders: {replicas: [eu-west-1, eu-central-1], capacity: {provisioned: {write: 100/s, read: 100/s}}}
services:
  shop:
    regions: [eu-west-1, eu-central-1]
    compute: {nodes: {per_zone: 2}}
    compute_in: {eu-central-1: {nodes: {per_zone: 0}}}
    operations: {buy: [{compute: 1 ms}]}
  api:
    regions: [eu-west-1, eu-central-1]
    compute: {lambda: {provisioned: 10}} # api
    operations: {act: [{write: orders}]}
  free:
    regions: [eu-west-1, eu-central-1]
    operations: {ask: [{compute: 1 ms}]}
dns:
  shop.example: {service: shop, policy: failover}
plans:
  over:
    steps:
      - {scale: shop, in: eu-central-1, to: {per_zone: 2}}
      - {scale: api, in: eu-central-1, to: {provisioned: 50}}
      - {throughput: orders, in: eu-central-1, to: {write: 500/s}}
"""

EXPERIMENT = framed(
    "a standby",
    """\
operator:
  - {run: over, at: 1 min}
""",
)

SHOP = "{scale: shop, in: eu-central-1, to: {per_zone: 2}}"
API = "{scale: api, in: eu-central-1, to: {provisioned: 50}}"
TABLE = "{throughput: orders, in: eu-central-1, to: {write: 500/s}}"
QUOTAS = "{quotas: {nodes: 9, lambda_concurrency: 500, table_write: 1000/s}} # quotas"

CASES = [
    # nodes
    (
        SHOP,
        "{scale: shop, in: eu-west-1, to: {per_zone: 2}}",
        "t.yaml:12:51: it has no node in eu-central-1, and no failover plan launches any; add a step "
        "'{scale: shop, in: eu-central-1, to: {per_zone: 1}}' to one, or write 'per_zone: 1'",
        "t.yaml:26:53: there are 2 nodes in each zone of eu-west-1 from the start; a step raises that, so "
        "write more",
    ),
    (
        SHOP,
        "{scale: shop, in: eu-central-1, to: {per_zone: 4}}",
        "t.yaml:26:56: 12 nodes in 3 zones are above the quota of 9; write less, or a greater 'nodes' in the "
        "region's 'quotas'",
    ),
    (
        SHOP,
        "{scale: shop, in: eu-central-1, to: {provisioned: 4}}",
        "t.yaml:26:46: 'shop' runs on nodes in eu-central-1, which grow by per_zone",
    ),
    (SHOP, "{scale: shop, in: eu-central-1}", "t.yaml:26:9: missing key 'to'"),
    (
        SHOP,
        "{scale: shop, in: eu-central-1, to: {}}",
        "t.yaml:26:45: say how much is to be there: per_zone",
    ),
    (
        API,
        "{scale: shop, in: eu-south-1, to: {per_zone: 3}}",
        "t.yaml:27:27: unknown region of the service 'eu-south-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        API,
        "{scale: free, in: eu-central-1, to: {per_zone: 3}}",
        "t.yaml:27:17: service 'free' has no limits in eu-central-1, so nothing can grow; give it 'compute', "
        "or leave the step out",
    ),
    (
        QUOTAS,
        "{quotas: {nodes: 9, lambda_concurrency: 500, table_write: 1000/s}, zones: 5} # quotas",
        "t.yaml:26:56: 10 nodes in 5 zones are above the quota of 9; write less, or a greater 'nodes' in the "
        "region's 'quotas'",
    ),
    (
        "eu-west-1: {}\n",
        "eu-west-1: {quotas: {nodes: 5}}\n",
        "t.yaml:3:31: the services have 6 nodes in eu-west-1 from the start, which is more",
    ),
    # Lambda
    (
        API,
        "{scale: api, in: eu-central-1, to: {provisioned: 10}}",
        "t.yaml:27:58: there are 10 environments kept warm in eu-central-1 from the start; a step raises "
        "that, so write more",
    ),
    (
        API,
        "{scale: api, in: eu-central-1, to: {provisioned: 401}}",
        "t.yaml:27:58: 100 of the 500 concurrent executions in eu-central-1 stay unreserved: write at most "
        "400, or a greater 'lambda_concurrency' in 'quotas'",
    ),
    (
        API,
        "{scale: api, in: eu-central-1, to: {reserved: 50}}",
        "t.yaml:27:55: the function reserves nothing in eu-central-1, so it may use all that the account "
        "has; leave this out, or write 'reserved' at the service",
    ),
    (
        "{lambda: {provisioned: 10}} # api",
        "{lambda: {provisioned: 10, reserved: 20}}",
        "t.yaml:27:58: more than the 20 that are reserved, which is the most that run at once",
    ),
    # tables
    (
        TABLE,
        "{throughput: order, in: eu-central-1, to: {write: 500/s}}",
        "t.yaml:28:22: unknown table 'order'; did you mean 'orders'?",
    ),
    (
        TABLE,
        "{throughput: orders, in: eu-south-1, to: {write: 500/s}}",
        "t.yaml:28:34: unknown region of the table's replicas 'eu-south-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        TABLE,
        "{throughput: orders, in: eu-central-1, to: {read: 50/s}}",
        "t.yaml:28:59: there are 100 read units a second in eu-central-1 from the start; a step raises that, "
        "so write more",
    ),
    (
        TABLE,
        "{throughput: orders, in: eu-west-1, to: {write: 1500/s}}",
        "t.yaml:28:57: a table writes at most 1,000 units a second in eu-central-1, where it has a replica; "
        "write less, or a greater 'table_write' in the region's 'quotas'",
    ),
    (
        "{provisioned: {write: 100/s, read: 100/s}}",
        "unlimited",
        "t.yaml:28:22: table 'orders' has no limits; give it a 'capacity', or leave the step out",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case[1] for case in CASES])
def test_a_step_that_adds_nothing_is_refused_at_its_place(case: tuple[str, ...], tmp_path: Path) -> None:
    old, new, *expected = case
    assert complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new)) == expected


def test_the_file_that_is_changed_is_valid(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []
