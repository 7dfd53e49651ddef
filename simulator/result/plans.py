"""Failover plans: who decided when, what each step took, and where a plan ended before its last one."""

from simulator.records import dataclass


@dataclass(frozen=True)
class PlanStep:
    """One step of a run of a plan."""

    step: str
    """Its name; that of a child plan's step begins with the name of the step that is the child plan."""
    kind: str
    """What it does, by the file's key: change, promote, routing_control, fail_back, fence, unfence,
    restore, drain, enable, scale, throughput, wait_for, approve, custom, plan."""
    owner: str
    """Who does it; empty if the file does not say."""
    begun_s: float | None
    """When it began, in seconds; null if it did not."""
    ended_s: float | None
    """When it was done or given up, in seconds; null if neither."""
    state: str
    """done, stranded, open (the run ends before), or not_begun."""
    refused: int
    """So many tries could not be done."""
    lacked: str
    """Why it could not be done, the last time; empty if it could."""
    lacked_since_s: float | None
    """Since when that was so, in seconds; null if it was not."""


@dataclass(frozen=True)
class PlanRun:
    """One run of a failover plan that was triggered."""

    plan: str
    """Which plan."""
    mode: str
    """How it was carried out: graceful or ungraceful."""
    triggered_s: float
    """When it was triggered, in seconds."""
    by: str
    """What triggered it."""
    owner: str
    """Who decided; empty if nobody did, or if the file does not say."""
    acknowledged_s: float | None
    """When whoever decides had been reached, in seconds; null without one, or if the run ends before."""
    decided_s: float | None
    """When the decision had been taken, in seconds; null without one, or if the run ends before."""
    ended_s: float | None
    """When it was done or stranded, in seconds; null if the run ends before."""
    took_s: float | None
    """From its trigger until it was done, in seconds; null if it was not."""
    state: str
    """done, stranded, open (the run ends before), or not_begun (it was under way already)."""
    stranded_at: tuple[str, ...]
    """The steps that were given up."""
    undone: tuple[str, ...]
    """The steps that were not done."""
    steps: tuple[PlanStep, ...]
    """All its steps, in file order; those of a child plan behind the step that is the child plan."""
