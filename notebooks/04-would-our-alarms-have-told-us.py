# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Would our alarms have told us?
#
# Everybody has alarms. Whether they speak is found out on the day on which they should have. Here the day
# comes four times, on a laptop: a region that goes dark, a release with errors, a table that is cut off, and
# a dependency that gets slow. Before each of them, guess which of the six alarms below speaks first, and
# which never does.

# %%
from pathlib import Path
from statistics import mean
from tempfile import mkdtemp

import simulator

# %% [markdown]
# ## The system, and what watches it
#
# A shop on API Gateway and Lambda in Milan and Frankfurt, one global table, Route 53 between them. Six
# alarms, as a careful team would have them: what Route 53's health check says; the share of 5xx answers; the
# 99th percentile of latency; DynamoDB's replication latency; a canary that asks for the page once a minute,
# as a user of Frankfurt would; and an error budget of 99.9 % that burns 14.4 times too fast.

# %%
TOPOLOGY = """
topology: A shop in two regions
regions: {eu-south-1: {}, eu-central-1: {}}
tables: {orders: {replicas: [eu-south-1, eu-central-1], items: 2_000}}
services:
  shop:
    regions: [eu-south-1, eu-central-1]
    gateway: {}
    compute: {lambda: {runtime: nodejs22.x, memory: 512 MB}}
    operations:
      look: [{compute: {median: 10 ms, p99: 60 ms}}, {read: orders, key: user}]
      order: [{compute: {median: 20 ms, p99: 90 ms}}, {read: orders, key: user}, {write: orders, key: user}]
dns: {shop.example: {service: shop, policy: latency, ttl: 60 s, health_check: shop}}
health_checks: {shop: {protocol: https, interval: 30 s, failure_threshold: 3}}
canaries: {outside: {near: eu-central-1, operation: look, every: 1 min}}
alarms:
  health check:
    {metric: route53.health_check_status, of: shop@eu-south-1, threshold: "< 1", tells: on call}
  errors:
    metric: api_gateway.5xx_error
    of: shop@eu-south-1
    statistic: average
    threshold: "> 5 %"
    datapoints: 3 of 5
    missing: not_breaching
    tells: on call
  latency:
    metric: api_gateway.latency
    of: shop@eu-south-1
    statistic: p99
    threshold: "> 1 s"
    datapoints: 3 of 3
    missing: not_breaching
    tells: on call
  replication:
    metric: dynamodb.replication_latency
    of: orders@eu-south-1→eu-central-1
    statistic: maximum
    period: 5 min
    threshold: "> 60 s"
    tells: on call
  canary:
    {metric: canary.success_percent, of: outside, threshold: "< 100", datapoints: 2 of 3, tells: on call}
  budget:
    burn_rate: 14.4
    objective: 99.9 %
    errors: {metric: api_gateway.5xx_error, of: shop@eu-south-1}
    requests: {metric: api_gateway.count, of: shop@eu-south-1}
    long: 1 h
    tells: on call
"""

EXPERIMENT = """
experiment: A day with the shop
topology: topology.yaml
duration: 90 min
time_of_day: "10:00"
users:
  italy:
    near: eu-south-1
    sessions: 60
    session_length: {median: 12 min, p99: 60 min}
    think_time: {mean: 10 s}
    actions: {look: 3, order: 1}
    resolvers: {extend_ttl: 0 %}
  germany:
    near: eu-central-1
    sessions: 20
    session_length: {median: 12 min, p99: 60 min}
    think_time: {mean: 10 s}
    actions: {look: 3, order: 1}
    resolvers: {extend_ttl: 0 %}
"""

# %%
FOLDER = Path(mkdtemp())
(FOLDER / "topology.yaml").write_text(TOPOLOGY)
(FOLDER / "day.yaml").write_text(EXPERIMENT)
day = simulator.load(FOLDER / "day.yaml")

ACTS = {"at": "30 min", "for": "20 min"}

# %% [markdown]
# ## A region goes dark
#
# Milan does not answer for twenty minutes. Three in four users are there.

# %%
dark = day.with_("faults", [{"region": "eu-south-1", "mode": "black_hole"} | ACTS])
result = simulator.run(dark)
simulator.table(result, "alarms")

# %%
simulator.picture(result, "metrics")

# %% [markdown]
# One alarm of six. Read the picture from above: service as users had it, then each metric as it was (line)
# and when somebody could see it (dots).
#
# * **The metrics of a dark region are dark, too.** No 5xx, no latency, no count: there is nothing at all in
#   Milan's CloudWatch for twenty minutes, and the alarms that live there sleep with it. They were OK before,
#   and they are OK now.
# * **Route 53's metrics live in us-east-1**, and outlive any region of Europe. But the health check that
#   moved the users within 100 seconds spoke as an *alarm* two minutes later: the period has to end, its point
#   has to be published, and the alarm looks once a minute. Most users were back before anybody was told.
# * **The canary saw nothing**, since it asks as a user of Frankfurt would, and Frankfurt was well. A canary
#   tells of the way that it takes itself.

# %% [markdown]
# ## Four days, six alarms
#
# The other three: a release lets two requests in a hundred fail; the table is not copied; every call of the
# table takes 200 times as long. Twenty minutes each.

# %%
TWO_PERCENT = {"service": "shop", "region": "eu-south-1", "mode": "error", "share": "2 %"}

few = day.with_("faults", [TWO_PERCENT | ACTS])
simulator.table(simulator.run(few), "alarms")

# %%
not_copied = day.with_("faults", [{"replication": {"table": "orders"}, "mode": "paused"} | ACTS])
simulator.table(simulator.run(not_copied), "alarms")

# %%
slow = day.with_(
    "faults", [{"table": "orders", "region": "eu-south-1", "mode": "slow", "factor": 200} | ACTS]
)
slow_result = simulator.run(slow)
simulator.table(slow_result, "alarms")

# %% [markdown]
# Did you guess it?
#
# * **Two in a hundred**: nobody was told. The threshold of 5 % is too high, and the budget's long window is
#   an hour: 2 % during twenty minutes are 0.67 % of it, and it speaks above 14.4 · 0.1 % = 1.44 %. (`too
#   short`: its short window did breach.) Had the release stayed, it would have spoken after 43 minutes:
#   1.44 % / 2 % of an hour.
# * **Not copied**: the replication alarm spoke after the fault had *ended*. While nothing arrives, there is
#   no latency to report; missing points of DynamoDB's metrics are ignored, and AWS has no metric of what
#   waits. The alarm that everybody has for this case is silent in this case.
# * **Slow**: the gateway's latency told after six minutes, three of them for three periods in a row. No 5xx:
#   everybody was served, late.

# %%
simulator.picture(slow_result, "metrics")

# %% [markdown]
# ## An alarm without a threshold
#
# Nobody had said that 5xx should be rarer than 2 %. An *anomaly band* need not be told: it learns from two
# weeks what is usual at this time of the week, and speaks when three minutes of five leave that by more than
# three standard deviations. The two weeks are simulated, with the same users and without faults.

# %%
SERVED = {"metric": "api_gateway.count", "of": "shop@eu-south-1"}
FAILED = {"metric": "api_gateway.5xx_error", "of": "shop@eu-south-1"}
UNUSUAL = {
    "expression": "100 * FILL(bad, 0) / all",
    "metrics": {"bad": FAILED, "all": SERVED},
    "band": 3,
    "threshold": "above",
    "datapoints": "3 of 5",
    "tells": "on call",
}

banded = few.with_("experiment:alarms", {"unusual errors": UNUSUAL})
simulator.run(banded)

# %% [markdown]
# After five minutes. (`FILL`: a metric that exists only when something failed has no usual value without it.)
# What it costs is false alarms on days that are unusual for good reasons, and an outage in the two weeks
# that it learned from: after that, outages are usual.
#
# ## Where does the alarm live?
#
# An alarm is in a region. Let the dark region's own metrics be copied to Frankfurt, and let an alarm there
# say what should worry most: that Milan has *no requests at all* (a missing point counts as breaching). Four
# points, not fewer: copies are late, and an alarm on missing points that looks at two or three of them
# mistakes late for missing. (Try it.)

# %%
SILENCE = SERVED | {"in": "eu-central-1", "threshold": "< 1", "missing": "breaching", "tells": "on call"}

copied = dark.with_("topology:metrics", [SERVED | {"copied_to": "eu-central-1"}])
watched = copied.with_("experiment:alarms", {"no requests": SILENCE | {"datapoints": "4 of 4"}})
simulator.table(simulator.run(watched), "alarms")

# %% [markdown]
# ## How soon, and how often for nothing?
#
# A canary fails by itself now and then: say twice in a hundred runs, which is a bad one. Asking for several
# points out of several spares people false alarms, and costs minutes when it matters. How many? Twenty such
# canaries, each with three alarms, watch a quiet day, and then half an hour in which they all fail.

# %%
RULES = ["1 of 1", "2 of 3", "3 of 5"]
PROBES = [f"probe {number}" for number in range(20)]

CANARY = {"near": "eu-central-1", "operation": "look", "every": "1 min"}
FLAKY = CANARY | {"fails": "2 %"}
LOW = {"metric": "canary.success_percent", "threshold": "< 100"}
ALARMS = {
    f"{points}, {probe}": LOW | {"of": probe, "datapoints": points} for points in RULES for probe in PROBES
}

steady = day.with_("topology:canaries", {probe: CANARY for probe in ["outside", *PROBES]})
steady = steady.with_("topology:alarms", ALARMS)
flaky = steady.with_("topology:canaries", {probe: FLAKY for probe in ["outside", *PROBES]})

quiet = simulator.run(flaky.with_("duration", "24 h"))
loud = simulator.run(steady.with_("faults", [{"table": "orders", "mode": "error", "share": "100 %"} | ACTS]))

for points in RULES:
    false = [one.false_alarms for one in quiet.monitoring.alarms if one.alarm.startswith(points)]
    told = [one.time_to_detect_s for one in loud.monitoring.alarms if one.alarm.startswith(points)]
    print(f"{points}: {mean(false):5.2f} false alarms a day, told after {mean(told) / 60:.1f} min")

# %% [markdown]
# By arithmetic: with p = 2 % and 1,440 minutes a day, *2 of 3* begins when a second failure follows within
# two minutes of a first: 2 p² · 1,440 = 1.2 times a day. *3 of 5*: 6 p³ · 1,440 = 0.07, once a fortnight. *1
# of 1* sees fewer than p (1 - p) · 1,440 = 28: points are published one to three minutes late, and now and
# then the next one is there before the alarm has looked.
#
# Each further point costs less than a minute here, for the delay of publishing is most of what one waits
# for. Three of five is cheap.
#
# ## From the alarm to somebody who acts
#
# Told is not yet acted. Let nobody's health check move the users, but a person: a plan that follows the alarm
# *no requests*, decided by whoever is on call.

# %%
PLAN = {
    "trigger": {"alarm": "no requests"},
    "decision": {"owner": "on call"},
    "steps": [{"change": "shop.example", "weights": {"eu-south-1": 0, "eu-central-1": 100}}],
}

NAMES = {
    "service": "shop",
    "policy": "weighted",
    "weights": {"eu-south-1": 100, "eu-central-1": 0},
    "ttl": "60 s",
    "health_check": "shop",
    "heeds_health": False,  # its alarm may tell, but it moves nobody
}

by_hand = watched.with_("faults.for", "2 h").with_("duration", "3 h")
by_hand = by_hand.with_("dns.shop.example", NAMES).with_("experiment:plans", {"to Frankfurt": PLAN})
result = simulator.run(by_hand)
result

# %%
simulator.picture(result, "recovery")

# %% [markdown]
# The health check was done in three minutes. The alarm spoke after four, and then waited for somebody to see
# it, to look, and to decide: 21 of the 27 minutes are people. That is what an alarm is for, and what it is
# not for.
#
# ## Did the failover help?
#
# The same day with the same users once more, without the health check's failover.

# %%
without = dark.with_("dns.shop.example.heeds_health", False)
simulator.compare(without, dark, names=["nothing moves the users", "the health check does"], seeds=1)

# %% [markdown]
# It helped. It may have a price, too: in `experiments/milan-goes-dark.yaml` `simulator run … --pairs`, which
# compares so for each countermeasure, finds thousands of writes overwritten when Milan is back.
#
# ## What to take home
#
# * Ask where a metric lives before asking for its threshold. What lives in the lost region is silent, and
#   silent is not green.
# * An alarm is minutes late by construction: a period, its publishing, its evaluation, M of N. What has to
#   happen sooner must not wait for one.
# * The alarm that everybody has on replication cannot speak while replication stands still.
# * A canary tells of the users whose way it takes. One for each region, at least.
# * M of N is the cheap way to fewer false alarms: the price is less than a minute for each point.
# * A band finds what no threshold was set for. It has to be told of days that are not to be learned from.
# * An error budget that burns at 2 % for twenty minutes is not spent too fast by the usual rule. Whether that
#   is right is for you to say, before the day.
#
# ## What to try next
#
# * Let the canary run near Milan as well. Which of the two tells of which of the four days?
# * Give the plan `trigger: {alarm: health check}` instead. How much of the time is the alarm's?
# * Look at two or three points in *no requests*, and count its false alarms.
# * Add the budget's usual second rule, `burn_rate: 6` with `long: 6 h`. Which days does it add?
