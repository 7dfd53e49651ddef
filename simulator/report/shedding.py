"""Sentences about load shedding: what it turned away, and of whom."""

from collections import Counter
from collections.abc import Iterator

from simulator.boundary.events_of_reactions import SHEDDING_BEGAN
from simulator.report.words import duration, name, plural
from simulator.result.shedding import Shed
from simulator.result.whole import Result

_MOST_NAMED = 3


def gist(result: Result) -> Iterator[str]:
    """The first layer's: of each service how many requests were turned away, whose, and since when."""
    by_service: dict[tuple[str, str], list[Shed]] = {}
    for one in result.shedding or ():
        by_service.setdefault((one.service, one.scope), []).append(one)
    for (service, scope), shed in by_service.items():
        where = " at edges" if scope == "cloudfront" else ""
        away = (
            f"{plural(sum(one.requests for one in shed), 'request')} for {name(service)} turned away{where}"
        )
        yield f"{away}{_since(service, result)}: {_of_whom(shed)}"


def _since(service: str, result: Result) -> str:
    """When shedding of a service first began."""
    for event in result.events:
        of = event.target.rpartition(": ")[2].partition("@")[0]
        if event.kind == SHEDDING_BEGAN.name and of == service:
            return f" from {duration(event.at_s)} on"
    return ""


def _of_whom(shed: list[Shed]) -> str:
    """The populations of whom most were turned away."""
    by_population: Counter[str] = Counter()
    for one in shed:
        by_population[one.population] += one.requests
    most = by_population.most_common(_MOST_NAMED)
    named = [f"{name(population)} {count:,}" for population, count in most]
    others = sum(by_population.values()) - sum(count for _, count in most)
    return ", ".join([*named, *([f"others {others:,}"] if others else [])])
