"""Which regions are standbys: those to which users may be led when another region is lost."""

from collections.abc import Iterator

from simulator.language.models.plans import AnyStep, ChangeStep, PromoteStep, RoutingControlStep, placed_steps
from simulator.language.models.topology import DnsRecord, Topology
from simulator.lowering.names import record_regions


def standby_regions(topology: Topology) -> dict[str, tuple[str, ...]]:
    """Each standby, in the file's order, and what makes it one."""
    found: dict[str, list[str]] = {region: [] for region in topology.regions}
    for name, one in topology.regions.items():
        if one.role == "standby":
            found[name].append("its role")
    for name, record in topology.dns.items():
        for region in turns_to(record, topology):
            found[region].append(f"{name} turns to it")
    for name, database in topology.databases.items():
        for region in database.readers if database.self_promotion is not None else []:
            found[region].append(f"database {name} may be promoted there")
    for region, plan, _ in led_by_plans(topology):
        found[region].append(f"plan {plan} leads there")
    return {region: tuple(dict.fromkeys(why)) for region, why in found.items() if why}


def turns_to(record: DnsRecord, topology: Topology) -> list[str]:
    """The regions to which a name turns by itself once another one is unhealthy."""
    service = topology.services[record.service]
    if service.cdn is not None:
        return service.cdn.origins[1:]
    regions = record_regions(record, service.regions)
    if len(regions) < 2 or not record.leaves_out:
        return []
    if record.policy == "failover":
        return (record.order or service.regions)[1:]
    return [region for region in topology.regions if region in regions]


def led_by_plans(topology: Topology) -> Iterator[tuple[str, str, str]]:
    """Regions to which a step of a plan leads from the usual one, with the plan and what is led there."""
    for name, plan in topology.plans.items():
        for _, step in placed_steps(plan):
            what, usual, led = _led(step, topology)
            yield from ((region, name, what) for region in led if region not in usual)


def _led(step: AnyStep, topology: Topology) -> tuple[str, list[str], list[str]]:
    """What a step moves, where that is usually, and to where it is moved."""
    if isinstance(step, RoutingControlStep):
        name = step.routing_control
        return name, _usual(topology.dns[name], topology), step.on
    if isinstance(step, PromoteStep):
        return step.promote, [topology.databases[step.promote].writer], [step.to]
    if isinstance(step, ChangeStep):
        return step.change, _usual(topology.dns[step.change], topology), changed_to(step)
    return "", [], []


def _usual(record: DnsRecord, topology: Topology) -> list[str]:
    """The regions to which a name leads while all is well."""
    regions = topology.services[record.service].regions
    if record.policy == "failover":
        return (record.order or regions)[:1]
    leads = record_regions(record, regions)
    if record.weights is not None:
        leads = {region for region, weight in record.weights.items() if weight}
    active = [region for region in regions if region in leads and topology.regions[region].role == "active"]
    return active or [*leads]


def changed_to(step: ChangeStep) -> list[str]:
    """The regions to which a changed record leads."""
    if step.order:
        return step.order[:1]
    weighted = [region for region, weight in (step.weights or {}).items() if weight]
    return [*weighted, *(step.geography or {}).values()]
