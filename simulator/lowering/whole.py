"""From a checked experiment to a plan: strings and models end here."""

from dataclasses import fields
from typing import Any

import numpy as np

from simulator.boundary.fields import FAULTS_A_WORD, Ints
from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.experiment import Experiment, with_usual_users
from simulator.language.models.quantities import DAYS
from simulator.language.models.topology import Topology
from simulator.lowering.calls import lower_calls
from simulator.lowering.context import Context
from simulator.lowering.control import lower_control
from simulator.lowering.faces import lower_faces
from simulator.lowering.faults import lower_faults
from simulator.lowering.faults.times import with_drawn_times
from simulator.lowering.gateways import lower_gateways
from simulator.lowering.identity import lower_identity
from simulator.lowering.metrics import is_metered
from simulator.lowering.networks import lower_networks
from simulator.lowering.places import locations, round_trips_ns
from simulator.lowering.populations import lower_populations
from simulator.lowering.restores import lower_snapshots
from simulator.lowering.services import lower_services, operation_names
from simulator.lowering.sites import lower_memory, lower_sites
from simulator.lowering.sources import Distributions, Sources
from simulator.lowering.stores import lower_tables
from simulator.lowering.surges import bots_name, canary_name
from simulator.lowering.throughput import lower_capacity
from simulator.lowering.web_acls import lower_web_acls
from simulator.lowering.writing import lower_writing
from simulator.plan.lowered import DataPlan, Plan
from simulator.plan.timeline import FaultPlan
from simulator.plan.warming import later

_DAY_NS = 86_400 * 10**9
_BUCKETS_NS = (10 * 10**9, 60 * 10**9, 300 * 10**9)
_BUCKETS_MOST = 10_000
_BUCKETS_OF_ALL = 20_000_000


def lag_step_ns_of(duration_ns: int, pairs: int = 1) -> int:
    """Replication lag is also counted by when a copy became visible.

    The steps keep long runs small, and those of many stores and directed pairs of regions.
    """
    most = min(_BUCKETS_MOST, _BUCKETS_OF_ALL // max(pairs, 1))
    return next((width for width in _BUCKETS_NS if duration_ns // width <= most), _BUCKETS_NS[-1])


def lower(experiment: Experiment, topology: Topology, seed: int) -> Plan:
    """Lower an experiment, which must have passed `simulator.language.files`, to the plan that is run.

    Its clock begins with the warm-up.
    """
    experiment = with_drawn_times(with_usual_users(experiment, topology), seed)
    context = Context(experiment, topology, locations(experiment, topology), seed)
    served = lower_populations(context) | lower_services(context)
    faults, faces = lower_faces(context, lower_faults(context), served["op_service"])
    plan = Plan(
        data=_frozen(DataPlan(**_arrays(context, faults, served | faces))),
        control=lower_control(context, faults),
        locations=context.places,
        populations=(
            *experiment.users,
            *(bots_name(number) for number in range(len(context.bots))),
            *(canary_name(name) for name in topology.canaries),
        ),
        stores=tuple(name for name, _ in context.stores),
        services=context.services,
        operations=operation_names(context),
        assumptions=context.sources.assumptions,
        memory=lower_memory(context),
        external_kinds=tuple(external.kind for external in topology.external.values()),
    )
    return later(plan, experiment.warm_up)


def _arrays(context: Context, faults: tuple[FaultPlan, ...], served: dict[str, Any]) -> dict[str, Any]:
    """All fields of a data plan; distributions and policies last, as the others refer to them.

    `served`: those of populations, services and faces.
    """
    rtt_ns = round_trips_ns(context.places)
    arrays = served | lower_sites(context)
    arrays |= lower_gateways(context) | lower_calls(context) | lower_networks(context)
    arrays |= lower_web_acls(context)
    arrays |= lower_tables(context, rtt_ns) | lower_capacity(context) | lower_identity(context)
    arrays |= lower_snapshots(context)
    arrays |= _numbers(context) | {"rtt_ns": rtt_ns}
    starts = [fault.start_ns for fault in faults]
    arrays["window_first_ns"] = -(-min(starts, default=0) % arrays["window_ns"])
    arrays["mix_row"] = _mix_rows(arrays)
    arrays["fault_count"], arrays["fault_words"] = len(faults), -(-len(faults) // FAULTS_A_WORD)
    arrays["fault_windows_ns"] = _fault_windows_ns(faults, context.experiment.duration)
    arrays |= _distributions(context.distributions) | context.policies.arrays()
    return arrays | lower_writing(arrays)


def _distributions(distributions: Distributions) -> dict[str, Any]:
    kinds, a, b = zip(*distributions.rows, strict=True)
    return {"dist_kind": np.array(kinds, np.int64), "dist_a": np.array(a), "dist_b": np.array(b)}


def _numbers(context: Context) -> dict[str, Any]:
    """Plain numbers and names' TTLs."""
    experiment, topology = context.experiment, context.topology
    is_used = bool(experiment.users or context.programs)
    users = context.sources if is_used else Sources()  # else nobody asks names or crosses the network
    defaults = topology.defaults
    return {
        "seed": context.seed,
        "duration_ns": experiment.duration,
        "warm_up_ns": experiment.warm_up,
        "counts_from_ns": 0,
        "metered": int(is_metered(context)),
        "sheds": len(topology.shedding),
        "watches_clients": int(bool(topology.detectors)),
        "window_ns": experiment.objective.window_ns(experiment.duration),
        "within_ns": _within_ns(context),
        "wrong_is_good": int(experiment.objective.wrong_answers == "ok"),
        "lag_step_ns": lag_step_ns_of(experiment.duration, len(context.stores) * len(topology.regions) ** 2),
        "region_count": len(topology.regions),
        "rtt_sigma": users.number("network.round_trip_sigma", defaults.round_trip_sigma),
        "retransmit_ns": users.duration_ns("network.retransmission_timeout"),
        "retransmit_longest_ns": users.duration_ns("network.longest_retransmission_timeout"),
        "day_offset_ns": DAYS.index(experiment.day) * _DAY_NS + experiment.time_of_day,
        "resolver_rtt_ns": users.duration_ns("dns.resolver_round_trip"),
        "resolver_try_timeout_ns": users.duration_ns("dns.resolver_try_timeout"),
        "resolver_tries": int(users.number("dns.resolver_tries")),
        "resolver_failure_ns": users.duration_ns("dns.resolver_failure_ttl"),
        "name_ttl_ns": np.array([record.ttl for record in topology.dns.values()], np.int64),
        "negative_ttl_ns": users.duration_ns("route53.negative_ttl", defaults.negative_ttl),
    }


def _within_ns(context: Context) -> Ints:
    """How long an action of each population (programs have no objective) and operation may take."""
    objective, services = context.experiment.objective, context.topology.services.items()
    operations = [(f"{service}.{name}", name) for service, one in services for name in one.operations]
    names: list[tuple[str, ...]] = [*operations, ()]  # the token request, which is part of an action
    users = [[objective.within_ns(user, *one) for one in names] for user in context.experiment.users]
    rows = users + [[NEVER_NS] * len(names) for _ in range(context.programs)]
    return np.array(rows, np.int64).reshape(-1, len(names))


def _mix_rows(arrays: dict[str, Any]) -> Ints:
    """Where the mix of each population has each operation."""
    found: Ints = np.full(arrays["within_ns"].shape, -1, np.int64)
    counts = zip(arrays["pop_mix_first"], arrays["pop_mix_count"], strict=True)
    for population, (first, count) in enumerate(counts):
        rows = np.arange(first, first + count)
        found[population, arrays["mix_operation"][rows]] = rows
    return found


def _fault_windows_ns(faults: tuple[FaultPlan, ...], duration_ns: int) -> Ints:
    """When any fault acts, from its start to its end (flapping included), overlaps merged."""
    windows: list[list[int]] = []
    for start, end in sorted((fault.start_ns, min(fault.end_ns, duration_ns)) for fault in faults):
        if windows and start <= windows[-1][1]:
            windows[-1][1] = max(windows[-1][1], end)
        else:
            windows.append([start, end])
    return np.array(windows, np.int64).reshape(-1, 2)


def _frozen(plan: DataPlan) -> DataPlan:
    for field in fields(plan):
        value = getattr(plan, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    return plan
