"""The part of the compiled plane that checks rates for web ACLs (docs/model-request-path.md §1.1)."""

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.fields import SLICES
from simulator.data_plane.watching import Watching
from simulator.data_plane.way.rates import FLAGGED, LIMITED, SUSPECTED
from simulator.kernels.blocks import Block

Keys = NDArray[np.int64]


class Guarding(Watching):
    """What is asked of a plane when rates are checked. Keys are numbered as in `DataPlane.over_limit`."""

    _plan: Block
    _memory: Block
    _now_ns: int

    def over_limit(self, rule: int) -> Keys:
        """The keys that are above a rule's limit now."""
        memory = self._memory
        acls, sessions = memory.web_acls, memory.sessions
        if acls.suspects[rule] == 0:
            return np.empty(0, np.int64)
        shared = self._above(rule, acls.requests, acls.newest, acls.slices, acls.marks)
        own = self._above(
            rule, sessions.rule_requests, sessions.rule_newest, sessions.rule_slices, sessions.rule_marks
        )
        return np.concatenate([shared, len(acls.marks) + np.sort(sessions.number[own])])

    def _above(self, rule: int, requests: Keys, newest: Keys, slices: Keys, marks: Keys) -> Keys:
        """Of the suspected keys the rows of those above the limit; who cannot be is suspected no longer."""
        rows = np.flatnonzero(marks[:, rule] & SUSPECTED)
        counted, at_most = self._counted(rule, newest[rows, rule], slices[rows])
        limit = int(self._plan.rule_limit[rule])
        cleared = rows[at_most <= limit]
        marks[cleared, rule] &= ~SUSPECTED
        self._memory.web_acls.suspects[rule] -= len(cleared)
        found: Keys = rows[counted > limit]
        return found

    def _counted(self, rule: int, newest: Keys, slices: Keys) -> tuple[Keys, Keys]:
        """What keys count now, and without leaving out a part of the oldest slice."""
        width_ns = int(self._plan.rule_slice_ns[rule])
        present, passed_ns = divmod(self._now_ns - int(self._plan.rule_phase_ns[rule]), width_ns)
        back = np.arange(SLICES)
        kept = present - back[np.newaxis, :] <= newest[:, np.newaxis]
        found = np.where(kept, slices[:, SLICES * rule + (present - back) % SLICES], 0)
        at_most = found.sum(axis=1)
        return at_most - found[:, -1] + found[:, -1] * (width_ns - passed_ns) // width_ns, at_most

    def set_limited(self, rule: int, keys: Keys, limited: bool) -> None:
        """Some keys are limited by a rule from now on, or no longer."""
        self._mark(rule, keys, LIMITED, limited)

    def set_flagged(self, rule: int, keys: Keys, flagged: bool) -> None:
        """Some keys are flagged for a rule from now on, or no longer."""
        self._mark(rule, keys, FLAGGED, flagged)

    def _mark(self, rule: int, keys: Keys, bit: int, there: bool) -> None:
        acls, sessions = self._memory.web_acls, self._memory.sessions
        own = keys >= len(acls.marks)
        slots = np.flatnonzero(np.isin(sessions.number, keys[own] - len(acls.marks)))
        for marks, rows in ((acls.marks, keys[~own]), (sessions.rule_marks, slots)):
            marks[rows, rule] = marks[rows, rule] | bit if there else marks[rows, rule] & ~bit
