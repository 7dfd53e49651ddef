"""Drawn calls of services by others, in the same region or another, up to three deep; clients of callees."""

from typing import Any

from hypothesis import strategies as st

from simulator.boundary.kinds import CALLS
from tests.twin.drawn import Spec
from tests.twin.drawn_services import PROFILES, calls

INNER = ("inner0", "inner1")
"""Services to which no name leads: others call them."""


@st.composite
def call_of(draw: st.DrawFn, caller: Spec, name: str, callee: Spec) -> Spec:
    """A call of one of a service's operations: where the caller is, if the callee is there, or elsewhere."""
    operation = draw(st.sampled_from([*callee["operations"]]))
    step = {"call": draw(st.sampled_from([operation, f"{name}.{operation}"]))}
    is_everywhere = {*caller["regions"]} <= {*callee["regions"]}
    if is_everywhere and draw(st.integers(0, 2)):
        return step
    return step | {"to": draw(st.sampled_from(callee["regions"]))}


def add_calls(draw: st.DrawFn, services: dict[str, Any]) -> None:
    """Let services call those behind them in the list, so that nothing goes in a circle."""
    names = [*services]
    for number, name in enumerate(names):
        for steps in services[name]["operations"].values():
            for callee in names[number + 1 : number + 3]:
                if draw(st.integers(0, 2)) == 0:
                    continue
                place = draw(st.integers(0, len(steps)))
                steps.insert(place, draw(call_of(services[name], callee, services[callee])))


_STORES = (*(call.key for call in CALLS if call.key != "call"), "miss")


@st.composite
def client_of(draw: st.DrawFn) -> Any:
    """What differs from a service's general client, or another profile."""
    client = draw(st.one_of(st.sampled_from([*PROFILES, "script"]), calls()))
    if isinstance(client, dict) and draw(st.booleans()):
        del client["profile"]
    return client


def add_clients(draw: st.DrawFn, services: dict[str, Any]) -> None:
    """Let services have clients of their own for some of what they call."""
    owner = {operation: name for name, service in services.items() for operation in service["operations"]}
    for service in services.values():
        named = set[str]()
        for step in (step for steps in service["operations"].values() for step in steps):
            named |= {step[key] for key in _STORES if key in step}
            operation = step.get("call", "").rpartition(".")[2]
            if operation in owner:
                named |= {owner[operation], f"{owner[operation]}.{operation}"}
            elif operation:
                named.add(operation)
        chosen = {name: draw(client_of()) for name in sorted(named) if draw(st.integers(0, 3)) == 0}
        if chosen:
            service["calls_to"] = chosen
