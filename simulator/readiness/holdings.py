"""What a standby needs of what the system is made of, and whether it is there."""

from collections.abc import Iterator, Mapping

from simulator.boundary.kinds import CALLS, SECTIONS
from simulator.language.models.databases import Database
from simulator.language.models.plans import PromoteStep, placed_steps
from simulator.language.models.steps import Call
from simulator.language.models.stores import Cache, Table
from simulator.language.models.things import KINDS
from simulator.language.models.topology import DnsRecord, Service, Topology, operations_of
from simulator.language.models.users import Population
from simulator.lowering.context import Store, regions_of
from simulator.lowering.names import record_regions
from simulator.readiness.afterwards import enables, is_absent, makes
from simulator.readiness.leading import led_by_plans, turns_to
from simulator.readiness.today import Today
from simulator.result.readiness import HAS, LACKS, Item

_STORES = {section: word for section, word in SECTIONS.items() if section != "external"}
_CALLED = (*(call.key for call in CALLS), "miss")


def items_of(today: Today, region: str) -> Iterator[Item]:
    """Services, stores, issuer, records and declared things, in the order of the report."""
    topology = today.topology
    yield from (_service(name, one, topology, region) for name, one in topology.services.items())
    for section, word in _STORES.items():
        for name, store in getattr(topology, section).items():
            if name in called_stores(topology):
                yield from _store(word, name, store, topology, region)
    yield from _externals(topology, region)
    yield from _callees(topology, region)
    yield from _issuer(topology, today.context.experiment.users, region)
    yield from (_record(name, one, topology, region) for name, one in topology.dns.items())
    yield from _things(topology, region)


def runs_in(service: Service, region: str) -> bool:
    """Whether a service can serve from a region: it runs there, or its content network has an origin."""
    return region in (service.regions if service.cdn is None else service.cdn.origins)


def _service(name: str, service: Service, topology: Topology, region: str) -> Item:
    if region in service.dormant_in:
        plans = [plan for plan in topology.plans if enables(plan, name, topology, region)]
        return Item(
            "service", name, LACKS, f"{name} is switched off until plan {' or '.join(plans)} enables it"
        )
    if runs_in(service, region):
        return Item("service", name, HAS, name)
    lacking = "does not run there" if service.cdn is None else "has no origin there"
    return Item("service", name, LACKS, f"{name} {lacking}")


def called_stores(topology: Topology) -> set[str]:
    """The stores that services call."""
    return {name for one in topology.services.values() for name in stores_of(one)}


def stores_of(service: Service) -> set[str]:
    """The stores that a service calls."""
    steps = (step for steps in service.operations.values() for step in steps)
    named = {getattr(step, key, None) for step in steps for key in _CALLED}
    return {name for name in named if name is not None}


def _store(word: str, name: str, store: Store, topology: Topology, region: str) -> Iterator[Item]:
    if region not in regions_of(store):
        yield Item(word, name, LACKS, f"{name} {_absence(store, region)}")
        return
    if is_absent(name, region, topology):
        plans = [plan for plan in topology.plans if makes(plan, name, topology, region)]
        yield Item(word, name, LACKS, f"{name} is not there until plan {' or '.join(plans)} makes it")
        return
    is_cold = isinstance(store, Cache) and not store.multi_region
    yield Item(word, name, HAS, f"{name} (empty at first)" if is_cold else name)
    if isinstance(store, Database) and region != store.writer:
        yield _writer(name, store, topology, region)


def _absence(store: Store, region: str) -> str:
    if isinstance(store, Table) and store.witness == region:
        return "has only a witness there, which nobody can read"
    if isinstance(store, Cache):
        return "is not there"
    return "has no reader there" if isinstance(store, Database) else "has no replica there"


def _writer(name: str, database: Database, topology: Topology, region: str) -> Item:
    """Who would make the region's reader the writer."""
    plans = plans_promoting(name, topology, region)
    if database.self_promotion is not None:
        return Item("writer", name, HAS, f"{name}, promoted by its orchestrator")
    if plans:
        return Item("writer", name, HAS, f"{name}, promoted by plan {plans[0]}")
    return Item("writer", name, LACKS, f"no plan makes its reader of {name} the writer")


def _externals(topology: Topology, region: str) -> Iterator[Item]:
    """What others run: it goes down with the region that is lost, if it lives there."""
    for name in callers_of_externals(topology):
        home = topology.external[name].home
        if home is None or home == region:
            yield Item("external", name, HAS, name if home is None else f"{name}, whose home is here")
        elif home in topology.regions:
            yield Item("external", name, LACKS, f"{name} lives in {home}, and goes down with it")
        else:
            yield Item("external", name, HAS, f"{name}, in {home}")


def callers_of_externals(topology: Topology) -> dict[str, list[str]]:
    """Each external that is called, and the operations that call it."""
    found: dict[str, list[str]] = {}
    for service, operation in operations_of(topology):
        for step in topology.services[service].operations[operation]:
            if isinstance(step, Call) and step.call in topology.external:
                callers = found.setdefault(step.call, [])
                callers += [] if f"{service}.{operation}" in callers else [f"{service}.{operation}"]
    return found


def _callees(topology: Topology, region: str) -> Iterator[Item]:
    """Services that are called in another region, wherever the caller is."""
    for service, operation in operations_of(topology):
        for step in topology.services[service].operations[operation]:
            if isinstance(step, Call) and step.to not in (None, region):
                said = f"{service}.{operation} calls {step.call} in {step.to}, and fails without it"
                yield Item("call", step.call, LACKS, said)


def plans_promoting(database: str, topology: Topology, region: str | None = None) -> list[str]:
    """The plans of which a step makes a reader of a database, in this region or any, its writer."""
    return [
        plan
        for plan, one in topology.plans.items()
        for _, step in placed_steps(one)
        if isinstance(step, PromoteStep) and step.promote == database and region in (None, step.to)
    ]


def _issuer(topology: Topology, users: Mapping[str, Population], region: str) -> Iterator[Item]:
    identity = topology.identity
    if identity is None:
        return
    first = identity.issuer[0]
    if region in identity.issuer:
        yield Item("issuer", "tokens", HAS, "issues tokens")
    else:
        yield Item("issuer", "tokens", LACKS, f"tokens are issued elsewhere, in {', '.join(identity.issuer)}")
    if region != first and any(one.sign_up for one in users.values()):
        yield Item("issuer", "sign-up", LACKS, f"new users register in {first} alone")


def _record(name: str, record: DnsRecord, topology: Topology, region: str) -> Item:
    """Whether a name can lead there: by itself, or by a plan."""
    if topology.services[record.service].cdn is not None:
        return _content_network(name, record, topology, region)
    plans = [plan for led, plan, what in led_by_plans(topology) if (led, what) == (region, name)]
    leads = region in record_regions(record, topology.services[record.service].regions)
    if region in turns_to(record, topology):
        return Item("record", name, HAS, name)
    if plans and leads:
        return Item("record", name, HAS, f"{name}, by plan {plans[0]}")
    if not leads:
        return Item("record", name, LACKS, f"{name} has no record that leads there")
    return Item("record", name, LACKS, f"nothing turns {name} to it when another region is lost")


def _content_network(name: str, record: DnsRecord, topology: Topology, region: str) -> Item:
    if runs_in(topology.services[record.service], region):
        return Item("record", name, HAS, name)
    return Item("record", name, LACKS, f"{name} asks for no origin there")


def _things(topology: Topology, region: str) -> Iterator[Item]:
    """What services that are to work there need of secrets, images and certificates."""
    for kind, word in KINDS.items():
        for thing, services in needed_things(topology, kind).items():
            there = thing in getattr(topology.regions[region].has, kind)
            said = thing if there else f"{thing}, which {' and '.join(services)} cannot work without"
            yield Item(word, thing, there, said)


def needed_things(topology: Topology, kind: str) -> dict[str, list[str]]:
    """Each thing of a kind that is needed, and the services that need it."""
    found: dict[str, list[str]] = {}
    for name, service in topology.services.items():
        for thing in getattr(service.needs, kind):
            found.setdefault(thing, []).append(name)
    return found
