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
# # Why the survivor falls over
#
# Two regions serve together. Frankfurt (`eu-central-1`) carries most of the users, Milan (`eu-south-1`) the
# rest. Then Frankfurt is gone. Health checks notice within half a minute, DNS sends everybody to Milan, and
# Milan is in perfect health. That is where most plans end.
#
# Here the story begins: is Milan large enough, *as it stands there that morning*? With its quotas, its cold
# functions, its cache full of other people's things? We follow the requests, find what stops them, remove
# it, and look for the next.
#
# Everything is divided by twenty, load and quotas alike, so that a run takes half a second. Real numbers:
# API Gateway takes 10,000 requests a second in Frankfurt and 2,500 in Milan, which is one of thirteen regions
# with a quarter of the usual quota; Lambda runs 1,000 requests at once in either.

# %%
from pathlib import Path
from tempfile import mkdtemp

import simulator

# %% [markdown]
# ## The system and the outage
#
# One service, two operations. `view` looks into a cache and, if the thing is not there, reads it from the
# table. `save` writes to the table. It runs on Lambda, on the Java runtime. Of 900 users 800 live near
# Frankfurt, and each does something every four seconds: 225 requests a second together. Milan's account may
# take 125.
#
# The table's read capacity was set in each region for the reads that its own users cause, with room to spare.

# %%
TOPOLOGY = """
topology: Two regions of unequal size, everything divided by twenty
regions:
  eu-central-1: {quotas: {gateway: {rate: 500/s, burst: 250}, lambda_concurrency: 50}}
  eu-south-1: {quotas: {gateway: {rate: 125/s, burst: 62}, lambda_concurrency: 50}}
tables:
  scores:
    replicas: [eu-central-1, eu-south-1]
    items: 100_000
    popularity: {zipf: 0.7}
    capacity: {provisioned: {write: 100/s, read: 150/s}}
    capacity_in: {eu-south-1: {provisioned: {write: 100/s, read: 15/s}}}
caches:
  scores-cache: {regions: [eu-central-1, eu-south-1], items: 100_000, popularity: {zipf: 0.7}}
services:
  api:
    regions: [eu-central-1, eu-south-1]
    gateway: {}
    compute: {lambda: {runtime: java21, idle: 3 min}}
    operations:
      view: [{compute: {median: 15 ms, p99: 60 ms}}, {cache: scores-cache, miss: scores}]
      save: [{compute: {median: 25 ms, p99: 100 ms}}, {write: scores}]
dns: {api.example: {service: api, policy: latency, ttl: 60 s, health_check: api}}
health_checks: {api: {protocol: https, interval: 10 s, failure_threshold: 3}}
"""

EXPERIMENT = """
experiment: Frankfurt is gone, and Milan is left
topology: topology.yaml
duration: 14 min
users:
  germany:
    near: eu-central-1
    sessions: 800
    session_length: {median: 5 min, p99: 30 min}
    think_time: {mean: 4 s}
    actions: {view: 8, save: 2}
    client: {profile: browser}
    resolvers: {extend_ttl: 0 %}
  italy:
    near: eu-south-1
    sessions: 100
    session_length: {median: 5 min, p99: 30 min}
    think_time: {mean: 4 s}
    actions: {view: 8, save: 2}
    client: {profile: browser}
    resolvers: {extend_ttl: 0 %}
faults:
  - {at: 5 min, region: eu-central-1, mode: refused}
"""


# %% [markdown]
# Both are written into a folder and loaded from there. What is loaded shows nothing yet; `with_` gives the
# same with one value set. The draws of the users do not depend on the topology: all runs meet the same users.

# %%
FOLDER = Path(mkdtemp())
(FOLDER / "topology.yaml").write_text(TOPOLOGY)
(FOLDER / "outage.yaml").write_text(EXPERIMENT)
as_it_is = simulator.load(FOLDER / "outage.yaml")

# %% [markdown]
# ## As it is
#
# Milan is in perfect health, and DNS will send everybody there. Guess: what share of the actions succeeds
# ten minutes into the run?

# %%
simulator.run(as_it_is)

# %% [markdown]
# (The dip in the first ten seconds is the run's own beginning: nothing is warm yet.)
#
# DNS has done its work within two minutes, and then Milan drowns. It serves just as much as its gateway's
# quota lets in; the grey layer is what is turned away. A good half of the actions succeed, and it does not
# get better: nothing here heals by waiting. Towards the end it gets worse, for a reason that we shall meet
# again.
#
# Look at the height of the grey layer, too. More than two hundred actions a second arrive, yet far more
# requests than that: a browser that is turned away tries again, three times in all.
#
# ## Are the retries to blame?
#
# The first suspect is the retry storm. We give every client a retry quota, as the AWS SDKs have: a few
# tokens, which retries cost and successes give back.

# %%
QUOTA = {"profile": "browser", "quota": {"tokens": 10, "cost": 5}}

calm = as_it_is.with_("users.germany.client", QUOTA).with_("users.italy.client", QUOTA)
simulator.run(calm)

# %% [markdown]
# Two in three of the requests that were turned away were retries. They are gone, and as many actions fail as
# before. The gateway turns away what exceeds its quota, quickly and at no cost to anything behind it, so the
# extra attempts did little harm; but they did no good, either. A retry helps against bad luck. It does not
# help against a limit. We keep the quota all the same: where turning somebody away costs work, it is what
# keeps an overload from feeding itself.
#
# ## Raise the gateway's quota
#
# Milan's quota can be raised, if one thinks of it *before*: AWS decides on such a request, and not
# within minutes. Say that it was raised to Frankfurt's.

# %%
quota = calm.with_("regions.eu-south-1.quotas.gateway", {"rate": "500/s", "burst": 250})
result = simulator.run(quota)
result

# %% [markdown]
# Recovered! And a minute later everything falls over again, deeper than before. Whoever looked at the graph
# at minute eight went back to bed.
#
# What happened? Look at what Milan took on and turned away.

# %%
simulator.table(result, "capacity")

# %% [markdown]
# It is a row of dominoes:
#
# 1. Milan's **cache** is full of what Milan's users look at. The others miss, and every miss is a read of
#    the table.
# 2. Milan's **table** has capacity for the reads of Milan's users. DynamoDB lets a table draw on what it has
#    not used in the last five minutes, so for a while all is well. Then the savings are spent, and reads
#    are throttled.
# 3. The **SDK** inside the function tries again, politely, after up to a second, then two, then four. All
#    that time the function's environment is held.
# 4. So the environments run out: Lambda's **concurrency** limit is reached, and now everybody is turned away,
#    even those who only wanted something that is in the cache.
#
# The gateway's small quota had protected all that. After three minutes the cache has learnt enough of the
# Germans' things for the environments to come free again, and four actions in five succeed. There it stays.
#
# ## More concurrency? Warm functions?
#
# The limit that is reached last is the one that the alarm names. So: three times the concurrency.

# %%
concurrency = quota.with_("regions.eu-south-1.quotas.lambda_concurrency", 150)
simulator.run(concurrency)

# %% [markdown]
# Better, and still bad: a hundred and fifty environments wait for the same throttled table. Look at its
# reads: more of them are throttled than before.
#
# And the cold starts? Java takes more than two seconds to start, so let us keep thirty environments warm.

# %%
warm = quota.with_("services.api.compute.lambda.provisioned", 30)
simulator.table(simulator.run(warm), "capacity")

# %% [markdown]
# There are far fewer cold starts, and no more actions succeed. DNS moves users over a minute or two, not all
# in one second, so a cold start delays some tens of requests and fails none. Provisioned concurrency is a
# remedy, but not for this illness.
#
# ## Fail fast
#
# What if the function did not wait for the table? One try, and then an honest "not now".

# %%
fast = quota.with_("services.api.calls", {"attempts": 1})
simulator.run(fast)

# %% [markdown]
# That is more than half of the way back. No environment is held, so Lambda's limit is not touched, and only
# those suffer who need what the table cannot give. The retry that was meant to help one request had taken the
# environments from all the others.
#
# ## What was really missing
#
# The first domino. Either the cache in Milan is kept warm with everybody's things, or the table must stand
# the misses. MemoryDB Multi-Region is not offered in Milan, so we give Milan's table the read capacity that
# Frankfurt's has.

# %%
enough = fast.with_("services.api.compute.lambda.provisioned", 30)
enough = enough.with_("tables.scores.capacity_in.eu-south-1.provisioned.read", "150/s")
simulator.run(enough)

# %% [markdown]
# Now the survivor survives. What is left of the outage is detection and DNS.
#
# ## Side by side

# %%
NAMES = [
    "as it is",
    "retry quota",
    "+ gateway's quota",
    "+ fail fast",
    "+ reads, and all that helped",
]
simulator.compare(as_it_is, calm, quota, fast, enough, names=NAMES, seeds=1)

# %% [markdown]
# ## What to take home
#
# * A region that is healthy is not a region that is large enough. Compare the quotas of the two; `simulator
#   check` tells you when a name falls back to a place with less.
# * The limit that stops requests is the last domino, and the alarm names only that one. Raising it can make
#   things worse, by letting through what it had kept away.
# * A failover drill of five minutes proves little where savings last five minutes.
# * Retries do not create capacity. Where a caller holds something while it waits, they destroy it.
#
# ## What to try next
#
# * Let the survivor be kept warm: send a third of the Germans to Milan all the time (`policy: weighted`).
#   Which of the dominoes still fall?
# * Give the cache a `time_to_live` of 30 s. Is the table still large enough, with both regions alive?
# * Let Frankfurt return after ten minutes (`for: 10 min`). Do the users return, too?
