"""Token buckets as generic cell rate algorithms (docs/model-request-path.md, "Token buckets")."""

import math
from dataclasses import dataclass


@dataclass
class TokenBucket:
    """One number says how full it is: the theoretical arrival time of the next cell."""

    tat_ns: float = -math.inf  # an integer once something was taken

    def conforms(self, t: int, slack_ns: int) -> bool:
        """Whether a request at t may be taken."""
        return self.tat_ns - t <= slack_ns

    def charge(self, t: int, gap_ns: int) -> None:
        """Take as many tokens as come in a gap."""
        self.tat_ns = int(max(self.tat_ns, t)) + gap_ns

    def waits_until(self, t: int, slack_ns: int) -> int:
        """The first time from t on at which a request conforms, if nothing is taken in between."""
        return int(max(t, self.tat_ns - slack_ns))


@dataclass
class Limit:
    """A bucket with its rate and size; a gap of 0 is no limit."""

    gap_ns: int
    slack_ns: int
    bucket: TokenBucket

    def take(self, t: int) -> bool:
        """Ask for one token and, if there is one, take it."""
        if self.gap_ns == 0:
            return True
        if not self.bucket.conforms(t, self.slack_ns):
            return False
        self.bucket.charge(t, self.gap_ns)
        return True


def limit(gap_ns: object, slack_ns: object) -> Limit:
    """A full bucket with the plan's figures."""
    return Limit(int(gap_ns), int(slack_ns), TokenBucket())  # type: ignore[call-overload]
