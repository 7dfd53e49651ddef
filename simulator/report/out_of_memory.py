"""Sentences about nodes that ran out of memory: how many, how soon, and whether any was left."""

from collections.abc import Iterator

from simulator.report.words import duration, fault_name, name, plural
from simulator.result.out_of_memory import KilledNodes
from simulator.result.whole import Result


def gist(result: Result) -> Iterator[str]:
    """A sentence for each service and region whose nodes were killed, those first of which most were."""
    killed = [one for one in result.out_of_memory or () if one.killed]
    yield from map(_said, sorted(killed, key=lambda one: -one.killed))


def _said(site: KilledNodes) -> str:
    nodes, is_one = plural(site.nodes, "node"), site.killed == 1
    often = f" {site.killed} times" if site.killed > site.nodes else ""
    left = ", and at times none was left" if site.none_left else ""
    when = f" {_when(site)}" if is_one else f"{often}, the first {_when(site)}"
    return f"{nodes} of {name(site.service)} in {site.region} ran out of memory{when}{left}"


def _when(site: KilledNodes) -> str:
    """The first death: since its fault began, if it follows from one."""
    if site.fault is not None and site.after_s is not None:
        return f"{duration(site.after_s)} after '{fault_name(site.fault)}' began"
    assert site.first_s is not None
    return f"at {duration(site.first_s)}"
