"""Links between places that break; `everywhere` becomes pairs."""

from simulator.language.models.faults import LinkEnds, LinkFault
from simulator.language.models.quantities import EVERYWHERE
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said
from simulator.plan.faults.links import LinkFaultPlan


def _ends(ends: LinkEnds) -> list[tuple[str, str]]:
    if ends.between is not None:
        a, b = ends.between
        return [(a, b), (b, a)]
    assert ends.from_ is not None
    assert ends.to is not None
    return [(ends.from_, ends.to)]


def _pairs(ends: LinkEnds, places: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """The directed pairs of places that a link fault names."""
    everyone = {EVERYWHERE: range(len(places))}
    pairs = [
        (a, b)
        for origin, target in _ends(ends)
        for a in everyone.get(origin) or [places.index(origin)]
        for b in everyone.get(target) or [places.index(target)]
        if a != b
    ]
    return tuple(dict.fromkeys(pairs))


def _what(ends: LinkEnds) -> str:
    if ends.between is not None:
        return f"link {ends.between[0]} ↔ {ends.between[1]}"
    return f"link {ends.from_} → {ends.to}"


def lower_link(fault: LinkFault, context: Context) -> LinkFaultPlan:
    """The network between places is cut, lossy or slow."""
    pairs = _pairs(fault.link, context.places)
    return LinkFaultPlan(
        pairs=pairs, look=look_of(fault), **said(fault, _what(fault.link), *_ends(fault.link)[0])
    )
