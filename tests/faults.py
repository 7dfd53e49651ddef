"""Plans of faults made by hand: of any kind, between two instants, as severe as a user might say."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.modes import MODES
from simulator.lowering import faults  # noqa: F401  # so that every kind is known
from simulator.plan.timeline import FaultPlan

_USERS_KEYS = {"store": ("table", "cache")}
"""What users call a kind, where it is not the kind's own name."""


def kinds(plan: type[FaultPlan] = FaultPlan) -> Iterator[type[FaultPlan]]:
    """Every kind of fault."""
    for one in plan.__subclasses__():
        yield one
        yield from kinds(one)


def fault_plan(
    kind: str,
    mode: str,
    start_ns: int = 0,
    end_ns: int = NEVER_NS,
    *,
    label: str | None = None,
    share: float | None = None,
    factor: float | None = None,
    add_ns: int | None = None,
    **more: Any,
) -> FaultPlan:
    """A fault of a kind; `more` says what it strikes."""
    (plan,) = (one for one in kinds() if one.kind == kind)
    names = {field.name for field in fields(plan)}
    if "look" in names:
        keys = _USERS_KEYS.get(kind, (kind,))
        (row,) = (row for row in MODES if row.name == mode and set(keys) & {*row.on})
        more["look"] = row.look_of(share, factor, add_ns)
    elif factor is not None:
        more["factor"] = factor
    return plan(label=label or f"{kind} {mode}", mode=mode, start_ns=start_ns, end_ns=end_ns, **more)
