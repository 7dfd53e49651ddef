"""Web ACLs before fronts, as specified in docs/model-request-path.md §1.1: every request is kept."""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

ORDINALS = 2**36
SLICES_OF_A_WINDOW = 6


def key_of(plan: Any, number: int, is_there: bool) -> int | None:
    """The address that a session shares, or its own, which goes with it."""
    population, ordinal = divmod(int(number), ORDINALS)
    addresses = int(plan.pop_addresses[population])
    if addresses:
        return int(plan.pop_address_first[population]) + ordinal % addresses
    return own_key(plan, number) if is_there else None


def own_key(plan: Any, number: int) -> int:
    """The key of a session that shares its address with nobody, or that is told apart by who it is."""
    return int(plan.pop_addresses.sum()) + int(number)


class WebAcls:
    """What all rules have seen, and whom they limit."""

    def __init__(self, plane: Any) -> None:
        self._plane, self._plan, self._counts = plane, plane.plan, plane.counts
        self._seen: defaultdict[tuple[int, int], list[int]] = defaultdict(list)  # by rule and key: when
        self._limited: set[tuple[int, int]] = set()
        self._flagged: set[tuple[int, int]] = set()

    def stands(self, request: Any, region: int, at_cloudfront: bool) -> int | None:
        """The number of the web ACL that a request meets here."""
        if request.user is not request or request.is_token:
            return None
        acl = int(self._plan.service_acl[self._plan.op_service[request.operation], region])
        return acl if acl >= 0 and bool(self._plan.acl_global[acl]) == at_cloudfront else None

    def lets_in(self, acl: int, request: Any) -> bool:
        """Ask the rules in turn."""
        first, count = int(self._plan.acl_rule_first[acl]), int(self._plan.acl_rule_count[acl])
        is_counted, is_blocked = False, False
        for rule in range(first, first + count):
            if self._strikes(rule, request):
                self._counts.rule_matched[rule, request.population] += 1
                is_blocked = bool(self._plan.rule_blocks[rule])
                is_counted = is_counted or not is_blocked
            if is_blocked:
                break
        self._counts.acl_counted[acl] += is_counted
        (self._counts.acl_blocked if is_blocked else self._counts.acl_allowed)[acl] += 1
        return not is_blocked

    def _strikes(self, rule: int, request: Any) -> bool:
        key = self._key(rule, request)
        if key is None or not self._plan.rule_concerns[rule, request.operation]:
            return False
        if self._plan.rule_of_flagged[rule]:
            if (rule, key) not in self._flagged:
                return False
            if self._plan.rule_limit[rule] == 0:
                return True
        self._seen[rule, key].append(self._plane.env.now)
        return (rule, key) in self._limited

    def _key(self, rule: int, request: Any) -> int | None:
        """Whose request it is: an address, or the client itself, of which bots are none."""
        session = request.session
        if not self._plan.rule_by_client[rule]:
            return key_of(self._plan, session.number, not session.ended)
        return None if session.is_bot or session.ended else own_key(self._plan, session.number)

    # what is asked at a check

    def over_limit(self, rule: int) -> NDArray[np.int64]:
        """The keys above the limit now."""
        self._forget_the_gone()
        keys = sorted(key for one, key in self._seen if one == rule)
        found = [key for key in keys if self._counted(rule, key) > self._plan.rule_limit[rule]]
        return np.array(found, np.int64)

    def _forget_the_gone(self) -> None:
        """A session's own key goes with it."""
        shared = int(self._plan.pop_addresses.sum())
        alive = {session.number for session in self._plane.alive()}
        for rule, key in [*self._seen]:
            if key >= shared and key - shared not in alive:
                del self._seen[rule, key]

    def _counted(self, rule: int, key: int) -> int:
        """Whole slices, and a part of the oldest."""
        width, now = int(self._plan.rule_slice_ns[rule]), self._plane.env.now
        phase = int(self._plan.rule_phase_ns[rule])
        begin = phase + (now - phase) // width * width  # of the slice that holds now
        times = self._seen[rule, key]
        whole = sum(begin - (SLICES_OF_A_WINDOW - 1) * width <= t < now for t in times)
        oldest = sum(0 <= t - (begin - SLICES_OF_A_WINDOW * width) < width for t in times)
        return whole + oldest * (width - (now - begin)) // width

    def set_limited(self, rule: int, keys: NDArray[np.int64], limited: bool) -> None:
        """Some keys are limited, or no longer."""
        change = self._limited.add if limited else self._limited.discard
        for key in keys.tolist():
            change((rule, key))

    def set_flagged(self, rule: int, keys: NDArray[np.int64], flagged: bool) -> None:
        """Some keys are flagged, or no longer."""
        change = self._flagged.add if flagged else self._flagged.discard
        for key in keys.tolist():
            change((rule, key))
