"""Making an outage smaller, as long as it still does what it did."""

from collections.abc import Callable, Iterator

from simulator.explore.worst.drawing import Limits, Outage

_MINUTE_NS = 60 * 10**9


def smaller(outage: Outage, limits: Limits) -> Iterator[Outage]:
    """Outages that are smaller in one thing: first without one fault, then with shorter ones."""
    faults = outage.faults
    if len(faults) > 1:
        yield from (Outage((*faults[:place], *faults[place + 1 :])) for place in range(len(faults)))
    for place, (what, at_ns, for_ns) in enumerate(faults):
        for length_ns in _shorter(for_ns, limits.shortest_ns):
            yield Outage((*faults[:place], (what, at_ns, length_ns), *faults[place + 1 :]))


def _shorter(length_ns: int, least_ns: int) -> Iterator[int]:
    """Half of it, or less by a quarter, in whole minutes where it has more than one."""
    for part in (length_ns // 2, length_ns * 3 // 4):
        rounded = part // _MINUTE_NS * _MINUTE_NS or part
        if least_ns <= rounded < length_ns:
            yield rounded


Still = Callable[[list[Outage]], list[bool]]


def shrunk(outage: Outage, limits: Limits, still: Still, rounds: int) -> Outage:
    """The smallest outage that is found to do the same, in some rounds.

    `still` tells of each of some outages whether it does.
    """
    for _ in range(rounds):
        found = [*smaller(outage, limits)]
        if not found:
            return outage
        kept = [one for one, does in zip(found, still(found), strict=True) if does]
        if not kept:
            return outage
        outage = kept[0]
    return outage
