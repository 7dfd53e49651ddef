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
# # What is my RPO, really?
#
# "Three replicas, automatic backups, 35 days of point-in-time recovery: our recovery point is a few
# seconds." That is true of a region that burns down. This notebook asks the same system about three other
# days: a bad deployment writes wrong data for a while; somebody deletes the table; somebody deletes it,
# and nobody had switched point-in-time recovery on.
#
# The recovery point (RPO) is the age of the oldest acknowledged write that is missing in the end. The
# recovery time (RTO) is how long users wait. Both are measured here, never configured.

# %%
from pathlib import Path
from tempfile import mkdtemp

import simulator

# %% [markdown]
# ## The system
#
# One table with a replica in Milan and one in Frankfurt, some thirty people at a time who each read and
# change items of their own and one that they share with others. Steps of a restore that nobody publishes
# figures of (to restore, to make settings anew, to roll out another name) have values of our own here, as
# from a drill.

# %%
TOPOLOGY = """
topology: A table in two regions
regions: {eu-south-1: {}, eu-central-1: {}}
tables:
  orders:
    replicas: [eu-south-1, eu-central-1]
    items: 2_000
    point_in_time_recovery: {}
    backups:
      nightly: {region: eu-central-1, every: 24 h, at: "02:00", takes: 10 min}
services:
  shop:
    regions: [eu-south-1, eu-central-1]
    operations:
      look: [{compute: 10 ms}, {read: orders, key: user}]
      order: [{compute: 20 ms}, {read: orders, key: user}, {write: orders, key: user}, {write: orders}]
dns: {shop.example: {service: shop, policy: latency, ttl: 60 s, health_check: shop}}
health_checks: {shop: {protocol: https, interval: 10 s, failure_threshold: 3}}
"""

EXPERIMENT = """
experiment: A day on which something goes wrong
topology: topology.yaml
duration: 16 h
time_of_day: "01:30"
users:
  italy:
    near: eu-south-1
    sessions: 20
    session_length: {median: 12 min, p99: 60 min}
    think_time: {mean: 15 s}
    actions: {look: 3, order: 1}
    resolvers: {extend_ttl: 0 %}
  germany:
    near: eu-central-1
    sessions: 10
    session_length: {median: 12 min, p99: 60 min}
    think_time: {mean: 15 s}
    actions: {look: 3, order: 1}
    resolvers: {extend_ttl: 0 %}
"""

FOLDER = Path(mkdtemp())
(FOLDER / "topology.yaml").write_text(TOPOLOGY)
(FOLDER / "day.yaml").write_text(EXPERIMENT)
day = simulator.load(FOLDER / "day.yaml")

TWO_PM = "12 h 30 min"  # 14:00, by the run's own clock, which begins at 01:30

# %% [markdown]
# Each day below is this one, `with_` what goes wrong and what is done about it. Before you run a cell, write
# down two figures: how far back does one have to look for the oldest missing write, and how many are missing?
#
# ## A region burns down
#
# At 14:00 Milan is gone, for good. That is the day for which the replicas were bought.

# %%
fire = day.with_("faults", [{"region": "eu-south-1", "mode": "lost", "at": TWO_PM}])
simulator.run(fire)

# %% [markdown]
# Less than a second, as promised: what Milan had acknowledged and not yet copied. One write. (The others were
# overwritten unseen long before: two active regions write the same items within each other's lag.)
#
# ## A bad deployment
#
# At 14:00 a release makes a twentieth of Milan's writes wrong. At 14:40 somebody notices, and it is
# rolled back. No region is down, no health check turns, every replica has the same data. There is nothing
# to fail over to.

# %%
BAD = {"table": "orders", "region": "eu-south-1", "mode": "corrupted", "share": "5 %", "for": "40 min"}

release = day.with_("faults", [BAD | {"at": TWO_PM}])
simulator.run(release)

# %% [markdown]
# The release is gone, and the damage is not: whoever changes something wrong makes something wrong. It
# goes on for hours, in both regions. By the letter no write was lost; by any other measure this
# is the worst day.
#
# ## Back to the second before, and drop the rest
#
# Point-in-time recovery knows each second of the last 35 days. So Frankfurt's replica is restored to
# 13:59:59.

# %%
DRILL = {"takes": "35 min", "settings_take": "10 min", "replica_takes": "8 min", "swap_takes": "5 min"}
RESTORE = {"table": "orders", "region": "eu-central-1", "after_damage": "40 min", "written_since": "drop"}

dropped = release.with_("restores", [RESTORE | DRILL])
result = simulator.run(dropped)
result

# %%
simulator.picture(result, "recovery")

# %% [markdown]
# The state to which it goes back is one second old *when the damage begins*. But the table is in use
# until the new one takes its place: 40 minutes to notice, 35 to restore, 10 for the settings that do not
# come along, 8 for the replica in Milan, 5 until the application knows the new name. All that was written
# in these 98 minutes is missing. **That** is the recovery point of point-in-time recovery: not the grain
# of its clock, but the time that people take.
#
# ## Merge what is well
#
# Most of what was written meanwhile is well. To keep it, somebody has to know which items are damaged;
# say that they do.

# %%
merged = dropped.with_("restores.written_since", "merge")
simulator.run(merged)

# %% [markdown]
# The oldest missing write is as old as before, so the RPO is the same figure. What differs is how many
# are missing. A recovery point says how far back one has to look, and not how much is gone; ask for both.
#
# ## Somebody deletes the table
#
# At 14:00 the table is gone, in both regions: a deletion is replicated, too. Its history goes with it.
# DynamoDB keeps one system backup of the instant before, if point-in-time recovery was on.

# %%
SYSTEM = {"after_damage": "10 min", "from": "system_backup", "swap": "same_name"}

gone = day.with_("faults", [{"table": "orders", "mode": "deleted", "at": TWO_PM}])
system_backup = gone.with_("restores", [RESTORE | DRILL | SYSTEM])
simulator.run(system_backup)

# %% [markdown]
# Nearly nothing is missing, and nobody is served for most of an hour: there is no old table that could be
# used meanwhile. (The little that is missing had not reached Frankfurt when the table was deleted.)
#
# ## The same, without point-in-time recovery
#
# It is a switch, and it is switched for each replica. Then the last nightly backup is what is left.

# %%
nightly = system_backup.with_("restores.from", "nightly")
nightly = nightly.with_("tables.orders.point_in_time_recovery", None)
simulator.run(nightly)

# %% [markdown]
# Captured at 02:00, deleted at 14:00: twelve hours. Just before the next night it would have been twenty-
# four.
#
# ## Side by side

# %%
NAMES = [
    "Milan is lost",
    "release, nothing restored",
    "rest dropped",
    "merged",
    "system backup",
    "nightly backup",
]
DAYS = [fire, release, dropped, merged, system_backup, nightly]
simulator.compare(*DAYS, names=NAMES, seeds=1)

# %% [markdown]
# ## How soon does somebody notice?
#
# Of all the steps, people can shorten one most easily: the first. The same release, noticed after 5, 20
# and 60 minutes. What will the line of the recovery point look like?

# %%
simulator.sweep(dropped, {"restores.after_damage": ["5 min", "20 min", "60 min"]}, seeds=1)

# %% [markdown]
# A straight line that does not begin at zero: 58 minutes, which the steps of the restore take, and one more
# for each minute in which nobody has noticed.
#
# ## What to take home
#
# * Replication protects against the loss of a place. It is no backup: it carries damage and deletions,
#   quickly.
# * The recovery point of a restore is the time to notice it plus the time to restore, if writes go on
#   meanwhile.
# * Deleting a table ends its history. The system backup remains, if the history was on, and scheduled
#   backups do.
# * Nobody but you can measure how long a restore of *your* table takes: AWS says at least 20 minutes, and
#   usually less than an hour. Hold a drill, and write its figure here.
#
# ## What to try next
#
# * Restore under the same name from the nightly backup after the bad release (`from: nightly, swap:
#   same_name`). Which of the two figures gets worse, and why may `written_since` no longer be `merge`?
# * Let the nightly backup be copied to Milan, and lose Frankfurt first.
# * Give the restored table's account a quota below what it is warm for (`quotas: {table_write: 1000/s}`).
