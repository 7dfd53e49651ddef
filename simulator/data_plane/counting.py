"""Counts that are made at an instant: when the warm-up ends (docs/model.md §1), and when the run does."""

from typing import Any

import numpy as np

from simulator.boundary.kinds import NEVER_NS
from simulator.data_plane.stores.lineage import recount_worth
from simulator.data_plane.stores.versions import FREE, LIVE
from simulator.data_plane.work.jobs import QUEUED
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


def begin_counting(spec: DataPlan, plan: Block, memory: Block, now_ns: int) -> None:
    """Set every counter to what is under way; all that is visible must have been delivered."""
    counts = memory.counts
    begun = int(counts.attempts_started[0] + counts.token_started[0] + counts.asked.sum())
    asked = counts.asked - counts.answered.sum(axis=1)
    under_way = {
        "attempts_started": counts.attempts_started[0] - counts.attempts.sum(),
        "token_started": counts.token_started[0] - counts.token_attempts.sum(),
        "actions_started": counts.actions_started[0] - counts.actions.sum(),
        "sessions_started": memory.populations.sessions[spec.pop_bots == 0].sum(),
    }
    counts.every.fill(0)
    counts.begun_before[0] = begun
    for name, number in under_way.items():
        getattr(counts, name)[0] = number
    counts.asked[:] = asked
    _keep_writes(spec, plan, memory)
    _keep_work(memory, now_ns)
    _begin_sessions(memory)


def _keep_writes(spec: DataPlan, plan: Block, memory: Block) -> None:
    """Writes whose fate is open count as under way; what becomes of the others counts for nothing."""
    versions, stores = memory.versions, len(spec.store_items)
    live = versions.state == LIVE
    versions.overtaken[~live], versions.increment[~live] = 0, 0
    lineage = memory.lineage
    for array in (
        lineage.overtaken,
        lineage.of_item,
        lineage.increments,
        lineage.gone_cause,
        lineage.outlived,
    ):
        array[:] = 0
    if len(spec.snapshot_store):
        kept = np.flatnonzero(versions.state != FREE)
        order = kept[np.argsort(versions.number[kept], kind="stable")]
        recount_worth(plan, memory, order, np.zeros(len(memory.item_lane), np.int64))
    counted = live & (versions.increment == 1)
    memory.counts.under_way[:] = np.bincount(versions.store[live], minlength=stores)
    memory.counts.increments[:] = np.bincount(versions.store[counted], minlength=stores)


def _keep_work(memory: Block, now_ns: int) -> None:
    """Work in progress counts as begun now, and what waits in a queue begins to wait now."""
    counts, sites, attempts = memory.counts, memory.sites, memory.attempts
    counts.started[:] = sites.in_use
    counts.peak_in_use[:] = sites.in_use
    counts.peak_queue[:] = sites.queue_length
    sites.queue_since_ns[:] = now_ns
    attempts.queued_ns[attempts.state == QUEUED] = now_ns


def _begin_sessions(memory: Block) -> None:
    """Sessions start anew; one in the midst of an action keeps the class that it has so far."""
    sessions = memory.sessions
    between = sessions.action_start_ns == NEVER_NS
    sessions.trouble[between] = 0
    sessions.cause[between] = 0
    sessions.trouble_since_ns[:] = NEVER_NS
    sessions.blocked_since_ns[:] = NEVER_NS
    sessions.was_blocked[:] = 0


def what_lines_lack(plan: DataPlan, memory: Block) -> dict[str, Any]:
    """Lost updates and what else the last versions lack, once all lines are settled."""
    counts, lineage = memory.counts, memory.lineage
    kept = (plan.store_replica * (memory.world.replica_lost == 0)).any(axis=1) & ~is_deleted(plan, memory)
    overtaken = lineage.overtaken.sum(axis=(1, 2, 3))
    return {
        "lost_updates": lineage.overtaken.copy(),
        "lost_updates_of_item": lineage.of_item.copy(),
        "missing": np.where(
            kept, counts.lost + overtaken - counts.brought_back, counts.writes + counts.under_way
        ),
        "lost_increments": np.where(kept, lineage.increments, counts.increments),
        **_sample(plan, lineage),
    }


def _sample(plan: DataPlan, lineage: Block) -> dict[str, Any]:
    """The first writes of each store that are gone; items by their numbers in their stores."""
    found, zero_ns = lineage.gone_cause > 0, plan.counts_from_ns
    overtaken = found & (lineage.gone_for >= 0)
    first = (np.cumsum(plan.store_items) - plan.store_items)[:, np.newaxis]
    return {
        "gone_cause": lineage.gone_cause.copy(),
        "gone_item": np.where(found, lineage.gone_item - first, 0),
        "gone_origin": np.where(found, lineage.gone_origin, 0),
        "gone_ns": np.where(found, lineage.gone_ns - zero_ns, 0),
        "gone_for": np.where(overtaken, lineage.gone_for + 1, 0),
        "gone_for_ns": np.where(overtaken, lineage.gone_for_ns - zero_ns, 0),
    }


def is_deleted(plan: DataPlan, memory: Block) -> Any:
    """Of each store, whether it is in none of its regions: a table that was deleted and not restored."""
    there = (plan.store_replica == 1) & (memory.world.endpoint_absent == 0)
    return (memory.world.endpoint_absent == 1).any(axis=1) & ~there.any(axis=1)


def with_what_is_deleted(plan: DataPlan, memory: Block, found: dict[str, Any]) -> dict[str, Any]:
    """The fates of all writes when the run is over: those of a table that is deleted are lost with it."""
    gone = is_deleted(plan, memory)
    lost = np.where(gone, found["visible"] + found["pending"], 0)
    at_risk = np.where(gone, found["risk_late"] + found["risk_pending"], 0)
    none = {
        name: np.where(gone, 0, found[name]) for name in ("visible", "pending", "risk_late", "risk_pending")
    }
    return (
        found
        | none
        | {
            "lost": found["lost"] + lost,
            "risk_lost": found["risk_lost"] + at_risk,
            "lost_with_table": lost,
        }
    )
