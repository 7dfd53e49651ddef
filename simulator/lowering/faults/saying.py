"""What lowering a fault of any target takes: when it acts, its mode, its label, what it does to a look."""

from collections.abc import Iterator
from typing import Any

from simulator import catalog
from simulator.boundary.looks import Look
from simulator.boundary.modes import label, modes_of
from simulator.language.checks.faults.surges import end_ns
from simulator.language.models.faults import Fault, FaultOfUsers
from simulator.units import format_duration

_MOST_NAMED = 3


def said(fault: Fault, what: str, *places: str | None) -> dict[str, Any]:
    """Label, mode and times of a fault of something, as fields of its plan; what names those places."""
    mode = modes_of(fault.target)[mode_of(fault)]
    times = {"start_ns": fault.at, "end_ns": end_ns(fault)}
    if fault.flapping is not None:
        period_ns, duty = fault.flapping.period, fault.flapping.duty
        times |= {"period_ns": period_ns, "on_ns": int(period_ns * (1.0 if duty is None else duty) + 0.5)}
    regions = catalog.regions()
    cities = [regions[place].city for place in places if place in regions]
    return {"label": label(what, mode, dict(_amounts(fault)), cities), "mode": mode.name} | times


def _amounts(fault: Fault) -> Iterator[tuple[str, str]]:
    """The amounts of a fault, in words."""
    share, skew_ns = getattr(fault, "share", None), getattr(fault, "skew", None)
    items = getattr(fault, "items", None)
    if share is not None:
        yield "share", f"{100 * share:.10g} %"
    if items is not None:
        yield "items", f"{100 * items:.10g} %"
    if skew_ns is not None:
        yield "off", f"{format_duration(abs(skew_ns))} {'ahead' if skew_ns > 0 else 'behind'}"
    factor, add_ns = getattr(fault, "factor", None), getattr(fault, "add", None)
    slower = [f"{factor:g} × as long"] if factor is not None else []
    slower += [f"{format_duration(add_ns)} longer"] if add_ns is not None else []
    yield "slower", " and ".join(slower)
    if isinstance(fault, FaultOfUsers) and fault.is_limited:
        yield "some", _some(getattr(fault, "operations", None), fault.populations)


def _some(operations: list[str] | None, populations: list[str] | None) -> str:
    """The requests to which a fault is limited: "checkout of mobile"."""
    what = "requests" if operations is None else _several(operations, "operations")
    return what if populations is None else f"{what} of {_several(populations, 'populations')}"


def _several(names: list[str], what: str) -> str:
    """A few names, or how many they are."""
    if len(names) > _MOST_NAMED:
        return f"{len(names)} {what}"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


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
