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
from tempfile import mkdtemp

import matplotlib.pyplot as plt
from IPython.display import Image

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
experiment: NAME
topology: topology.yaml
duration: DURATION
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
faults: [FAULT]
"""

# %% [markdown]
# `day` runs one of them; faults begin after half an hour.

# %%
DAYS = {}


def day(name, fault="", *changes, duration="90 min"):
    folder = Path(mkdtemp())
    topology, experiment = TOPOLOGY, EXPERIMENT
    for old, new in changes:
        assert old in topology, old
        topology = topology.replace(old, new)
    for word, text in (("NAME", name), ("DURATION", duration), ("FAULT", fault)):
        experiment = experiment.replace(word, text)
    (folder / "topology.yaml").write_text(topology)
    (folder / "day.yaml").write_text(experiment)
    DAYS[name] = simulator.run(folder / "day.yaml")
    simulator.write_report(DAYS[name], folder)
    return folder


def told(name):
    """Each alarm of a day: after how long it spoke, or why it was silent."""
    for alarm in DAYS[name].monitoring.alarms:
        spoke = f"after {alarm.time_to_detect_s / 60:4.1f} min" if alarm.first_s is not None else "silent"
        print(f"  {alarm.alarm:<16}{spoke:<16}{alarm.silent_because.replace('_', ' ')}")


# %% [markdown]
# ## A region goes dark
#
# Milan does not answer for twenty minutes. Three in four users are there.

# %%
dark = day("Milan goes dark", "{region: eu-south-1, mode: black_hole, at: 30 min, for: 20 min}")
told("Milan goes dark")

# %%
Image(dark / "metrics.png", width=760)

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
ACTS = "at: 30 min, for: 20 min"

day("Two in a hundred fail", f"{{service: shop, region: eu-south-1, mode: error, share: 2 %, {ACTS}}}")
day("The table is not copied", f"{{replication: {{table: orders}}, mode: paused, {ACTS}}}")
slow = day("The table is slow", f"{{table: orders, region: eu-south-1, mode: slow, factor: 200, {ACTS}}}")

for name in DAYS:
    print(name)
    told(name)

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
Image(slow / "metrics.png", width=760)

# %% [markdown]
# ## An alarm without a threshold
#
# Nobody had said that 5xx should be rarer than 2 %. An *anomaly band* need not be told: it learns from two
# weeks what is usual at this time of the week, and speaks when three minutes of five leave that by more than
# three standard deviations. The two weeks are simulated, with the same users and without faults.

# %%
BAND = (
    "alarms:\n",
    """
alarms:
  unusual errors:
    expression: 100 * FILL(bad, 0) / all
    metrics:
      bad: {metric: api_gateway.5xx_error, of: shop@eu-south-1}
      all: {metric: api_gateway.count, of: shop@eu-south-1}
    band: 3
    threshold: above
    datapoints: 3 of 5
    tells: on call
""",
)

FEW = f"{{service: shop, region: eu-south-1, mode: error, share: 2 %, {ACTS}}}"

few = day("Two in a hundred, with a band", FEW, BAND)
told("Two in a hundred, with a band")

# %% [markdown]
# After six minutes. (`FILL`: a metric that exists only when something failed has no usual value without it.)
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
WATCHED = (
    "alarms:\n",
    """
alarms:
  no requests:
    metric: api_gateway.count
    of: shop@eu-south-1
    in: eu-central-1
    threshold: "< 1"
    datapoints: 4 of 4
    missing: breaching
    tells: on call
""",
)
COPIED = (
    "canaries:",
    "metrics: [{metric: api_gateway.count, of: shop@eu-south-1, copied_to: eu-central-1}]\ncanaries:",
)

day("Dark, watched from outside", f"{{region: eu-south-1, mode: black_hole, {ACTS}}}", WATCHED, COPIED)
told("Dark, watched from outside")

# %% [markdown]
# ## How soon, and how often for nothing?
#
# A canary fails by itself now and then: say twice in a hundred runs, which is a bad one. Asking for several
# points out of several spares people false alarms, and costs minutes when it matters. How many? Twenty such
# canaries, each with three alarms, watch a quiet day, and then half an hour in which they all fail.

# %%
RULES = {"1 of 1": 1, "2 of 3": 2, "3 of 5": 3}
RUNS = range(20)


def many(fails):
    canaries = "".join(
        f"  probe{run}: {{near: eu-central-1, operation: look, every: 1 min, fails: {fails}}}\n"
        for run in RUNS
    )
    alarms = "".join(
        f"  {points}, probe{run}: {{metric: canary.success_percent, of: probe{run}, "
        f'threshold: "< 100", datapoints: {points}}}\n'
        for run in RUNS
        for points in RULES
    )
    start = TOPOLOGY.index("canaries:")
    return TOPOLOGY[start:], f"canaries:\n{canaries}alarms:\n{alarms}"


day("A quiet day", "", many("2 %"), duration="24 h")
day("Nobody is served", f"{{table: orders, mode: error, share: 100 %, {ACTS}}}", many("0 %"))


def of(name, points):
    return [one for one in DAYS[name].monitoring.alarms if one.alarm.startswith(points)]


measured = {
    points: (
        sum(one.false_alarms for one in of("A quiet day", points)) / len(RUNS),
        sum(one.time_to_detect_s for one in of("Nobody is served", points)) / len(RUNS) / 60,
    )
    for points in RULES
}
figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
for points, (false, minutes) in measured.items():
    axes.plot(false, minutes, "o", color="#D55E00")
    axes.annotate(
        f"{points}: {false:.2f} a day, {minutes:.1f} min",
        (false, minutes),
        (8, 4),
        textcoords="offset points",
    )
axes.set(xlabel="false alarms a day", ylabel="told after (min)", xlim=(-1, 32), ylim=(3, 6.5))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

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
BY_HAND = (
    "dns: {shop.example: {service: shop, policy: latency, ttl: 60 s, health_check: shop}}",
    """dns:
  shop.example: {service: shop, policy: weighted, weights: {eu-south-1: 100, eu-central-1: 0}, ttl: 60 s}
plans:
  to Frankfurt:
    trigger: {alarm: no requests}
    decision: {owner: on call}
    steps:
      - {change: shop.example, weights: {eu-south-1: 0, eu-central-1: 100}}""",
)
HEALTH = (
    """  health check:
    {metric: route53.health_check_status, of: shop@eu-south-1, threshold: "< 1", tells: on call}
""",
    "",
)

HOURS = "{region: eu-south-1, mode: black_hole, at: 30 min, for: 2 h}"

by_hand = day("Dark, moved by hand", HOURS, WATCHED, COPIED, BY_HAND, HEALTH, duration="3 h")
for name in ("Milan goes dark", "Dark, moved by hand"):
    print(f"{name}: served again after {DAYS[name].recovery.recovery_time_s / 60:.0f} min")
    for phase in DAYS[name].recovery.phases:
        print(f"  {phase.phase:<18}{(phase.end_s - phase.start_s) / 60:5.1f} min")

# %%
Image(by_hand / "recovery.png", width=760)

# %% [markdown]
# The health check was done in three minutes. The alarm spoke after four, and then waited for somebody to see
# it, to look, and to decide: 21 of the 27 minutes are people. That is what an alarm is for, and what it is
# not for.
#
# ## Did the failover help?
#
# The same day with the same users once more, without the health check's failover.

# %%
pairs = simulator.run(dark / "day.yaml", pairs=True).countermeasures
for pair in pairs.pairs:
    print(f"with {pair.what}:")
    print(f"  recovery time          {pair.difference.recovery_time_s / 60:+8.1f} min")
    print(f"  user-minutes lost      {pair.difference.user_minutes_lost:+8,.0f}")
    print(f"  writes overwritten     {pair.difference.overwritten_writes:+8,}")

# %% [markdown]
# It helped. It may have a price, too: in `experiments/milan-goes-dark.yaml` the same comparison (`simulator
# run … --pairs`) finds thousands of writes overwritten when Milan is back.
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
