"""What a file says as a whole: names that must exist elsewhere, keys that go together, times in order."""

from collections.abc import Iterable, Mapping
from typing import Any

from simulator import catalog
from simulator.spec.expectation_checks import check_expectations
from simulator.spec.experiment import Experiment, RecordChange
from simulator.spec.fault_checks import check_fault
from simulator.spec.messages import nearest
from simulator.spec.positions import Document, Path
from simulator.spec.quantities import Constant, LogNormal, Uniform
from simulator.spec.topology import Compute, DnsRecord, Identity, Read, Service, Table, Topology
from simulator.spec.users import Backoff, Client, Population
from simulator.units import format_duration

_POLICY_KEYS = {"order": "failover", "weights": "weighted", "geography": "geolocation"}
_LONGEST_NS = 366 * 86_400 * 10**9
_MOST_POPULATIONS = 127


def known(
    document: Document, path: Path, name: str, names: Iterable[str], what: str, *, at_key: bool = False
) -> bool:
    """Report a name that is not among those that exist; tell whether it is."""
    names = list(names)
    if name in names:
        return True
    document.problem(f"unknown {what} '{name}'{nearest(name, names)}", path, at_key=at_key)
    return False


def check_topology(topology: Topology, document: Document) -> None:
    """Report whatever in a topology contradicts itself or the catalog."""
    for region in topology.regions:
        known(document, ("regions", region), region, catalog.region_names(), "region", at_key=True)
    for name, table in topology.tables.items():
        _check_table(table, topology, document, ("tables", name))
    for name, service in topology.services.items():
        _check_service(name, service, topology, document, ("services", name))
    for name, record in topology.dns.items():
        _check_record(record, topology, document, ("dns", name))
    for name, check in topology.health_checks.items():
        path = ("health_checks", name, "checker_regions")
        _check_list(check.checker_regions or [], catalog.checker_regions(), "checker region", document, path)
    if topology.identity is not None:
        _check_identity(topology.identity, topology, document)
    if not any(region.role == "active" for region in topology.regions.values()):
        document.problem("every region is a standby; at least one must be active", ("regions",), at_key=True)
    check_distributions(topology, document, ())


def _check_list(
    names: Iterable[str], allowed: Iterable[str], what: str, document: Document, path: Path
) -> None:
    seen: set[str] = set()
    for number, name in enumerate(names):
        known(document, (*path, number), name, allowed, what)
        if name in seen:
            document.problem(f"'{name}' stands here twice", (*path, number))
        seen.add(name)


def _check_table(table: Table, topology: Topology, document: Document, path: Path) -> None:
    _check_list(table.replicas, topology.regions, "region", document, (*path, "replicas"))
    lag = table.replication_lag
    if lag.median is not None and lag.p99 is not None and lag.p99 < lag.median:
        document.problem("the 99th percentile is below the median", (*path, "replication_lag", "p99"))


def _check_service(name: str, service: Service, topology: Topology, document: Document, path: Path) -> None:
    _check_list(service.regions, topology.regions, "region", document, (*path, "regions"))
    for operation, steps in service.operations.items():
        here = (*path, "operations", operation)
        if not steps or len(steps) > 16:
            document.problem("an operation has 1 to 16 steps", here)
        for number, step in enumerate(steps):
            if not isinstance(step, Compute):
                _check_table_step(name, service, step, topology, document, (*here, number))


def _check_table_step(
    name: str, service: Service, step: Any, topology: Topology, document: Document, path: Path
) -> None:
    kind = "read" if isinstance(step, Read) else "write"
    table_name = getattr(step, kind)
    if not known(document, (*path, kind), table_name, topology.tables, "table"):
        return
    for region in service.regions:
        if region in topology.regions and region not in topology.tables[table_name].replicas:
            document.problem(
                f"service '{name}' runs in {region}, where table '{table_name}' has no replica; "
                f"add {region} to its replicas, or take it out of the service's regions",
                (*path, kind),
            )


def _check_record(record: DnsRecord, topology: Topology, document: Document, path: Path) -> None:
    if record.health_check is not None:
        known(document, (*path, "health_check"), record.health_check, topology.health_checks, "health check")
    check_policy_keys(record, record.policy, document, path, required=True)
    if known(document, (*path, "service"), record.service, topology.services, "service"):
        served = topology.services[record.service].regions
        check_policy_regions(record, served, document, path)


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


def check_policy_regions(
    written: DnsRecord | RecordChange, served: list[str], document: Document, path: Path
) -> None:
    """The regions of a record must be the service's; the places of a geography must exist."""
    _check_list(written.order or [], served, "region of the service", document, (*path, "order"))
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


def _check_identity(identity: Identity, topology: Topology, document: Document) -> None:
    _check_list(identity.issuer, topology.regions, "region", document, ("identity", "issuer"))
    if identity.access_token == 0:
        document.problem("a token must live longer than 0 s", ("identity", "access_token"))


def check_experiment(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report whatever in an experiment contradicts itself or its topology."""
    _check_duration(experiment, document)
    places = {
        *topology.regions,
        *catalog.checker_regions(),
        *(users.near for users in experiment.users.values()),
    }
    if len(experiment.users) > _MOST_POPULATIONS:
        document.problem(f"at most {_MOST_POPULATIONS} populations", ("users",), at_key=True)
    for name, population in experiment.users.items():
        _check_population(population, topology, document, ("users", name))
    for number, fault in enumerate(experiment.faults):
        check_fault(fault, experiment, topology, sorted(places), document, ("faults", number))
    for number, change in enumerate(experiment.operator):
        _check_change(change, experiment, topology, document, ("operator", number))
    check_expectations(experiment, topology, document)
    check_distributions(experiment, document, ())


def _check_duration(experiment: Experiment, document: Document) -> None:
    if not 0 < experiment.duration <= _LONGEST_NS:
        document.problem("a run lasts more than 0 s and at most 366 days", ("duration",))
    if not 0 < experiment.objective.window <= experiment.duration:
        document.problem(
            "the window is longer than 0 s and at most the run's duration", ("objective", "window")
        )
    if experiment.objective.success == 0:
        document.problem(
            "an objective of 0 % is met by a service that never answers", ("objective", "success")
        )


def _check_population(population: Population, topology: Topology, document: Document, path: Path) -> None:
    known(document, (*path, "near"), population.near, catalog.region_names(), "region")
    _check_arrivals(population, document, path)
    _check_actions(population.actions, topology, document, path)
    _check_client(population.client, document, (*path, "client"))
    if population.patience == 0:
        document.problem("patience must be longer than 0 s", (*path, "patience"))
    for key in ("think_time", "session_length"):
        if isinstance(value := getattr(population, key), Constant) and value.root == 0:
            document.problem(f"'{key}' must be longer than 0 s", (*path, key))


def _check_arrivals(population: Population, document: Document, path: Path) -> None:
    if (population.sessions is None) == (population.arrivals is None):
        document.problem(
            "give either 'sessions' (constantly so many at once) or 'arrivals' (so many a second)",
            path,
            at_key=True,
        )
    if population.arrivals == 0:
        document.problem("arrivals must be more than 0", (*path, "arrivals"))
    if population.arrivals is not None and population.session_length is None:
        document.problem("arriving sessions need a 'session_length'", path, at_key=True)
    profile = population.daily_profile
    if profile is None:
        return
    if population.arrivals is None:
        document.problem("'daily_profile' goes with 'arrivals'", (*path, "daily_profile"), at_key=True)
    if min(profile) < 0 or max(profile) <= 0:
        document.problem(
            "a daily profile has 24 weights of 0 or more, at least one above 0", (*path, "daily_profile")
        )


def _check_actions(actions: Mapping[str, float], topology: Topology, document: Document, path: Path) -> None:
    path = (*path, "actions")
    owners: dict[str, list[str]] = {}
    for service_name, service in topology.services.items():
        for operation in service.operations:
            owners.setdefault(operation, []).append(service_name)
            owners.setdefault(f"{service_name}.{operation}", []).append(service_name)
    for action, weight in actions.items():
        if weight < 0:
            document.problem("a weight is 0 or more", (*path, action))
        if known(document, (*path, action), action, owners, "operation", at_key=True):
            _check_owner(action, owners[action], topology, document, (*path, action))
    if sum(actions.values()) <= 0:
        document.problem("the user mix is empty: no action has a weight above 0", path, at_key=True)


def _check_owner(action: str, owners: list[str], topology: Topology, document: Document, path: Path) -> None:
    if len(owners) > 1:
        choices = " or ".join(f"'{owner}.{action}'" for owner in owners)
        document.problem(f"several services have an operation '{action}'; write {choices}", path, at_key=True)
        return
    names = [name for name, record in topology.dns.items() if record.service == owners[0]]
    if len(names) != 1:
        has = (
            "no name in dns, so users cannot reach it"
            if not names
            else f"several names in dns: {', '.join(names)}"
        )
        document.problem(f"service '{owners[0]}' has {has}", path, at_key=True)


def _check_client(client: str | Client, document: Document, path: Path) -> None:
    if isinstance(client, str):
        known(document, path, client, catalog.client_profiles(), "client profile")
        return
    known(document, (*path, "profile"), client.profile, catalog.client_profiles(), "client profile")
    if client.timeout == 0:
        document.problem("a timeout must be longer than 0 s", (*path, "timeout"))
    if isinstance(client.backoff, Backoff) and client.backoff.cap < client.backoff.base:
        document.problem("the cap is below the base", (*path, "backoff", "cap"))


def _check_change(
    change: RecordChange, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    if (change.at is None) == (change.after_detection is None):
        document.problem("give either 'at' or 'after_detection'", path, at_key=True)
    if change.at is not None and change.at >= experiment.duration:
        end = format_duration(experiment.duration)
        document.problem(
            f"happens at {format_duration(change.at)}, after the run ends at {end}", (*path, "at")
        )
    if change.retry_every == 0:
        document.problem("must be longer than 0 s", (*path, "retry_every"))
    if not known(document, (*path, "change"), change.change, topology.dns, "DNS name"):
        return
    record = topology.dns[change.change]
    check_policy_keys(change, record.policy, document, path, required=False)
    if all(getattr(change, key) is None for key in _POLICY_KEYS):
        document.problem("say what changes: 'order', 'weights' or 'geography'", path, at_key=True)
    check_policy_regions(change, topology.services[record.service].regions, document, path)


def check_distributions(model: Any, document: Document, path: Path) -> None:
    """Report every distribution whose parameters contradict each other, wherever it stands."""
    if isinstance(model, LogNormal):
        if model.median == 0 or model.p99 < model.median:
            document.problem("a distribution needs 0 < median <= p99", path)
    elif isinstance(model, Uniform):
        if model.to < model.from_:
            document.problem("'to' is below 'from'", path)
    elif isinstance(model, dict):
        for key, value in model.items():
            check_distributions(value, document, (*path, key))
    elif isinstance(model, list):
        for number, value in enumerate(model):
            check_distributions(value, document, (*path, number))
    elif hasattr(type(model), "model_fields"):
        for name, info in type(model).model_fields.items():
            check_distributions(
                getattr(model, name), document, (*path, info.alias or name) if name != "root" else path
            )
