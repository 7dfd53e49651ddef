"""What a service calls, and the client with which it calls each of them: `calls`, and on top `calls_to`."""

from collections.abc import Iterator
from functools import cached_property

from simulator.boundary.kinds import CALLS
from simulator.language.models.clients import Client, as_client
from simulator.language.models.steps import CacheGet, Call, Step
from simulator.language.models.topology import Service, Topology, is_called, operations_of
from simulator.records import dataclass


@dataclass(frozen=True)
class Called:
    """A store or an external dependency that a service calls, or an operation of another service."""

    name: str
    """The store, the external or the service."""
    operation: str = ""
    """Of a service: the operation."""

    @property
    def whole(self) -> str:
        """How a file calls it without a doubt."""
        return f"{self.name}.{self.operation}" if self.operation else self.name


@dataclass(frozen=True)
class Calling:
    """A service as a caller: what it calls, and with which clients."""

    service: Service
    called: tuple[Called, ...]
    """In file order, each once."""

    @cached_property
    def _names(self) -> set[str]:
        return {one.name for one in self.called}

    def meant_by(self, key: str) -> list[Called]:
        """What a key of `calls_to` means: all of a store, an external or a service, or one operation."""
        if key in self._names:
            return [one for one in self.called if one.name == key]
        return [one for one in self.called if one.operation and is_called(key, *_pair(one))]

    def keys_of(self, called: Called) -> list[str]:
        """The keys of `calls_to` that are about something called; a service's before its operation's."""
        keys = [key for key in self.service.calls_to if called in self.meant_by(key)]
        return sorted(keys, key=lambda key: key != called.name)

    def has_its_own(self, called: Called) -> bool:
        """Whether an operation has a client of its own, besides the one of its service."""
        return bool(called.operation) and any(key != called.name for key in self.keys_of(called))

    def client_of(self, called: Called) -> Client:
        """The client with which something is called."""
        client = as_client(self.service.calls)
        for key in self.keys_of(called):
            client = _over(client, as_client(self.service.calls_to[key]))
        return client


def _pair(called: Called) -> tuple[str, str]:
    return called.name, called.operation


def _over(client: Client, written: Client) -> Client:
    """What differs from a client; whoever names a profile begins anew with that."""
    if "profile" in written.model_fields_set:
        return written
    return client.model_copy(update={key: getattr(written, key) for key in written.model_fields_set})


def calling(service: Service, topology: Topology) -> Calling:
    """A service as a caller; what its steps name and is not there is left out."""
    found = dict.fromkeys(_called(service, topology)) if service.cdn is None else {}
    return Calling(service, tuple(found))


def _called(service: Service, topology: Topology) -> Iterator[Called]:
    for steps in service.operations.values():
        for step in steps:
            yield from called_by(step, topology)


def called_by(step: Step, topology: Topology) -> list[Called]:
    """What a step calls, and behind a cache its table; nothing if it computes."""
    if isinstance(step, Call):
        return callees(step, topology)
    names = [str(getattr(step, call.key)) for call in CALLS if hasattr(step, call.key)]
    behind = [step.miss] if isinstance(step, CacheGet) and step.miss is not None else []
    return [Called(name) for name in (*names, *behind)]


def callees(step: Call, topology: Topology) -> list[Called]:
    """What a call may mean: an external, or operations of services, of which a sound file leaves one."""
    if step.call in topology.external:
        return [Called(step.call)]
    return [Called(*one) for one in operations_of(topology) if is_called(step.call, *one)]


def requests_of(operation: Called, topology: Topology) -> int:
    """How many requests one for an operation makes in all, if nothing is tried again."""
    steps = topology.services[operation.name].operations[operation.operation]
    calls = [one for step in steps if isinstance(step, Call) for one in callees(step, topology)]
    return 1 + sum(requests_of(one, topology) for one in calls if one.operation)
