"""Links between places that break; `everywhere` becomes pairs."""

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import LinkEnds, LinkFault
from simulator.language.models.quantities import EVERYWHERE
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class LinkFaultPlan(FaultPlan):
    """Directed links, as pairs of places."""

    kind = "link"

    pairs: tuple[tuple[int, int], ...]
    look: Look = WELL

    def shunned(self, region_count: int) -> set[int]:
        """The one region that all pairs share, if there is one."""
        common = set.intersection(*(set(pair) for pair in self.pairs)) & {*range(region_count)}
        return common if len(common) == 1 else set()


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
