"""Web ACLs: whom they blocked, and for how long (docs/measures.md, "Web ACLs")."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import WEB_ACL_LIMITS, WEB_ACL_RELEASES
from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_web_acls import NO_WEB_ACL
from simulator.boundary.subjects import OfRule
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Outcome
from simulator.plan.web_acls import RulePlan, WebAclPlan, place_of
from simulator.result.web_acls import Blocked, Rule, WebAcl, WebAcls
from simulator.result.whole import Sections

_S_NS = 10**9


def section(outcome: Outcome) -> WebAcls | None:
    """The `web_acls` section; None without a web ACL."""
    plans = outcome.plan.control.of(WebAclPlan)
    if not plans:
        return None
    blocked, names = _blocked(outcome), outcome.plan.populations
    who = np.flatnonzero(blocked).tolist()
    is_program = outcome.plan.data.pop_bots == 1
    return WebAcls(
        acls=tuple(_acl(plan, outcome) for plan in plans),
        populations={
            names[one]: _people(outcome, one, int(blocked[one])) for one in who if not is_program[one]
        },
        bots={names[one]: int(blocked[one]) for one in who if is_program[one]},
    )


def _blocked(outcome: Outcome) -> NDArray[np.int64]:
    """Blocked requests, by population."""
    blocks = outcome.plan.data.rule_blocks == 1
    found: NDArray[np.int64] = outcome.tallies.rule_matched[blocks].sum(axis=0)
    return found


def _people(outcome: Outcome, population: int, blocked: int) -> Blocked:
    t = outcome.tallies
    return Blocked(blocked, int(t.users_blocked[population]), int(t.blocked_ms[population]) / 60_000)


def _acl(plan: WebAclPlan, outcome: Outcome) -> WebAcl:
    t, number = outcome.tallies, plan.number
    return WebAcl(
        web_acl=plan.name,
        place=place_of(plan.region, outcome.plan.regions),
        allowed=int(t.acl_allowed[number]),
        blocked=int(t.acl_blocked[number]),
        counted=int(t.acl_counted[number]),
        rules=tuple(_rule(rule, plan, outcome) for rule in plan.rules),
    )


def _rule(rule: RulePlan, plan: WebAclPlan, outcome: Outcome) -> Rule:
    matched = outcome.tallies.rule_matched[rule.number]
    limited = [*_limited(rule, plan, outcome)]
    is_over = bool(limited) and limited[-1][1] == 0
    return Rule(
        rule=rule.name,
        action="block" if rule.blocks else "count",
        requests={outcome.plan.populations[one]: int(matched[one]) for one in np.flatnonzero(matched)},
        most_limited=max((count for _, count in limited), default=0),
        first_limited_s=limited[0][0] / _S_NS if limited else None,
        released_s=limited[-1][0] / _S_NS if is_over else None,
    )


def _limited(rule: RulePlan, plan: WebAclPlan, outcome: Outcome) -> Iterator[tuple[int, int]]:
    """How many keys a rule limits, from each instant at which that changes."""
    subject, count = str(OfRule(plan.name, rule.name, place_of(plan.region, outcome.plan.regions))), 0
    for event in outcome.events_of(WEB_ACL_LIMITS, WEB_ACL_RELEASES):
        if event.target == subject:
            keys = event.detail["keys"]
            assert isinstance(keys, int)
            count = max(count + (keys if event.kind == WEB_ACL_LIMITS.name else -keys), 0)
            yield event.at_ns, count


# what expectations ask for


def _found(run: Sections, asked: Asked) -> list[Blocked]:
    """What became of one population, or of all."""
    found = {} if run.web_acls is None else run.web_acls.populations
    return [one for name, one in found.items() if asked.population in (None, name)]


def _requests(run: Sections, asked: Asked) -> float:
    bots = {} if run.web_acls is None or asked.population is not None else run.web_acls.bots
    return float(sum(one.requests for one in _found(run, asked)) + sum(bots.values()))


READERS: Readers = {
    "blocked_requests": _requests,
    "honest_users_blocked": lambda run, asked: float(sum(one.users for one in _found(run, asked))),
    "honest_minutes_blocked": lambda run, asked: sum(one.user_minutes for one in _found(run, asked)),
}

REASONS: Reasons = {NO_WEB_ACL: lambda run, _: run.web_acls is None}
