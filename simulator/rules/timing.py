"""Times that cannot fit: TTLs and detection beside objectives, retries beside the gateway that waits."""

from collections.abc import Iterator

from simulator.language.models.calling import calling
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import RegionFault
from simulator.language.models.health_checks import EndpointCheck
from simulator.language.models.topology import DnsRecord, Service, Topology
from simulator.lowering.gateways import timeout_ns
from simulator.lowering.retry_policies import DYNAMODB, lower_policy
from simulator.lowering.sources import Sources
from simulator.rules.table import Note
from simulator.units import format_duration, parse_duration

_MOST = 0.95
"""So much of a TTL passes until nearly nobody has the old answer: a gate asks for nearly all actions."""


def timing_notes(topology: Topology, experiment: Experiment | None) -> Iterator[Note]:
    """Names that cannot lead users elsewhere in time, and calls that outlast their gateway."""
    for name, record in topology.dns.items():
        for lost in topology.services[record.service].regions if _moves_by_answers(record, topology) else ():
            asked_ns = _asked_ns(experiment, lost, record)
            if asked_ns is not None and (note := _too_late(name, record, topology, asked_ns)):
                yield note
                break
    for name, service in topology.services.items():
        yield from _outlasting(name, service, topology)


def _moves_by_answers(record: DnsRecord, topology: Topology) -> bool:
    """Whether users are led elsewhere by other answers, and have one address at a time."""
    service = topology.services[record.service]
    apart = record.leaves_out and record.policy != "multivalue" and service.cdn is None
    return apart and len(service.regions) > 1


def _asked_ns(experiment: Experiment | None, lost: str, record: DnsRecord) -> int | None:
    """The recovery time (ns) that is asked for when a region is lost; None if none is, or it returns before.

    In a failover record only the first region has users.
    """
    if experiment is None or (record.policy == "failover" and record.order and lost != record.order[0]):
        return None
    asked = [
        bound.at_most
        for one in experiment.expect
        if (bound := getattr(one, "recovery_time", None)) is not None
        and bound.at_most is not None
        and not _is_narrowed(bound)
    ]
    least = min(asked, default=None)
    lasting = (
        fault
        for fault in experiment.faults
        if isinstance(fault, RegionFault)
        and fault.region == lost
        and _lasts_ns(fault, experiment) > (least or 0)
    )
    return least if any(True for _ in lasting) else None


def _is_narrowed(bound: object) -> bool:
    """Whether an expectation is of some users alone, or of a smaller share of the actions."""
    written: set[str] = getattr(bound, "model_fields_set", set())
    return not written <= {"at_most", "at_least", "in_", "in", "confidence"}


def _lasts_ns(fault: RegionFault, experiment: Experiment) -> int:
    """How long a whole region is down; 0 if it only errs, is slow, or comes and goes."""
    whole = fault.mode in ("black_hole", "refused", "lost") and fault.operations is None
    if not whole or fault.share is not None or fault.flapping is not None:
        return 0
    if fault.for_ is not None:
        return fault.for_
    return (experiment.duration if fault.until is None else fault.until) - fault.at


def _too_late(name: str, record: DnsRecord, topology: Topology, asked_ns: int) -> Note | None:
    asked, ttl = format_duration(asked_ns), format_duration(record.ttl)
    if record.ttl > asked_ns:
        said = f"the TTL of {name} is {ttl}, and a recovery within {asked} is asked for"
        return Note("ttl-longer-than-objective", said, ("dns", name, "ttl"))
    check = topology.health_checks.get(record.health_check or "")
    if not isinstance(check, EndpointCheck) or check.disabled:
        return None
    failures_ns = (check.failure_threshold - 1) * parse_duration(check.interval)
    if failures_ns + _MOST * record.ttl <= asked_ns:
        return None
    said = (
        f"{name} cannot lead its users elsewhere within {asked}: {check.failure_threshold} failed checks "
        f"{check.interval} apart, and then a TTL of {ttl}"
    )
    return Note("rto-arithmetic", said, ("dns", name, "ttl"))


def _outlasting(name: str, service: Service, topology: Topology) -> Iterator[Note]:
    """Calls whose tries, as the file has them, last longer than the gateway waits."""
    if service.gateway is None or not {"calls", "calls_to"} & service.model_fields_set:
        return
    waits_ns, called_by = timeout_ns(service.gateway, Sources()), calling(service, topology)
    for called in called_by.called:
        if "calls" not in service.model_fields_set and not called_by.keys_of(called):
            continue
        variant = DYNAMODB if called.name in topology.tables else None
        policy = lower_policy(called_by.client_of(called), Sources(), variant)
        if policy.attempts * policy.timeout_ns > waits_ns:
            took = f"{policy.attempts} × {format_duration(policy.timeout_ns)}"
            said = (
                f"{name} may try {called.whole} for {took}, and its gateway gives up after "
                f"{format_duration(waits_ns)}"
            )
            yield Note("retries-outlast-gateway", said, ("services", name, "calls"), of=called.name)
