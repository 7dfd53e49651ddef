"""Rate-based rules of web ACLs: who is limited, as checks find it, and when that takes effect.

Rules: AWS WAF developer guide, *rate-based rule statement*. Specification: docs/model-request-path.md §1.1.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import WEB_ACL_LIMITS, WEB_ACL_RELEASES
from simulator.boundary.kinds import ORDINAL_BITS
from simulator.boundary.subjects import OfRule
from simulator.control_plane.causes import Cause
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.lowered import DataPlan
from simulator.plan.web_acls import RulePlan, WebAclPlan, place_of

Keys = NDArray[np.int64]


class WebAcl:
    """One web ACL in its place, and the keys that its rules limit, or are about to."""

    def __init__(self, world: World, plan: WebAclPlan) -> None:
        self._world, self._plan = world, plan
        self._rated = [rule for rule in plan.rules if world.plan.data.rule_limit[rule.number] > 0]
        none = np.empty(0, np.int64)
        self._found = {rule.number: none for rule in self._rated}

    def run(self) -> Process:
        """Check the rates, for ever."""
        due_ns = self._plan.phase_ns
        while self._rated:
            yield self._world.after(due_ns - self._world.now_ns)
            plane = self._world.touch()
            for rule in self._rated:
                self._follow(rule, plane.over_limit(rule.number))
            due_ns += self._plan.every_ns

    def _follow(self, rule: RulePlan, over: Keys) -> None:
        """What a check has found takes effect after a while."""
        before = self._found[rule.number]
        if len(over) == 0 and len(before) == 0:
            return
        self._found[rule.number] = over
        for keys, limited in ((np.setdiff1d(over, before), True), (np.setdiff1d(before, over), False)):
            if len(keys):
                self._world.begin(self._apply(rule, keys, limited), because_of(self._world, keys))

    def _apply(self, rule: RulePlan, keys: Keys, limited: bool) -> Process:
        world, plan = self._world, self._plan
        yield world.after(plan.propagation_ns)
        world.touch().set_limited(rule.number, keys, limited)
        subject = OfRule(plan.name, rule.name, place_of(plan.region, world.plan.regions))
        record_action(world, subject, keys, "block" if rule.blocks else "count", acts=limited)


def because_of(world: World, keys: Keys) -> Cause:
    """The newest fault of those who come with some keys, or else of all."""
    places = [("population", (one,)) for one in populations_of(world.plan.data, keys)]
    faults = [fault for place in places for fault in world.shown.get(place, ())]
    return world.causes.of_faults(faults) if faults else world.causes.newest_fault()


def record_action(world: World, rule: OfRule, keys: Keys, action: str, *, acts: bool) -> None:
    """Log that a rule takes its action on requests of some keys from now on, or no longer."""
    whose = [world.plan.populations[one] for one in populations_of(world.plan.data, keys)]
    kind = WEB_ACL_LIMITS if acts else WEB_ACL_RELEASES
    world.record(kind, rule, countermeasure=rule.acl, keys=len(keys), populations=whose, action=action)


def populations_of(data: DataPlan, keys: Keys) -> list[int]:
    """The populations whose the keys are, by number."""
    return [int(one) for one in np.unique(population_of_each(data, keys))]


def population_of_each(data: DataPlan, keys: Keys) -> Keys:
    """[keys] the population whose each of some keys is."""
    shared, ends = int(data.pop_addresses.sum()), np.cumsum(data.pop_addresses)
    theirs = np.searchsorted(ends, keys, side="right")
    return np.where(keys < shared, theirs, (keys - shared) >> ORDINAL_BITS)


def _start(world: World) -> Iterator[Process]:
    return (WebAcl(world, plan).run() for plan in world.plan.control.of(WebAclPlan))


SERVICE = Service("web ACLs", _start, (WEB_ACL_LIMITS, WEB_ACL_RELEASES))
