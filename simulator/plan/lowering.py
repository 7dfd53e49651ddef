"""From a checked experiment to a plan: strings and models end here."""

from dataclasses import asdict, fields
from typing import Any

import numpy as np

from simulator import catalog
from simulator.plan.actions import lower_change, lower_fault
from simulator.plan.lowered import ControlPlan, DataPlan, Ints, Plan
from simulator.plan.names import lower_check, lower_name
from simulator.plan.places import locations, round_trips_ns
from simulator.plan.populations import lower_populations
from simulator.plan.services import lower_services
from simulator.plan.sources import Distributions, Sources
from simulator.plan.tables import LoweredTables, lower_tables
from simulator.plan.timeline import FaultPlan
from simulator.spec.experiment import Experiment
from simulator.spec.topology import Topology

_BUCKETS_NS = (10 * 10**9, 60 * 10**9, 300 * 10**9)
_BUCKETS_MOST = 20_000


def lag_bucket_ns(duration_ns: int) -> int:
    """Replication lag is also counted by when a copy became visible, in steps that keep long runs small."""
    return next((width for width in _BUCKETS_NS if duration_ns // width <= _BUCKETS_MOST), _BUCKETS_NS[-1])


def lower(experiment: Experiment, topology: Topology, seed: int) -> Plan:
    """Lower an experiment; it must have passed `simulator.spec.reading`."""
    sources, distributions = Sources(), Distributions()
    places, regions = locations(experiment, topology), tuple(topology.regions)
    rtt_ns = round_trips_ns(places)
    services = lower_services(topology, distributions, sources)
    tables = lower_tables(topology, regions, rtt_ns, sources)
    users = lower_populations(
        experiment.users, topology, places, services.names, distributions, sources, seed
    )
    faults = tuple(lower_fault(fault, topology, places) for fault in experiment.faults)
    arrays = (
        users | _services(asdict(services)) | _tables(tables) | _numbers(experiment, topology, seed, sources)
    )
    arrays |= {
        "fault_windows_ns": _fault_windows_ns(faults, experiment.duration),
        "rtt_ns": rtt_ns,
        **_distributions(distributions),
    }
    control = _control(experiment, topology, places, faults, sources)
    return Plan(
        data=_frozen(DataPlan(**arrays)),
        control=control,
        locations=places,
        populations=tuple(experiment.users),
        tables=tuple(topology.tables),
        operations=services.names,
        assumptions=sources.assumptions,
    )


def _services(lowered: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in lowered.items() if name != "names"}


def _tables(lowered: LoweredTables) -> dict[str, Any]:
    return {field.name: getattr(lowered, field.name) for field in fields(lowered)}


def _distributions(distributions: Distributions) -> dict[str, Any]:
    kinds, a, b = zip(*distributions.rows, strict=True)
    return {"dist_kind": np.array(kinds, np.int64), "dist_a": np.array(a), "dist_b": np.array(b)}


def _numbers(experiment: Experiment, topology: Topology, seed: int, sources: Sources) -> dict[str, Any]:
    """Plain numbers, names' TTLs and issuers."""
    defaults, identity = topology.defaults, topology.identity
    users = sources if experiment.users else Sources()  # nobody asks names or crosses the network
    issuers = [] if identity is None else [[*topology.regions].index(region) for region in identity.issuer]
    return {
        "seed": seed,
        "duration_ns": experiment.duration,
        "window_ns": experiment.objective.window,
        "bucket_ns": lag_bucket_ns(experiment.duration),
        "region_count": len(topology.regions),
        "rtt_sigma": users.number("network.round_trip_sigma", defaults.round_trip_sigma),
        "retransmit_ns": users.duration_ns("network.retransmission_timeout"),
        "retransmit_longest_ns": users.duration_ns("network.longest_retransmission_timeout"),
        "day_offset_ns": experiment.time_of_day,
        "resolver_rtt_ns": users.duration_ns("dns.resolver_round_trip"),
        "resolver_try_timeout_ns": users.duration_ns("dns.resolver_try_timeout"),
        "resolver_tries": int(users.number("dns.resolver_tries")),
        "resolver_failure_ns": users.duration_ns("dns.resolver_failure_ttl"),
        "name_ttl_ns": np.array([record.ttl for record in topology.dns.values()], np.int64),
        "negative_ttl_ns": users.duration_ns("route53.negative_ttl", defaults.negative_ttl),
        "issuer_region": np.array(issuers, np.int64),
        "token_lifetime_ns": 0 if identity is None else identity.access_token,
    }


def _fault_windows_ns(faults: tuple[FaultPlan, ...], duration_ns: int) -> Ints:
    """When any fault acts, from its start to its end (flapping included), overlaps merged."""
    windows: list[list[int]] = []
    for start, end in sorted((fault.start_ns, min(fault.end_ns, duration_ns)) for fault in faults):
        if windows and start <= windows[-1][1]:
            windows[-1][1] = max(windows[-1][1], end)
        else:
            windows.append([start, end])
    return np.array(windows, np.int64).reshape(-1, 2)


def _control(
    experiment: Experiment,
    topology: Topology,
    places: tuple[str, ...],
    faults: tuple[FaultPlan, ...],
    sources: Sources,
) -> ControlPlan:
    checked = {record.health_check for record in topology.dns.values()}
    where = [catalog.regions()[place] for place in places]
    delayed = sources if experiment.faults else Sources()  # without faults no status changes
    changed = sources if experiment.operator else Sources()
    refused = sources if any(fault.kind == "control_plane" for fault in faults) else Sources()
    return ControlPlan(
        names=tuple(lower_name(name, record, topology, places) for name, record in topology.dns.items()),
        checks={
            name: lower_check(name, check, places, sources)
            for name, check in topology.health_checks.items()
            if name in checked
        },
        status_to_answer=delayed.distribution("route53.status_to_answer", topology.defaults.status_to_answer),
        change_propagation=changed.distribution(
            "route53.change_propagation", topology.defaults.change_propagation
        ),
        faults=faults,
        changes=tuple(lower_change(change, topology, refused) for change in experiment.operator),
        location_country=tuple(region.country for region in where),
        location_continent=tuple(region.continent for region in where),
    )


def _frozen(plan: DataPlan) -> DataPlan:
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return plan
