"""Standbys checked: services that are switched off in a region, and the steps that make them ready."""

from simulator.language.checks.growth import check_scale, check_throughput
from simulator.language.checks.replicas import check_replica_step
from simulator.language.checks.values import check_repeats
from simulator.language.models.autoscaling import ScaledService
from simulator.language.models.compute import ComputeKind, NodesCompute
from simulator.language.models.plans import placed_steps
from simulator.language.models.scaling import (
    EnableStep,
    ReplicaStep,
    ScaleStep,
    StepOfStandby,
    ThroughputStep,
)
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole


def check_dormant(name: str, service: Service, topology: Topology, names: Names, document: Document) -> None:
    """Report a service that is switched off where it is not, everywhere, or for ever."""
    path: Path = ("services", name, "dormant_in")
    check_repeats(service.dormant_in, document, path)
    if {*service.regions} <= {*service.dormant_in}:
        complaint = (
            "it would be switched off wherever it runs; leave out the regions that serve from the start"
        )
        document.problem(complaint, path, at_key=True)
        return
    for number, region in enumerate(service.dormant_in):
        here = (*path, number)
        if region not in topology.regions:
            continue
        is_there = known(document, here, region, service.regions, "region of the service")
        if is_there and is_whole(topology.plans, names.plans) and not _is_enabled(name, region, topology):
            complaint = (
                f"no failover plan switches it on in {region}; add a step "
                f"'{{enable: {name}, in: {region}}}' to one"
            )
            document.problem(complaint, here)


def check_without_nodes(
    name: str, service: Service, topology: Topology, names: Names, document: Document
) -> None:
    """Report a service that has no node where no failover plan launches any."""
    general = [region for region in service.regions if region not in service.compute_in]
    computes: list[tuple[Path, ComputeKind, list[str]]] = [(("compute",), service.compute, general)]
    computes += [(("compute_in", region), one, [region]) for region, one in service.compute_in.items()]
    for place, compute, regions in computes:
        if not isinstance(compute, NodesCompute) or compute.nodes.per_zone:
            continue
        for region in regions:
            if is_whole(topology.plans, names.plans) and not _is_scaled(name, region, topology):
                complaint = (
                    f"it has no node in {region}, and no failover plan launches any; add a step "
                    f"'{{scale: {name}, in: {region}, to: {{per_zone: 1}}}}' to one, or write 'per_zone: 1'"
                )
                document.problem(complaint, ("services", name, *place, "nodes", "per_zone"))


def _is_enabled(service: str, region: str, topology: Topology) -> bool:
    """Whether some plan switches a service on in a region, as far as all names can be told."""
    steps = (step for plan in topology.plans.values() for _, step in placed_steps(plan))
    return _is_among(
        [(one.enable, one.in_) for one in steps if isinstance(one, EnableStep)], service, region, topology
    )


def _is_scaled(service: str, region: str, topology: Topology) -> bool:
    """Whether some plan or scaler launches nodes of a service there, as far as all names can be told."""
    steps = (step for plan in topology.plans.values() for _, step in placed_steps(plan))
    scaled = [(one.scale, one.in_) for one in steps if isinstance(one, ScaleStep)]
    scaled += [(one.service, one.in_) for one in topology.scaling.values() if isinstance(one, ScaledService)]
    return _is_among(scaled, service, region, topology)


def _is_among(places: list[tuple[str, str]], service: str, region: str, topology: Topology) -> bool:
    unknown = any(one not in topology.services or where not in topology.regions for one, where in places)
    return unknown or (service, region) in places


def check_standby_step(step: StepOfStandby, topology: Topology, document: Document, path: Path) -> None:
    """Report a step that makes nothing ready, or what is not there."""
    if isinstance(step, EnableStep):
        _check_enable(step, topology, document, path)
    elif isinstance(step, ScaleStep):
        check_scale(step, topology, document, path)
    elif isinstance(step, ThroughputStep):
        check_throughput(step, topology, document, path)
    elif isinstance(step, ReplicaStep):
        check_replica_step(step, topology, document, path)


def _check_enable(step: EnableStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a service that is switched on where it is not, or is on already."""
    service = topology.services.get(step.enable)
    if service is None or not {step.in_, *service.dormant_in} <= {*topology.regions}:
        return
    here = (*path, "in")
    is_there = known(document, here, step.in_, service.regions, "region of the service")
    if is_there and step.in_ not in service.dormant_in:
        complaint = (
            f"service '{step.enable}' is on in {step.in_} from the start; leave the step out, or write "
            f"'dormant_in: [{step.in_}]' at the service"
        )
        document.problem(complaint, here)
