"""A lowered plan made by hand: three regions with one of everything that a fault can strike.

Milan and Frankfurt have three zones, Virginia two. `api` runs on nodes, two in each zone, `web` on Lambda,
`identity` is the last service. Users' lowered workload is left empty: the recording plane serves nobody.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import numpy as np

from simulator.boundary.kinds import CACHE, LAMBDA, NEVER_NS, NODES, OBJECTS, SHARED_CACHE, TABLE, UNLIMITED
from simulator.language.models.checked import Made, label_of
from simulator.plan.balancers import BalancerPlan
from simulator.plan.cache_primaries import CacheFailoverPlan
from simulator.plan.health_checks import CheckPlan, MadeCheckPlan
from simulator.plan.lowered import ControlPlan, DataPlan, Plan
from simulator.plan.names import NamePlan, Route53Plan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.distributions import CONSTANT
from simulator.simulation import simulate
from tests.control_plane.recording import RecordingPlane, arguments
from tests.faults import fault_plan

SECOND = 1_000_000_000
REGIONS = ("eu-south-1", "eu-central-1", "us-east-1")
MILAN, FRANKFURT, VIRGINIA = 0, 1, 2
ZONES = (3, 3, 2)
SERVICES = ("api", "web", "identity")
API, WEB, IDENTITY = 0, 1, 2
STORES = ("orders", "images", "views", "carts")
ORDERS, IMAGES, VIEWS, CARTS = 0, 1, 2, 3
KINDS = (TABLE, OBJECTS, CACHE, SHARED_CACHE)
PEOPLE, BOTS = 0, 1
PER_ZONE = 2

Seen = list[tuple[float, tuple[Any, ...]]]
"""When (seconds), with which arguments."""


def fault(kind: str, mode: str, start_s: float, end_s: float | None = None, **more: Any) -> FaultPlan:
    """A fault between two seconds of the run."""
    end_ns = NEVER_NS if end_s is None else round(end_s * SECOND)
    return fault_plan(kind, mode, round(start_s * SECOND), end_ns, **more)


def zone(which: int, start_s: float, end_s: float | None = None, *, mode: str = "black_hole",
         region: int = MILAN, **more: Any) -> FaultPlan:  # fmt: skip
    """A zone is down."""
    return fault("zone", mode, start_s, end_s, region=region, zone=which, **more)


def name(routing: str = "failover", **more: Any) -> NamePlan:
    """A name of `api` with a record in Milan and one in Frankfurt."""
    given: dict[str, Any] = {
        "name": "api.example", "routing": routing, "regions": (MILAN, FRANKFURT), "order": (MILAN, FRANKFURT),
        "weights": {}, "geography": {}, "standby": frozenset(), "health_check": None,
    }  # fmt: skip
    return NamePlan(**given | more)


def check(protocol: str = "http") -> CheckPlan:
    """A health check with 16 checkers, six of them in Milan, that asks every 10 seconds."""
    places = tuple(number % len(REGIONS) for number in range(16))
    return CheckPlan("deep", protocol, 10 * SECOND, 3, places, 4 * SECOND, 2 * SECOND, 0.18)


def balancer(**more: Any) -> BalancerPlan:
    """The load balancer of `api` in Milan: every 10 s, within 4 s, out after two, in after three."""
    given = {
        "service": API, "region": MILAN, "interval_ns": 10 * SECOND, "timeout_ns": 4 * SECOND,
        "unhealthy_threshold": 2, "healthy_threshold": 3,
    }  # fmt: skip
    return BalancerPlan(**given | more)


def failover(store: int = VIEWS, **more: Any) -> CacheFailoverPlan:
    """A cache in Milan with its primary in the first zone and a replica in the second; 20 s to fail over."""
    given: dict[str, Any] = {"store": store, "region": MILAN, "zone": 0, "replicas": 1}
    return CacheFailoverPlan(**given | {"takes": (CONSTANT, 20.0 * SECOND, 0.0)} | more)


def instance_zones(per_zone: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The zone of each node of `api`, region by region: 0, 1, 2, 0, 1, 2."""
    return np.concatenate([np.tile(np.arange(count), per_zone) for count in ZONES])


def instance_sites(per_zone: int) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
    """Service and region of each node."""
    counts = [per_zone * zones for zones in ZONES]
    regions = np.repeat(np.arange(len(REGIONS)), counts)
    return {"instance_service": np.full(len(regions), API), "instance_region": regions}


def data(duration_s: float, seed: int, per_zone: int, **more: Any) -> DataPlan:
    """What the control plane reads of the data plane's plan; the rest is empty."""
    regions, places = len(REGIONS), len(REGIONS)
    compute = np.array([[NODES] * regions, [LAMBDA] * regions, [UNLIMITED] * regions])
    count = np.array([[per_zone * zones for zones in ZONES], [0] * regions, [0] * regions])
    given: dict[str, Any] = {
        "seed": seed, "duration_ns": round(duration_s * SECOND), "window_ns": 10 * SECOND,
        "region_count": regions, "rtt_ns": np.full((places, places), 20_000_000), "retransmit_ns": SECOND,
        "pop_near": np.array([MILAN, MILAN]), "pop_bots": np.array([0, 1]),
        "pop_surge_base": np.array([1.0, 0.0]),
        "site_compute": compute, "site_count": count, "site_there": count,
        "face_service": np.arange(len(compute)),
        "site_first": (np.cumsum(count) - count.ravel()).reshape(count.shape),
        "site_balanced": np.array([[1] * regions, [0] * regions, [0] * regions]),
        "site_gateway": np.zeros(compute.shape, np.int64),
        "node_workers": np.full(compute.shape, 4), "lambda_reserved": np.zeros(compute.shape, np.int64),
        "lambda_limit": np.full(regions, 1000),
        "instance_zone": instance_zones(per_zone), **instance_sites(per_zone), "zone_count": np.array(ZONES),
        "store_items": np.full(len(KINDS), 100), "store_kind": np.array(KINDS),
        "store_replica": np.ones((len(KINDS), regions), np.int64),
        "store_strong": np.zeros(len(KINDS), np.int64), "store_witness": np.full(len(KINDS), -1),
    }  # fmt: skip
    for field in fields(DataPlan):
        given.setdefault(field.name, 0 if field.type is int else np.zeros(0, np.int64))
    return DataPlan(**given | more)


def made_for(names: Iterable[NamePlan]) -> list[MadeCheckPlan]:
    """The health checks that names have, in every region."""
    made = dict.fromkeys(
        Made(one.health_check, SERVICES[one.service], region)
        for one in names
        if one.health_check is not None
        for region in REGIONS
    )
    return [
        MadeCheckPlan(
            (one.check, SERVICES.index(one.service), REGIONS.index(one.region)), label_of(one, made)
        )
        for one in made
    ]


def plan_of(
    faults: Iterable[FaultPlan] = (),
    *,
    duration_s: float = 1000,
    seed: int = 1,
    per_zone: int = PER_ZONE,
    delay_s: float = 2,
    names: Iterable[NamePlan] = (),
    checks: Iterable[CheckPlan] = (),
    balancers: Iterable[BalancerPlan] = (),
    failovers: Iterable[CacheFailoverPlan] = (),
    **more: Any,
) -> Plan:
    """The system with these faults; `more` replaces arrays of its data plan."""
    names = [*names]
    delays = (CONSTANT, delay_s * SECOND, 0.0), (CONSTANT, 0.0, 0.0)
    route53 = Route53Plan(*delays, ("IT", "DE", "US"), ("europe", "europe", "north_america"))
    control = ControlPlan(tuple(faults), (*names, *checks, *made_for(names), route53, *balancers, *failovers))
    lowered = data(duration_s, seed, per_zone, **more)
    return Plan(lowered, control, REGIONS, ("people", "bots"), STORES, SERVICES, (), ())


def told(plane: RecordingPlane, *methods: str) -> Seen:
    """What a data plane has been told of by some methods."""
    return [(at_ns / SECOND, given) for at_ns, given in arguments(plane.of(*methods))]


def changes(faults: Iterable[FaultPlan], *methods: str, **system: Any) -> Seen:
    """What the data plane is told of by some methods, along a timeline of faults."""
    plane = RecordingPlane()
    simulate(plan_of(faults, **system), plane)
    return told(plane, *methods)


def log(faults: Iterable[FaultPlan], *kinds: str, **system: Any) -> list[tuple[float, str, str]]:
    """When, kind and target of the events of some kinds, along a timeline of faults."""
    outcome = simulate(plan_of(faults, **system), RecordingPlane())
    return [
        (event.at_ns / SECOND, event.kind, event.target) for event in outcome.events if event.kind in kinds
    ]
