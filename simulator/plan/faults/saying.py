"""What lowering a fault of any target takes: when it acts, its mode, its label, what it does to a look."""

from typing import Any

from simulator.boundary.looks import Look
from simulator.boundary.modes import label, modes_of
from simulator.language.checks.faults.surges import end_ns
from simulator.language.models.faults import Fault


def said(fault: Fault, what: str) -> dict[str, Any]:
    """Label, mode and times of a fault of something, as fields of its plan."""
    mode = modes_of(fault.target)[mode_of(fault)]
    times = {"start_ns": fault.at, "end_ns": end_ns(fault)}
    if fault.flapping is not None:
        period_ns = fault.flapping.period
        times |= {"period_ns": period_ns, "on_ns": int(period_ns * fault.flapping.duty + 0.5)}
    return {"label": label(what, mode), "mode": mode.name} | times


def mode_of(fault: Fault) -> str:
    """The mode of a fault; targets whose faults name none have a single one."""
    (first, *_) = modes_of(fault.target)
    return str(getattr(fault, "mode", first))


def look_of(fault: Fault) -> Look:
    """What a fault does, by itself, to the look of what it strikes."""
    given = (getattr(fault, key, None) for key in ("share", "factor", "add"))
    return modes_of(fault.target)[mode_of(fault)].look_of(*given)


def within(region: str | None) -> str:
    """Where, in labels; nothing if it is everywhere."""
    return "" if region is None else f" in {region}"
