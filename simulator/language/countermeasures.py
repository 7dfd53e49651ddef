"""What a system does by itself, or by plan, against an outage: each kind, and how a run is made without one.

Comparing a run with the same run without a countermeasure shows what it was good for.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from simulator.boundary.events import ANSWER_CHANGED, PLAN_TRIGGERED, SCALED, WEB_ACL_LIMITS, EventKind
from simulator.boundary.events_of_reactions import SHEDDING_BEGAN, ZONAL_SHIFT_BEGAN
from simulator.language.files import Loaded
from simulator.language.models.operator import PlanRun
from simulator.language.models.topology import DnsRecord, Topology
from simulator.records import dataclass


@dataclass(frozen=True)
class Countermeasure:
    """A kind of countermeasure."""

    key: str
    """The key in a topology under which they stand by name."""
    says: str
    """What one of them is, in words: `{name}` is its name."""
    names: Callable[[Loaded], Iterable[str]]
    """The names of those that an experiment and its topology declare, in file order."""
    without: Callable[[Loaded, str], Loaded]
    """The same experiment on the same topology, without the one of a name. What it gives is not checked."""
    acts: EventKind[Any]
    """The entry of the event log that says that one of them has acted: its detail `countermeasure` is the
    name, or, where the entry has no such detail, its target."""
    if_: Mapping[str, Any] = field(default_factory=dict)
    """Details that such an entry must have, besides."""

    def acted(self, kind: str, target: str, detail: Mapping[str, Any]) -> str | None:
        """The name of the countermeasure of this kind that acted by an entry of the log; None: none did."""
        if kind != self.acts.name or any(detail.get(key) != value for key, value in self.if_.items()):
            return None
        return str(detail.get("countermeasure", target))


def with_topology(loaded: Loaded, **update: Any) -> Loaded:
    """What was loaded, with some keys of its topology replaced."""
    return replace(loaded, topology=loaded.topology.model_copy(update=update))


def with_experiment(loaded: Loaded, **update: Any) -> Loaded:
    """What was loaded, with some keys of its experiment replaced."""
    return replace(loaded, experiment=loaded.experiment.model_copy(update=update))


def left_out(key: str) -> Callable[[Loaded, str], Loaded]:
    """How a run is made without one that stands by its name under a key of the topology, or experiment."""

    def without(loaded: Loaded, name: str) -> Loaded:
        for where, change in ((loaded.topology, with_topology), (loaded.experiment, with_experiment)):
            if name in getattr(where, key, {}):
                others = {other: one for other, one in getattr(where, key).items() if other != name}
                loaded = change(loaded, **{key: others})
        return loaded

    return without


def changed(loaded: Loaded, key: str, name: str, **update: Any) -> Loaded:
    """What was loaded, with some keys replaced of what stands by its name in the topology, or experiment."""
    for where, change in ((loaded.topology, with_topology), (loaded.experiment, with_experiment)):
        found = getattr(where, key, {})
        if name in found:
            loaded = change(loaded, **{key: found | {name: found[name].model_copy(update=update)}})
    return loaded


def named(key: str) -> Callable[[Loaded], Iterable[str]]:
    """The names that stand under a key of the topology, which has those that an experiment adds, too."""

    def names(loaded: Loaded) -> Iterable[str]:
        return [*getattr(loaded.topology, key)]

    return names


def _records(loaded: Loaded) -> Iterable[str]:
    return (name for name, record in loaded.topology.dns.items() if _fails_over(record, loaded.topology))


def _fails_over(record: DnsRecord, topology: Topology) -> bool:
    """Whether a name can lead elsewhere when a region is unhealthy."""
    return record.leaves_out and len(topology.services[record.service].regions) > 1


def _without_failover(loaded: Loaded, name: str) -> Loaded:
    """The record heeds no health any more; its check is made all the same, for plans and alarms."""
    return changed(loaded, "dns", name, heeds_health=False, failback="automatic")


def _without_plan(loaded: Loaded, name: str) -> Loaded:
    """Nothing starts the plan by itself, and no operator does; what has it as a step still does it."""
    calls = [one for one in loaded.experiment.operator if not (isinstance(one, PlanRun) and one.run == name)]
    return with_experiment(changed(loaded, "plans", name, trigger=None), operator=calls)


def _without_blocking(loaded: Loaded, name: str) -> Loaded:
    """Its rules count, as they do while they are tried out, and block nobody; its metrics stay."""
    rules = loaded.topology.waf[name].rules.items()
    counting = {one: rule.model_copy(update={"action": "count"}) for one, rule in rules}
    return changed(loaded, "waf", name, rules=counting)


COUNTERMEASURES = (
    Countermeasure(
        "dns", "failover of {name}", _records, _without_failover, ANSWER_CHANGED, {"cause": "health"}
    ),
    Countermeasure("plans", "failover plan {name}", named("plans"), _without_plan, PLAN_TRIGGERED),
    Countermeasure(
        "waf", "web ACL {name}", named("waf"), _without_blocking, WEB_ACL_LIMITS, {"action": "block"}
    ),
    Countermeasure(
        "zonal_shifts",
        "zonal shift {name}",
        named("zonal_shifts"),
        left_out("zonal_shifts"),
        ZONAL_SHIFT_BEGAN,
    ),
    Countermeasure("shedding", "shedding {name}", named("shedding"), left_out("shedding"), SHEDDING_BEGAN),
    Countermeasure("scaling", "auto-scaling {name}", named("scaling"), left_out("scaling"), SCALED),
)
"""Every kind, in the order in which they are told."""

BY_KEY = {one.key: one for one in COUNTERMEASURES}
"""The same by the key under which they stand."""
