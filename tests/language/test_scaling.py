"""Scalers that scale nothing, too much, or by no policy: each complaint with its place and its remedy."""

from pathlib import Path

import pytest

from tests.language.writing import changed, complaints, framed

TOPOLOGY = """\
topology: what grows by itself
regions:
  eu-west-1: {}
  eu-central-1: {quotas: {nodes: 30, lambda_concurrency: 500, table_write: 1000/s}} # quotas
  eu-south-1: {}
tables:
  orders: {replicas: [eu-west-1, eu-central-1], capacity: {provisioned: {write: 100/s, read: 100/s}}}
  carts: {replicas: [eu-west-1, eu-central-1], capacity: {on_demand: {}}}
services:
  shop:
    regions: [eu-west-1, eu-central-1]
    compute: {nodes: {per_zone: 2}}
    operations: {buy: [{compute: 1 ms}]}
  api:
    regions: [eu-west-1, eu-central-1]
    compute: {lambda: {provisioned: 10}}
    operations: {act: [{write: orders}, {write: carts}]}
  free:
    regions: [eu-west-1, eu-central-1]
    operations: {ask: [{compute: 1 ms}]}
dns:
  shop.example: {service: shop, policy: simple}
alarms:
  busy: {metric: nodes.cpu_utilization, of: shop@eu-central-1, threshold: '> 60 %'}
  away: {metric: nodes.cpu_utilization, of: shop@eu-west-1, threshold: '> 60 %'}
  both: {rule: ALARM(busy) AND ALARM(away)}
scaling:
  shop: {service: shop, in: eu-central-1, min: 3, max: 30, track: {target: 50 %}} # shop
  api: {service: api, in: eu-central-1, min: 10, max: 400, track: {target: 70 %}} # api
  orders: {table: orders, units: write, in: eu-central-1, min: 50/s, max: 1000/s, track: {target: 70 %}} # o
"""

EXPERIMENT = framed(
    "it grows",
    """\
users:
  people: {near: eu-west-1, sessions: 10, think_time: 1 s, actions: {buy: 1}}
""",
)

SHOP = "{service: shop, in: eu-central-1, min: 3, max: 30, track: {target: 50 %}} # shop"
API = "{service: api, in: eu-central-1, min: 10, max: 400, track: {target: 70 %}} # api"
ORDERS = "{table: orders, units: write, in: eu-central-1, min: 50/s, max: 1000/s, track: {target: 70 %}} # o"

STEPS = "{service: shop, in: eu-central-1, min: 3, max: 30, steps: [{on: {alarm: busy}, bounds: [{by: 2}]}]}"

CASES = [
    # what is scaled
    (
        SHOP,
        "{in: eu-central-1, min: 3, max: 30}",
        "t.yaml:28:9: what is scaled names one of service, table; this one has 'in', 'min', 'max'",
    ),
    (
        SHOP,
        SHOP.replace("service: shop", "service: free"),
        "t.yaml:28:19: service 'free' has no limits in eu-central-1, so nothing can be scaled; give "
        "it 'compute', or leave this out",
    ),
    (
        SHOP,
        SHOP.replace("service: shop", "service: shp"),
        "t.yaml:28:19: unknown service 'shp'; did you mean 'shop'?",
    ),
    (
        SHOP,
        SHOP.replace("eu-central-1", "eu-south-1"),
        "t.yaml:28:29: unknown region of the service 'eu-south-1'; one of: eu-west-1, eu-central-1",
    ),
    (
        ORDERS,
        ORDERS.replace("orders,", "carts,"),
        "t.yaml:30:19: table 'carts' is not provisioned, so it grows on demand or has no limits; "
        "write 'capacity: {provisioned: {write: …, read: …}}' at the table, or leave this out",
    ),
    (
        ORDERS,
        ORDERS + "\n  more: " + ORDERS.replace("eu-central-1", "eu-west-1"),
        "t.yaml:31:3: 'orders' scales the same, as writes have one throughput in all replicas; put "
        "both into one entry, with a list of policies",
    ),
    (
        API,
        SHOP,
        "t.yaml:29:3: 'shop' scales the same; put both into one entry, with a list of policies",
    ),
    # limits
    (
        SHOP,
        SHOP.replace("min: 3, max: 30", "min: 9, max: 6"),
        "t.yaml:28:48: the least, 9 nodes, is more than the most, 6",
    ),
    (
        SHOP,
        SHOP.replace("min: 3", "min: 7"),
        "t.yaml:28:48: there are 6 nodes from the start; write at most that, or raise what there is",
    ),
    (
        SHOP,
        SHOP.replace("max: 30", "max: 5"),
        "t.yaml:28:56: there are 6 nodes from the start; write at least that, or lower what there is",
    ),
    (
        SHOP,
        SHOP.replace("max: 30", "max: 31"),
        "t.yaml:28:56: the most nodes in eu-central-1 are 30; write less, or a greater 'nodes' in "
        "the region's 'quotas'",
    ),
    (
        API,
        API.replace("max: 400", "max: 401"),
        "t.yaml:29:55: 100 of the 500 concurrent executions in eu-central-1 stay unreserved: write "
        "at most 400, or a greater 'lambda_concurrency' in 'quotas'",
    ),
    (
        ORDERS,
        ORDERS.replace("1000/s", "1001/s"),
        "t.yaml:30:75: a table writes at most 1,000 units a second in eu-central-1, where it has a "
        "replica; write less, or a greater 'table_write' in the region's 'quotas'",
    ),
    # policies
    (
        SHOP,
        "{service: shop, in: eu-central-1, min: 3, max: 30}",
        "t.yaml:28:3: it has no policy; write 'track' or 'schedule'",
    ),
    (
        SHOP,
        SHOP.replace("{target", "{metric: nodes.queue_length, target"),
        "t.yaml:28:76: nodes.queue_length of the service does not fall in proportion as nodes are "
        "added; track one of load_balancer.request_count_per_target, nodes.cpu_utilization, "
        "nodes.memory_utilization, nodes.worker_utilization, or let 'steps' follow an alarm",
    ),
    (
        SHOP,
        SHOP.replace("{target", "{metric: nodes.cpu_utilisation, target"),
        "t.yaml:28:76: no metric is called 'nodes.cpu_utilisation'; did you mean 'nodes.cpu_utilization'?",
    ),
    (
        API,
        API.replace("{target", "{metric: lambda.errors, target"),
        "t.yaml:29:68: what is tracked is lambda.provisioned_concurrency_utilization here; leave this out",
    ),
    (
        SHOP,
        SHOP.replace("50 %", "150 %"),
        "t.yaml:28:76: a target is between 0 % and 100 %",
    ),
    (
        SHOP,
        SHOP.replace("50 %", "half"),
        "t.yaml:28:76: 'half' is no number",
    ),
    (
        ORDERS,
        ORDERS.replace("70 %", "0 %"),
        "t.yaml:30:99: a target is between 0 % and 100 %",
    ),
    (
        SHOP,
        SHOP.replace("track", "in_cooldown: 5 min, track"),
        "t.yaml:28:60: nodes have no cooldown: what leaves counts until it has left; write "
        "'deregistration' at the nodes, or leave this out",
    ),
    (
        API,
        API.replace("track", "warm_up: 5 min, track"),
        "t.yaml:29:60: only nodes warm up; leave this out",
    ),
    (
        API,
        API.replace("track: {target: 70 %}", "steps: [{on: {alarm: busy}, bounds: [{by: 2}]}]"),
        "t.yaml:29:60: AWS has no step policies for Lambda's concurrency; write 'track' or 'schedule'",
    ),
    # steps
    (
        SHOP,
        STEPS.replace("busy", "bsy"),
        "t.yaml:28:81: unknown alarm 'bsy'; did you mean 'busy'?",
    ),
    (
        SHOP,
        STEPS.replace("busy", "away"),
        "t.yaml:28:81: alarm 'away' is in eu-west-1; a policy follows one in its own region, eu-central-1",
    ),
    (
        SHOP,
        STEPS.replace("busy", "both"),
        "t.yaml:28:81: alarm 'both' has no threshold beyond which its metric could be; follow an "
        "alarm on a metric or an expression",
    ),
    (
        SHOP,
        STEPS.replace("{by: 2}", "{from: 1, by: 2}"),
        "t.yaml:28:97: the first begins at the threshold: write 'from: 0', or leave it out",
    ),
    (
        SHOP,
        STEPS.replace("{by: 2}", "{by: 2}, {from: 0, by: 3}"),
        "t.yaml:28:113: each begins further beyond the threshold than the one before, at 0",
    ),
    (
        SHOP,
        STEPS.replace("{by: 2}", "{by: 2}, {from: 5, by: -3}"),
        "t.yaml:28:88: a policy either adds or takes away; write two",
    ),
    (
        SHOP,
        STEPS.replace("by: 2", "by: 0"),
        "t.yaml:28:102: it changes nothing; write how many are added or taken away",
    ),
    # the clock
    (
        SHOP,
        SHOP.replace("track: {target: 50 %}", "schedule: [{at: '08:00'}]"),
        "t.yaml:28:71: say what changes: min, max or desired",
    ),
    (
        SHOP,
        SHOP.replace("track: {target: 50 %}", "schedule: [{at: '08:00', min: 9, max: 8}]"),
        "t.yaml:28:90: the least, 9, is more than the most, 8",
    ),
    (
        SHOP,
        SHOP.replace("track: {target: 50 %}", "schedule: [{at: '08:00', min: 40}]"),
        "t.yaml:28:90: more than the most that there may be, 30",
    ),
    (
        SHOP,
        SHOP.replace("track: {target: 50 %}", "schedule: [{at: '08:00', min: 9}, {at: '08:00', max: 20}]"),
        "t.yaml:28:99: another entry is for that time; put both into one",
    ),
    (
        SHOP,
        SHOP.replace("track: {target: 50 %}", "schedule: [{at: '08:00', desired: 31}]"),
        "t.yaml:28:94: there are 3 to 30 then; write one of these",
    ),
]


def test_what_is_written_here_is_right(tmp_path: Path) -> None:
    assert complaints(tmp_path, EXPERIMENT, TOPOLOGY) == []


@pytest.mark.parametrize(("old", "new", "complaint"), CASES)
def test_each_mistake_has_its_place_and_its_remedy(
    old: str, new: str, complaint: str, tmp_path: Path
) -> None:
    found = complaints(tmp_path, EXPERIMENT, changed(TOPOLOGY, old, new))
    assert found == [complaint]
