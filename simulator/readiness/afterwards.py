"""What a system is once a failover plan has been carried out: what is switched on."""

from collections.abc import Iterator

from simulator.language.models.plans import ChildPlanStep, FailoverPlan, placed_steps
from simulator.language.models.scaling import EnableStep
from simulator.language.models.topology import Service, Topology


def plans_that_grow(topology: Topology, region: str) -> Iterator[str]:
    """The plans that make something ready in a region."""
    for name, plan in topology.plans.items():
        if any(step.in_ == region for step in _growing(plan, topology)):
            yield name


def _growing(plan: FailoverPlan, topology: Topology) -> Iterator[EnableStep]:
    """The steps of a plan, and of its child plans, that make something ready."""
    for _, step in placed_steps(plan):
        if isinstance(step, ChildPlanStep):
            yield from _growing(topology.plans[step.plan], topology)
        elif isinstance(step, EnableStep):
            yield step


def enables(plan: str, service: str, topology: Topology, region: str) -> bool:
    """Whether a plan switches a service on in a region."""
    steps = _growing(topology.plans[plan], topology)
    return any((one.enable, one.in_) == (service, region) for one in steps)


def after(plan: str, topology: Topology) -> Topology:
    """The topology with all that a plan has made ready."""
    for step in _growing(topology.plans[plan], topology):
        topology = _done(step, topology)
    return topology


def _done(step: EnableStep, topology: Topology) -> Topology:
    service = topology.services[step.enable]
    left = [region for region in service.dormant_in if region != step.in_]
    return _with_service(step.enable, service.model_copy(update={"dormant_in": left}), topology)


def _with_service(name: str, service: Service, topology: Topology) -> Topology:
    return topology.model_copy(update={"services": topology.services | {name: service}})
