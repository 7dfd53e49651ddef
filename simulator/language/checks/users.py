"""Users and bots checked: who comes, and what they ask for."""

from collections.abc import Mapping

from simulator.language.checks.clients import check_client
from simulator.language.checks.values import RATE_MOST, check_longer_than_0, is_always_0
from simulator.language.models.faults import Bots
from simulator.language.models.topology import Topology
from simulator.language.models.users import Population
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole
from simulator.times import LONGEST_RUN_NS

_RATE_LEAST = 10**9 / LONGEST_RUN_NS


def check_population(
    population: Population, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    """Report whatever is wrong with one population, but for unknown names."""
    _check_arrivals(population, document, path)
    _check_mix(population.actions, "the user mix", topology, names, document, path)
    check_client(population.client, "users", document, (*path, "client"))
    check_longer_than_0(population.patience, "patience", document, (*path, "patience"))
    for key in ("think_time", "session_length"):
        if is_always_0(getattr(population, key)):
            document.problem(f"'{key}' must be longer than 0 s", (*path, key))
    if population.sign_up and names.issuers == ():
        complaint = "'sign_up' needs an 'identity' in the topology, with which users register"
        document.problem(complaint, (*path, "sign_up"), at_key=True)


def check_bots(bots: Bots, topology: Topology, names: Names, document: Document, path: Path) -> None:
    """Report whatever is wrong with bots, but for unknown names."""
    _check_rate(bots.rate, "requests", document, (*path, "rate"))
    _check_mix(bots.actions, "the bots' mix", topology, names, document, path)


def _check_rate(rate: float, what: str, document: Document, path: Path) -> None:
    if not _RATE_LEAST <= rate <= RATE_MOST:
        document.problem(f"{what} are at least one a year and at most {RATE_MOST:,} a second", path)


def _check_arrivals(population: Population, document: Document, path: Path) -> None:
    if (population.sessions is None) == (population.arrivals is None):
        document.problem(
            "give either 'sessions' (constantly so many at once) or 'arrivals' (so many a second)",
            path,
            at_key=True,
        )
    _check_profiles(population, document, path)
    if population.arrivals is None:
        return
    _check_rate(population.arrivals, "arrivals", document, (*path, "arrivals"))
    if population.session_length is None:
        document.problem("arriving sessions need a 'session_length'", path, at_key=True)


def _check_profiles(population: Population, document: Document, path: Path) -> None:
    """Some hour of some day is busy; and sessions must end, or nobody who is there ever leaves."""
    for key, what in (("daily_profile", "hour"), ("weekly_profile", "day")):
        weights = getattr(population, key)
        if weights is None:
            continue
        if not any(weights):
            document.problem(f"every {what} has weight 0; at least one must have more", (*path, key))
        if population.sessions is not None and population.session_length is None:
            complaint = f"'{key}' needs a 'session_length', since it counts when a session begins"
            document.problem(complaint, (*path, key), at_key=True)


def _check_mix(
    actions: Mapping[str, float],
    what: str,
    topology: Topology,
    names: Names,
    document: Document,
    path: Path,
) -> None:
    path = (*path, "actions")
    if not any(actions.values()):
        document.problem(f"{what} is empty: no action has a weight above 0", path, at_key=True)
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
