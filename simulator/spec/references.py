"""What a file says as a whole: names that must exist elsewhere, keys that go together, times in order.

A name whose declaration is faulty counts as declared (`Names`), and nothing more is said about it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from simulator import catalog
from simulator.spec.expectation_checks import check_expectations
from simulator.spec.experiment import Experiment, RecordChange
from simulator.spec.fault_checks import check_fault
from simulator.spec.messages import known
from simulator.spec.positions import Document, Path
from simulator.spec.quantities import Constant, Exponential, LogNormal, Uniform
from simulator.spec.sound import Names, is_whole
from simulator.spec.topology import Compute, DnsRecord, Identity, Read, Service, Table, Topology
from simulator.spec.users import Client, Population
from simulator.units import format_duration

_POLICY_KEYS = {"order": "failover", "weights": "weighted", "geography": "geolocation"}
_LONGEST_NS = 366 * 86_400 * 10**9
_MOST_POPULATIONS = 127
_MOST_WINDOWS = 10_000_000
_RATE_MOST = 10_000_000  # arrivals per second; a gap is at least some nanoseconds
_LONGEST_SAMPLE_NS = 2**62
_EXTREME_OF_P99 = 8.3 / 2.326  # the most extreme uniform number is 2^-54 from 1: 8.3 sigma, and p99 is 2.326
_LONGEST_MEAN_NS = 3 * _LONGEST_NS  # the most extreme sample is -log(2^-54) = 37.4 times the mean
_RATE_LEAST = 1 / (366 * 86_400)


def check_topology(topology: Topology, names: Names, document: Document) -> None:
    """Report whatever in a topology contradicts itself or the catalog."""
    for section in ("regions", "services", "dns"):
        if getattr(names, section) == ():
            document.problem(f"a topology needs at least one entry in '{section}'", (section,), at_key=True)
    for name, table in topology.tables.items():
        _check_table(table, document, ("tables", name))
    for name, service in topology.services.items():
        _check_service(name, service, topology, names, document)
    for name, record in topology.dns.items():
        _check_record(record, topology, document, ("dns", name))
    for name, check in topology.health_checks.items():
        _check_repeats(check.checker_regions or [], document, ("health_checks", name, "checker_regions"))
    if topology.identity is not None:
        _check_identity(topology.identity, document)
    _check_roles(topology, names, document)
    check_distributions(topology, document, ())


def _check_roles(topology: Topology, names: Names, document: Document) -> None:
    roles = {region.role for region in topology.regions.values()}
    if roles == {"standby"} and is_whole(topology.regions, names.regions):
        document.problem("every region is a standby; at least one must be active", ("regions",), at_key=True)


def _check_repeats(names: Iterable[str], document: Document, path: Path) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            document.problem(f"'{name}' stands here a second time", (*path, number))
        seen.add(name)


def _check_table(table: Table, document: Document, path: Path) -> None:
    _check_repeats(table.replicas, document, (*path, "replicas"))
    lag = table.replication_lag
    median = catalog.duration_ns("dynamodb.replication_lag.median") if lag.median is None else lag.median
    p99 = catalog.duration_ns("dynamodb.replication_lag.p99") if lag.p99 is None else lag.p99
    if lag != type(lag)():
        _check_log_normal(median, p99, document, (*path, "replication_lag"))


def _check_service(name: str, service: Service, topology: Topology, names: Names, document: Document) -> None:
    path: Path = ("services", name)
    _check_repeats(service.regions, document, (*path, "regions"))
    if names.operations is not None and not names.operations[name]:
        document.problem("a service needs at least one operation", (*path, "operations"), at_key=True)
    for operation, steps in service.operations.items():
        here = (*path, "operations", operation)
        if not 1 <= len(steps) <= 16:
            document.problem(f"an operation has 1 to 16 steps, not {len(steps)}", here)
        for number, step in enumerate(steps):
            if not isinstance(step, Compute):
                _check_table_step(name, step, topology, names, document, (*here, number))


def _check_table_step(
    service: str, step: Any, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    kind = "read" if isinstance(step, Read) else "write"
    name = getattr(step, kind)
    if name not in topology.tables:
        return
    for region in topology.services[service].regions:
        if names.regions and region in names.regions and region not in topology.tables[name].replicas:
            document.problem(
                f"service '{service}' runs in {region}, where table '{name}' has no replica; "
                f"add {region} to its replicas, or take it out of the service's regions",
                (*path, kind),
            )


def _check_record(record: DnsRecord, topology: Topology, document: Document, path: Path) -> None:
    check_policy_keys(record, record.policy, document, path, required=True)
    check_policy_regions(record, _served(record, topology), document, path)


def _served(record: DnsRecord, topology: Topology) -> list[str] | None:
    """The regions of a record's service; None if the service is unknown or faulty."""
    service = topology.services.get(record.service)
    return None if service is None else service.regions


def check_policy_keys(
    written: DnsRecord | RecordChange, policy: str, document: Document, path: Path, *, required: bool
) -> None:
    """Keys that belong to another policy, and the one that a policy needs."""
    for key, owner in _POLICY_KEYS.items():
        value = getattr(written, key)
        if value is not None and owner != policy:
            document.problem(
                f"'{key}' belongs to policy {owner}, and this is {policy}", (*path, key), at_key=True
            )
        if value is None and required and owner == policy and key != "order":
            document.problem(f"policy {policy} needs '{key}'", path, at_key=True)
        if value is not None and len(value) == 0:
            document.problem(f"'{key}' is empty; it needs at least one entry", (*path, key), at_key=True)


def check_policy_regions(
    written: DnsRecord | RecordChange, served: list[str] | None, document: Document, path: Path
) -> None:
    """The regions of a record must be the service's; the places of a geography must exist."""
    _check_repeats(written.order or [], document, (*path, "order"))
    for number, region in enumerate(written.order or []):
        known(document, (*path, "order", number), region, served, "region of the service")
    for region in written.weights or {}:
        known(document, (*path, "weights", region), region, served, "region of the service", at_key=True)
    for place, region in (written.geography or {}).items():
        here = (*path, "geography", place)
        known(document, here, place, geography_places(place), "place", at_key=True)
        known(document, here, region, served, "region of the service")


def geography_places(place: str) -> list[str]:
    """What a geography may name: any two capital letters are a country, besides continents and `default`."""
    country = [place] if len(place) == 2 and place.isalpha() and place.isupper() else []
    return [*country, *catalog.CONTINENTS, "default"]


def _check_identity(identity: Identity, document: Document) -> None:
    _check_repeats(identity.issuer, document, ("identity", "issuer"))
    if identity.access_token == 0:
        document.problem("a token must live longer than 0 s", ("identity", "access_token"))


def check_experiment(experiment: Experiment, topology: Topology, names: Names, document: Document) -> None:
    """Report whatever in an experiment contradicts itself or its topology."""
    _check_duration(experiment, document)
    if len(experiment.users) > _MOST_POPULATIONS:
        document.problem(f"at most {_MOST_POPULATIONS} populations", ("users",), at_key=True)
    for name, population in experiment.users.items():
        _check_population(population, topology, names, document, ("users", name))
    for number, fault in document.numbered("faults", experiment.faults):
        check_fault(fault, experiment, topology, document, ("faults", number))
    for number, change in document.numbered("operator", experiment.operator):
        _check_change(change, experiment, topology, document, ("operator", number))
    check_expectations(experiment, topology, document)
    check_distributions(experiment, document, ())


def _check_duration(experiment: Experiment, document: Document) -> None:
    duration_ns, window_ns = experiment.duration, experiment.objective.window
    path = ("objective", "window")
    if not 0 < duration_ns <= _LONGEST_NS:
        document.problem("a run lasts more than 0 s and at most 366 days", ("duration",))
    elif not 0 < window_ns <= duration_ns:
        window, run = format_duration(window_ns), format_duration(duration_ns)
        document.problem(f"a window lasts more than 0 s and at most the run's {run}, not {window}", path)
    elif duration_ns // window_ns > _MOST_WINDOWS:
        document.problem(f"a run has at most {_MOST_WINDOWS:,} windows; make them longer", path)
    if experiment.objective.success == 0:
        document.problem(
            "an objective of 0 % is met by a service that never answers", ("objective", "success")
        )


def _check_population(
    population: Population, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    _check_arrivals(population, document, path)
    _check_actions(population.actions, topology, names, document, path)
    _check_client(population.client, document, (*path, "client"))
    if population.patience == 0:
        document.problem("patience must be longer than 0 s", (*path, "patience"))
    for key in ("think_time", "session_length"):
        if _is_always_0(getattr(population, key)):
            document.problem(f"'{key}' must be longer than 0 s", (*path, key))


def _check_arrivals(population: Population, document: Document, path: Path) -> None:
    if (population.sessions is None) == (population.arrivals is None):
        document.problem(
            "give either 'sessions' (constantly so many at once) or 'arrivals' (so many a second)",
            path,
            at_key=True,
        )
    if population.arrivals is None:
        if population.daily_profile is not None:
            document.problem("'daily_profile' goes with 'arrivals'", (*path, "daily_profile"), at_key=True)
        return
    if not _RATE_LEAST <= population.arrivals <= _RATE_MOST:
        document.problem(
            f"arrivals are at least one a year and at most {_RATE_MOST:,} a second", (*path, "arrivals")
        )
    if population.session_length is None:
        document.problem("arriving sessions need a 'session_length'", path, at_key=True)
    if population.daily_profile is not None and not any(population.daily_profile):
        document.problem("every hour has weight 0; at least one must have more", (*path, "daily_profile"))


def _check_actions(
    actions: Mapping[str, float], topology: Topology, names: Names, document: Document, path: Path
) -> None:
    path = (*path, "actions")
    if not any(actions.values()):
        document.problem("the user mix is empty: no action has a weight above 0", path, at_key=True)
    if names.operations is None:
        return
    owners: dict[str, list[str]] = {}
    for service, operations in names.operations.items():
        for operation in operations:
            owners.setdefault(operation, []).append(service)
            owners.setdefault(f"{service}.{operation}", []).append(service)
    for action in actions:
        if action in owners:
            _check_owner(action, owners[action], topology, names, document, (*path, action))


def _check_owner(
    action: str, owners: list[str], topology: Topology, names: Names, document: Document, path: Path
) -> None:
    if len(owners) > 1:
        choices = " or ".join(f"'{owner}.{action}'" for owner in owners)
        document.problem(f"several services have an operation '{action}'; write {choices}", path, at_key=True)
        return
    leading = [name for name, record in topology.dns.items() if record.service == owners[0]]
    all_lead_somewhere = all(record.service in topology.services for record in topology.dns.values())
    if not leading and names.dns and is_whole(topology.dns, names.dns) and all_lead_somewhere:
        complaint = "no name in the topology's dns, so users cannot reach it"
    elif len(leading) > 1:
        complaint = f"{len(leading)} names in the topology's dns ({', '.join(leading)}); one is allowed"
    else:
        return
    document.problem(f"service '{owners[0]}' has {complaint}", path, at_key=True)


def _check_client(client: str | Client, document: Document, path: Path) -> None:
    if isinstance(client, str):
        return
    if client.timeout == 0:
        document.problem("a timeout must be longer than 0 s", (*path, "timeout"))
    if client.backoff is not None and client.backoff.cap < client.backoff.base:
        document.problem("the cap is below the base", (*path, "backoff", "cap"))


def _check_change(
    change: RecordChange,
    experiment: Experiment,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    if (change.at is None) == (change.after_detection is None):
        document.problem("give either 'at' or 'after_detection'", path, at_key=True)
    if change.at is not None and change.at >= experiment.duration:
        at, end = format_duration(change.at), format_duration(experiment.duration)
        document.problem(f"happens at {at}, but the run ends at {end}", (*path, "at"))
    if change.retry_every == 0:
        document.problem("an operator waits longer than 0 s between tries", (*path, "retry_every"))
    if all(getattr(change, key) is None for key in _POLICY_KEYS):
        document.problem("say what changes: 'order', 'weights' or 'geography'", path, at_key=True)
    record = topology.dns.get(change.change)
    if record is not None:
        check_policy_keys(change, record.policy, document, path, required=False)
        check_policy_regions(change, _served(record, topology), document, path)


def _is_always_0(distribution: Any) -> bool:
    if isinstance(distribution, Constant):
        return distribution.root == 0
    if isinstance(distribution, Exponential):
        return distribution.mean == 0
    return isinstance(distribution, Uniform) and distribution.to == 0


def check_distributions(model: Any, document: Document, path: Path) -> None:
    """Report every distribution whose parameters contradict each other, wherever it stands."""
    if isinstance(model, LogNormal):
        _check_log_normal(model.median, model.p99, document, path)
    elif isinstance(model, Exponential):
        if model.mean > _LONGEST_MEAN_NS:
            document.problem("a mean of more than three years is not supported", (*path, "mean"))
    elif isinstance(model, Uniform):
        if model.to < model.from_:
            document.problem("'to' is below 'from'", (*path, "to"))
    elif isinstance(model, dict):
        for key, value in model.items():
            check_distributions(value, document, (*path, key))
    elif isinstance(model, list):
        for number, value in enumerate(model):
            check_distributions(value, document, (*path, number))
    elif isinstance(model, BaseModel):
        for name, info in type(model).model_fields.items():
            here = (*path, info.alias or name) if name != "root" else path
            check_distributions(getattr(model, name), document, here)


def _check_log_normal(median_ns: int, p99_ns: int, document: Document, path: Path) -> None:
    """Median and 99th percentile must be in order, and the most extreme sample must fit into a clock."""
    if median_ns == 0:
        document.problem("the median must be longer than 0 s", (*path, "median"))
    elif p99_ns < median_ns:
        p99, median = format_duration(p99_ns), format_duration(median_ns)
        document.problem(f"the 99th percentile ({p99}) is below the median ({median})", (*path, "p99"))
    elif median_ns * (p99_ns / median_ns) ** _EXTREME_OF_P99 > _LONGEST_SAMPLE_NS:
        document.problem("the 99th percentile is too far above the median to be sampled", (*path, "p99"))
