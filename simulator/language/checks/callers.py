"""Clients of single callees checked (`calls_to`): each is for one thing, which the service calls."""

from collections.abc import Iterator

from simulator.language.checks.clients import check_client
from simulator.language.models.calling import Called, Calling, called_by, calling
from simulator.language.models.clients import as_client
from simulator.language.models.steps import CacheGet, Delete, Step, Write
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names

_STORES = ("tables", "databases", "caches", "buckets", "external")

_MOST_TRIES = 32
"""Of a call of a service: a nested request is numbered by its step and try. A call to a table behind a cache
has half of the draws that there are for 64 tries, and the call to the cache the other half."""


def check_callers(topology: Topology, names: Names, document: Document) -> None:
    """Report what is wrong with how services call, but for what a general client says by itself."""
    for name, service in topology.services.items():
        caller, path = calling(service, topology), ("services", name)
        for key, client in service.calls_to.items():
            check_client(client, "calls", document, (*path, "calls_to", key))
        if service.cdn is not None:
            continue
        _check_tries(caller, topology, document, path)
        if _is_sound(name, caller, topology, names):
            for key in service.calls_to:
                _check_key(name, key, caller, document, (*path, "calls_to", key))
            _check_conditions(caller, topology, document, (*path, "calls_to"))


def _steps(caller: Calling) -> Iterator[Step]:
    for steps in caller.service.operations.values():
        yield from steps


def _is_sound(name: str, caller: Calling, topology: Topology, names: Names) -> bool:
    """Whether all operations, and all that they call, are known: another one may call anything."""
    declared = (names.operations or {}).get(name)
    known = {*topology.services}.union(*(getattr(topology, section) for section in _STORES))
    found = all(called_by(step, topology) or hasattr(step, "compute") for step in _steps(caller))
    is_whole = declared is not None and {*declared} == {*caller.service.operations}
    return is_whole and found and all(one.name in known for one in caller.called)


def _check_key(name: str, key: str, caller: Calling, document: Document, path: Path) -> None:
    """A key is something that the service calls, one thing, and nothing that another key says, too."""
    meant = caller.meant_by(key)
    if not meant:
        callable_ = dict.fromkeys(name for one in caller.called for name in (one.name, one.whole))
        hint = nearest(key, callable_) or "; leave it out"
        document.problem(f"service '{name}' calls no '{key}'{hint}", path, at_key=True)
    elif len({one.name for one in meant}) > 1:
        choices = " or ".join(f"'{one.whole}'" for one in meant)
        complaint = f"several services have an operation '{key}'; write {choices}"
        document.problem(complaint, path, at_key=True)
    elif len({bool(one.operation) for one in meant}) > 1:
        choices = " or ".join(f"'{one.whole}'" for one in meant if one.operation)
        complaint = f"'{key}' is a store and a service; write {choices}, or give one of both another name"
        document.problem(complaint, path, at_key=True)
    elif key != meant[0].name and key != meant[0].whole and meant[0].whole in caller.service.calls_to:
        complaint = f"'{key}' and '{meant[0].whole}' are one operation; leave one of both out"
        document.problem(complaint, path, at_key=True)


def _check_tries(caller: Calling, topology: Topology, document: Document, path: Path) -> None:
    """Some calls have draws for fewer tries than others."""
    behind = [step for step in _steps(caller) if isinstance(step, CacheGet) and step.miss is not None]
    halved = {one for step in behind for one in called_by(step, topology)}
    found = dict[Path, str]()
    for called in caller.called:
        attempts, place = caller.client_of(called).attempts, _place_of_attempts(caller, called)
        if attempts is None or attempts <= _MOST_TRIES:
            continue
        if called.operation:
            found[place] = f"a service that calls others tries a call at most {_MOST_TRIES} times"
        elif called in halved:
            found[place] = f"a service with a table behind a cache tries a call at most {_MOST_TRIES} times"
    for place, complaint in found.items():
        document.problem(complaint, (*path, *place))


def _place_of_attempts(caller: Calling, called: Called) -> Path:
    """Where the attempts of a client are written."""
    saying = [key for key in caller.keys_of(called) if as_client(caller.service.calls_to[key]).attempts]
    return ("calls_to", saying[-1], "attempts") if saying else ("calls", "attempts")


def _check_conditions(caller: Calling, topology: Topology, document: Document, path: Path) -> None:
    """Only a condition can be refused."""
    conditional = {
        one
        for step in _steps(caller)
        if isinstance(step, Write | Delete) and step.if_ is not None
        for one in called_by(step, topology)
    }
    for key, client in caller.service.calls_to.items():
        retries = as_client(client).retry_refused_conditions is not None
        if retries and not conditional & {*caller.meant_by(key)}:
            complaint = f"no step that calls '{key}' has a condition ('if:'); leave it out"
            document.problem(complaint, (*path, key, "retry_refused_conditions"), at_key=True)
