"""What plans make of standbys, and what stands there, as a run has it."""

from simulator.plan.replicas import ReplicaPlan
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class DormantPlan:
    """A site that is switched off when the run begins."""

    service: int
    region: int


@dataclass(frozen=True)
class EnablePlan:
    """A site is switched on."""

    service: int
    region: int


@dataclass(frozen=True)
class FleetPlan:
    """A site runs on so many nodes; those that are missing are launched."""

    service: int
    region: int
    nodes: int
    quota: int  # of all services there together; 0: none
    launch: Lowered
    image: Lowered
    warm_up: Lowered
    waits: bool


@dataclass(frozen=True)
class FunctionPlan:
    """A function keeps so many environments warm, and may run so many at once; 0: as before."""

    service: int
    region: int
    provisioned: int
    reserved: int
    bucket: tuple[int, int]  # of invocations, once so many may run at once
    most: int  # executions that all functions there may claim together
    begins: Lowered
    per_second: int
    waits: bool


@dataclass(frozen=True)
class ThroughputPlan:
    """A table has so many units a second to write, everywhere, and to read, there; 0: as before."""

    store: int
    region: int
    replicas: tuple[int, ...]
    write: float
    read: float
    takes: Lowered


StandbyPlan = EnablePlan | FleetPlan | FunctionPlan | ReplicaPlan | ThroughputPlan
"""What a step that makes a standby ready does."""
