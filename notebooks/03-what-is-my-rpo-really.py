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

import matplotlib.pyplot as plt
from IPython.display import Image

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
experiment: NAME
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
faults: [FAULT]
restores: [RESTORE]
"""

DRILL = "takes: 35 min, settings_take: 10 min, replica_takes: 8 min, swap_takes: 5 min"
TWO_PM = "750 min"  # 14:00, by the run's own clock, which begins at 01:30

# %% [markdown]
# `day` runs a day: what goes wrong, and what is done about it.

# %%
DAYS = {}


def day(name, fault, restore="", *changes):
    folder = Path(mkdtemp())
    topology, experiment = TOPOLOGY, EXPERIMENT
    for old, new in changes:
        topology = topology.replace(old, new)
    for word, text in (("NAME", name), ("FAULT", fault), ("RESTORE", restore)):
        experiment = experiment.replace(word, text)
    (folder / "topology.yaml").write_text(topology)
    (folder / "day.yaml").write_text(experiment)
    result = simulator.run(folder / "day.yaml")
    simulator.write_report(result, folder)
    DAYS[name] = result
    tell(name, result)
    return folder


def points(result):
    """Recovery points in seconds: of regions that went down, and of restores."""
    found = [result.loss.recovery_point_s, *(one.recovery_point_s for one in result.restores)]
    return [point for point in found if point is not None]


def told_time(seconds):
    if seconds is None:
        return "nothing is lost"
    return f"{seconds:.1f} s" if seconds < 60 else f"{seconds / 60:,.0f} min"


def tell(name, result):
    found, loss = result.recovery, result.loss
    told = {
        "RPO": told_time(max(points(result), default=None)),
        "RTO": told_time(found.recovery_time_s) + ("" if found.shown else ", not over"),
        "writes acknowledged": f"{loss.acknowledged:,}",
        "writes missing": f"{loss.missing:,}",
        "  of them set back by a restore": f"{loss.lost_after_point + loss.lost_in_merge:,}",
        "wrong answers": f"{result.damage.wrong_answers:,}",
    }
    print(name)
    for what, figure in told.items():
        print(f"  {what:<34}{figure:>16}")


# %% [markdown]
# ## A region burns down
#
# At 14:00 Milan is gone, for good. That is the day for which the replicas were bought.

# %%
fire = day("Milan is lost", f"{{region: eu-south-1, mode: lost, at: {TWO_PM}}}")

# %% [markdown]
# A few seconds, as promised: what Milan had acknowledged and not yet copied. A handful of writes.
#
# ## A bad deployment
#
# At 14:00 a release makes a twentieth of Milan's writes wrong. At 14:40 somebody notices, and it is
# rolled back. No region is down, no health check turns, every replica has the same data. There is nothing
# to fail over to.

# %%
BAD = f"{{table: orders, region: eu-south-1, mode: corrupted, share: 5 %, at: {TWO_PM}, for: 40 min}}"

nothing = day("a bad release, nothing is restored", BAD)

# %%
Image(nothing / "service.png", width=760)

# %% [markdown]
# The release is gone, and the damage is not: whoever changes something wrong makes something wrong. It
# goes on until the evening, in both regions. By the letter no write was lost; by any other measure this
# is the worst day.
#
# ## Back to the second before, and drop the rest
#
# Point-in-time recovery knows each second of the last 35 days. So Frankfurt's replica is restored to
# 13:59:59.

# %%
RESTORE = f"{{table: orders, region: eu-central-1, after_damage: 40 min, {DRILL}, written_since: drop}}"

drop = day("a bad release, restored, rest dropped", BAD, RESTORE)

# %%
Image(drop / "service.png", width=760)

# %%
Image(drop / "recovery.png", width=760)

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
merge = day("a bad release, restored and merged", BAD, RESTORE.replace("drop", "merge"))

# %% [markdown]
# The oldest missing write is as old as before, so the RPO is the same figure. What differs is how many
# are missing. A recovery point says how far back one has to look, and not how much is gone; ask for both.
#
# ## Somebody deletes the table
#
# At 14:00 the table is gone, in both regions: a deletion is replicated, too. Its history goes with it.
# DynamoDB keeps one system backup of the instant before, if point-in-time recovery was on.

# %%
GONE = f"{{table: orders, mode: deleted, at: {TWO_PM}}}"
SYSTEM = RESTORE.replace("after_damage: 40 min", "after_damage: 10 min, from: system_backup, swap: same_name")

deleted = day("the table is deleted, system backup", GONE, SYSTEM)

# %%
Image(deleted / "service.png", width=760)

# %% [markdown]
# Nearly nothing is missing, and nobody is served for most of an hour: there is no old table that could be
# used meanwhile. (The little that is missing had not reached Frankfurt when the table was deleted.)
#
# ## The same, without point-in-time recovery
#
# It is a switch, and it is switched for each replica. Then the last nightly backup is what is left.

# %%
NIGHTLY = SYSTEM.replace("system_backup", "nightly")

nightly = day("the table is deleted, nightly backup", GONE, NIGHTLY, ("    point_in_time_recovery: {}\n", ""))

# %% [markdown]
# Captured at 02:00, deleted at 14:00: twelve hours. Just before the next night it would have been twenty-
# four.
#
# ## Side by side

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained", sharey=True)
names = [*DAYS]
left.barh(names, [max(points(DAYS[name]), default=0) / 60 for name in names], color="#D55E00")
left.set(xlabel="RPO (min)", xscale="symlog", xlim=(0, 1500))
right.barh(names, [DAYS[name].loss.missing for name in names], color="#0072B2")
right.set(xlabel="writes missing", xscale="symlog")
left.invert_yaxis()
for axes in (left, right):
    axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
# ## How soon does somebody notice?
#
# Of all the steps, people can shorten one most easily: the first. The same release, noticed after 5, 20
# and 60 minutes.

# %%
noticed = {}
for minute in (5, 20, 60):
    restore = RESTORE.replace("40 min", f"{minute} min")
    day(f"noticed after {minute} min", BAD.replace("40 min", f"{minute} min"), restore)
    noticed[minute] = DAYS[f"noticed after {minute} min"]

figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
axes.plot(
    [*noticed],
    [max(points(result)) / 60 for result in noticed.values()],
    marker="o",
    color="#D55E00",
    label="RPO",
)
axes.set(xlabel="noticed after (min)", ylabel="RPO (min)", ylim=(0, 130))
axes.spines[["top", "right"]].set_visible(False)
plt.show()

# %% [markdown]
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
