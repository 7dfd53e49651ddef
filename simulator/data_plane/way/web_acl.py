"""Hop: a web ACL before a front: its rules, in their order, and whom they block.

Rules: docs/model-request-path.md §1.1; AWS WAF developer guide, *rate-based rule statement*.
"""

from simulator.boundary.causes import WEB_ACLS
from simulator.boundary.outcomes import BLOCKED
from simulator.data_plane.doors import asked_for
from simulator.data_plane.held import note
from simulator.data_plane.numbers import address_of
from simulator.data_plane.owners import is_nested, is_own_session
from simulator.data_plane.way.rates import strikes
from simulator.data_plane.work.jobs import answer
from simulator.kernels.compiling import kernel


@kernel
def turns_away(plan, memory, a, region, where, t):
    """A request is where a web ACL may stand: tell whether that has answered it."""
    if plan.web_acls == 0 or is_nested(memory.attempts, a):
        return False
    acl = plan.service_acl[plan.op_service[memory.attempts.operation[a]], region]
    if acl < 0 or plan.acl_global[acl] != where or lets_in(plan, memory, a, acl, t):
        return False
    note(memory, a, WEB_ACLS)
    answer(plan, memory, a, t + memory.attempts.backward_ns[a], BLOCKED)
    return True


@kernel
def lets_in(plan, memory, a, acl, t):
    """Ask the rules in turn."""
    counts, operation = memory.counts, memory.attempts.operation[a]
    population, ordinal = asked_for(memory, a)
    counted = 0
    first = plan.acl_rule_first[acl]
    for rule in range(first, first + plan.acl_rule_count[acl]):
        if plan.rule_concerns[rule, operation] and is_struck(plan, memory, a, rule, population, ordinal, t):
            counts.rule_matched[rule, population] += 1
            if plan.rule_blocks[rule]:
                counts.acl_blocked[acl] += 1
                counts.acl_counted[acl] += counted
                return False
            counted = 1
    counts.acl_allowed[acl] += 1
    counts.acl_counted[acl] += counted
    return True


@kernel
def is_struck(plan, memory, a, rule, population, ordinal, t):
    """Count a request for its key, if it has one: tell whether the rule takes its action."""
    acls, sessions, attempts = memory.web_acls, memory.sessions, memory.attempts
    t -= plan.rule_phase_ns[rule]
    address = address_of(plan, population, ordinal)
    if plan.rule_by_client[rule] == 0 and address >= 0:
        return strikes(
            plan, acls.suspects, acls.requests, acls.newest, acls.slices, acls.marks, address, rule, t
        )  # fmt: skip
    if plan.rule_by_client[rule] and plan.pop_bots[population]:
        return False
    if not is_own_session(memory, a):
        return False
    return strikes(
        plan, acls.suspects, sessions.rule_requests, sessions.rule_newest, sessions.rule_slices,
        sessions.rule_marks, attempts.slot[a], rule, t,
    )  # fmt: skip
