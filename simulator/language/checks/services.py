"""Services checked: steps against the stores, who verifies tokens, what stands behind a content network."""

from typing import Any

from simulator.boundary.kinds import CALLS
from simulator.language.checks.clients import check_client
from simulator.language.checks.compute import check_compute, check_gateway
from simulator.language.checks.externals import check_call
from simulator.language.checks.standbys import check_dormant, check_without_nodes
from simulator.language.checks.strong import check_strong_step
from simulator.language.checks.values import check_repeats
from simulator.language.models.compute import Cdn, LambdaCompute
from simulator.language.models.steps import Call, Get, Put, Step
from simulator.language.models.stores import Bucket, Cache, Table
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names

_STORES = {call.key: call.stores for call in CALLS if call.stores != "external"} | {"miss": "tables"}
_MULTI_REGION = {call.key: call.multi_region for call in CALLS if call.multi_region}
_NOT_BEHIND_CDN = ("gateway", "compute", "compute_in", "dormant_in", "verifies_tokens", "calls", "calls_to")
_MOST_STEPS = 16
_CONNECT_TIMEOUT_NS = (10**9, 10 * 10**9)  # Amazon CloudFront developer guide, origin connection timeout


def check_service(name: str, service: Service, topology: Topology, names: Names, document: Document) -> None:
    """Report whatever is wrong with one service, but for unknown names."""
    path: Path = ("services", name)
    if name == "identity":
        document.problem("'identity' is the issuer's own name; choose another", path, at_key=True)
    check_repeats(service.regions, document, (*path, "regions"))
    _check_operations(name, service, topology, names, document, (*path, "operations"))
    if service.cdn is None:
        check_dormant(name, service, topology, names, document)
        check_without_nodes(name, service, topology, names, document)
        _check_path(name, service, topology, names, document)
    else:
        _check_cdn(service.cdn, service, topology, document, path)


def _check_operations(
    name: str, service: Service, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    if names.operations is not None and not names.operations[name]:
        document.problem("a service needs at least one operation", path, at_key=True)
    for operation, steps in service.operations.items():
        here = (*path, operation)
        if not 1 <= len(steps) <= _MOST_STEPS:
            document.problem(f"an operation has 1 to {_MOST_STEPS} steps, not {len(steps)}", here)
        for number, step in enumerate(steps):
            _check_multi_region(step, topology, document, (*here, number))
            check_strong_step(step, topology, document, (*here, number))
            if isinstance(step, Call):
                check_call(step, topology, document, (*here, number))
            if service.cdn is None:
                _check_step(name, step, topology, names, document, (*here, number))


def _check_multi_region(step: Step, topology: Topology, document: Document, path: Path) -> None:
    for key, what in _MULTI_REGION.items():
        name = getattr(step, key, None) or ""
        cache = topology.caches.get(name)
        if cache is not None and not cache.multi_region:
            document.problem(
                f"{what} are for multi-region caches, and '{name}' is none; "
                "write 'multi_region: true' there, or count in a table",
                (*path, key),
            )


def _check_step(
    service: str, step: Step, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    """A step's store must be wherever the service runs."""
    for kind, section in _STORES.items():
        name = getattr(step, kind, None) or ""
        store = getattr(topology, section).get(name)
        if store is None or not {*_regions_of(store)} <= {*(names.regions or ())}:
            continue
        for region in topology.services[service].regions:
            if region in (names.regions or ()) and region not in _regions_of(store):
                complaint = f"service '{service}' runs in {region}, where {_not_there(name, store)}"
                remedy = f"add {region} to its {_listed_in(store)}, or take it out of the service's regions"
                document.problem(f"{complaint}; {remedy}", (*path, kind))


def _regions_of(store: Table | Cache | Bucket) -> list[str]:
    return store.regions if isinstance(store, Cache) else store.replicas


def _listed_in(store: Any) -> str:
    return "regions" if isinstance(store, Cache) else "replicas"


def _not_there(name: str, store: Any) -> str:
    if isinstance(store, Cache):
        return f"cache '{name}' is not"
    return f"{type(store).__name__.lower()} '{name}' has no replica"


def _check_path(name: str, service: Service, topology: Topology, names: Names, document: Document) -> None:
    """What a request passes, from the gateway to the calls."""
    path: Path = ("services", name)
    if service.gateway is not None:
        operations = None if names.operations is None else [*names.operations[name]]
        check_gateway(service.gateway, operations, document, (*path, "gateway"))
        _check_throttled_status(service, document, (*path, "gateway", "throttled_status"))
    check_compute(name, service, topology, document, path)
    _check_verification(service, names, document, (*path, "verifies_tokens"))
    check_client(service.calls, "calls", document, (*path, "calls"))


def _check_throttled_status(service: Service, document: Document, path: Path) -> None:
    """It says something about Lambda alone."""
    computes = [service.compute, *service.compute_in.values()]
    runs = any(isinstance(compute, LambdaCompute) for compute in computes)
    if service.gateway is not None and service.gateway.throttled_status is not None and not runs:
        complaint = "clients get this when Lambda is throttled, and nothing runs on Lambda; leave it out"
        document.problem(complaint, path, at_key=True)


def _check_verification(service: Service, names: Names, document: Document, path: Path) -> None:
    if service.verifies_tokens is not None and names.issuers == ():
        complaint = "there are no tokens to verify: the topology has no 'identity'"
        document.problem(complaint, path, at_key=True)
    if service.verifies_tokens == "gateway" and service.gateway is None:
        document.problem("there is no 'gateway' that could verify; add one, or write 'compute'", path)


def _check_cdn(cdn: Cdn, service: Service, topology: Topology, document: Document, path: Path) -> None:
    for key in _NOT_BEHIND_CDN:
        if key in service.model_fields_set:
            complaint = f"a service behind a content network has no '{key}'; leave it out"
            document.problem(complaint, (*path, key), at_key=True)
    _check_origins(cdn, service, topology, document, path)
    low, high = _CONNECT_TIMEOUT_NS
    if cdn.connect_timeout is not None and not low <= cdn.connect_timeout <= high:
        complaint = "a content network waits 1 s to 10 s for a connection to its origin"
        document.problem(complaint, (*path, "cdn", "connect_timeout"))
    for operation, steps in service.operations.items():
        if len(steps) != 1 or not isinstance(steps[0], Get | Put):
            complaint = "an operation behind a content network is exactly one 'get' or 'put'"
            document.problem(complaint, (*path, "operations", operation))


def _check_origins(cdn: Cdn, service: Service, topology: Topology, document: Document, path: Path) -> None:
    """A content network's origins are replicas of one bucket, and the regions of its service."""
    check_repeats(cdn.origins, document, (*path, "cdn", "origins"))
    differing = {*cdn.origins} ^ {*service.regions}
    if differing and differing <= {*topology.regions}:
        has = ", ".join(service.regions)
        complaint = f"the origins are the regions of the service, and these are: {has}; make them the same"
        document.problem(complaint, (*path, "cdn", "origins"))
    _check_bucket(cdn, service, topology, document, path)


def _check_bucket(cdn: Cdn, service: Service, topology: Topology, document: Document, path: Path) -> None:
    names = [name for steps in service.operations.values() for step in steps if (name := _bucket_of(step))]
    if len({*names}) > 1:
        listed = ", ".join(dict.fromkeys(names))
        complaint = f"the operations behind a content network are of one bucket, and these are of {listed}"
        document.problem(complaint, (*path, "operations"), at_key=True)
        return
    bucket = topology.buckets.get(names[0]) if names else None
    if bucket is None or not {*bucket.replicas} <= {*topology.regions}:
        return
    for number, region in enumerate(cdn.origins):
        if region in topology.regions and region not in bucket.replicas:
            has = ", ".join(bucket.replicas)
            complaint = f"bucket '{names[0]}' has no replica in {region}; its replicas are: {has}"
            document.problem(complaint, (*path, "cdn", "origins", number))


def _bucket_of(step: Step) -> str | None:
    if isinstance(step, Get):
        return step.get
    return step.put if isinstance(step, Put) else None
