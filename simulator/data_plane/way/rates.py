"""What the rules of web ACLs know of a key: an address, or a client (docs/model-request-path.md §1.1).

Keys that several users share stand in `web_acls`; what is a session's own stands in its slot, and goes with
it. A key that might be above the limit is suspected, so that checks look at nothing while nobody is.
"""

from simulator.boundary.fields import SLICES
from simulator.kernels.compiling import kernel

SUSPECTED, LIMITED, FLAGGED = 1, 2, 4  # bits of a key's marks


@kernel
def forget_keys(memory, s):
    """A session is over, and its own keys with it."""
    sessions = memory.sessions
    for rule in range(len(memory.web_acls.suspects)):
        memory.web_acls.suspects[rule] -= sessions.rule_marks[s, rule] & SUSPECTED
        sessions.rule_marks[s, rule], sessions.rule_requests[s, rule] = 0, 0
        sessions.rule_newest[s, rule] = 0
        for place in range(SLICES * rule, SLICES * (rule + 1)):
            sessions.rule_slices[s, place] = 0


@kernel
def roll(requests, newest, slices, key, rule, present):
    """The slices up to the present one begin, in the places of those that are kept no longer."""
    for back in range(min(present - newest[key, rule], SLICES)):
        place = SLICES * rule + (present - back) % SLICES
        requests[key, rule] -= slices[key, place]
        slices[key, place] = 0
    newest[key, rule] = present


@kernel
def count_request(plan, suspects, requests, newest, slices, marks, key, rule, t):  # noqa: PLR0913
    """A request of a key that a rule concerns, so long after its phase: tell whether the key is limited."""
    present = t // plan.rule_slice_ns[rule]
    roll(requests, newest, slices, key, rule, present)
    slices[key, SLICES * rule + present % SLICES] += 1
    requests[key, rule] += 1
    if requests[key, rule] > plan.rule_limit[rule] and marks[key, rule] & SUSPECTED == 0:
        marks[key, rule] |= SUSPECTED
        suspects[rule] += 1
    return marks[key, rule] & LIMITED != 0


@kernel
def strikes(plan, suspects, requests, newest, slices, marks, key, rule, t):  # noqa: PLR0913
    """A request of a key meets a rule: tell whether the rule takes its action."""
    if plan.rule_of_flagged[rule]:
        if marks[key, rule] & FLAGGED == 0:
            return False
        if plan.rule_limit[rule] == 0:
            return True
    return count_request(plan, suspects, requests, newest, slices, marks, key, rule, t)
