"""Drawn calls of services by others: in the same region or another, up to three deep."""

from typing import Any

from hypothesis import strategies as st

from tests.twin.drawn import Spec

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
