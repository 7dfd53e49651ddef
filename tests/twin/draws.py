"""The draws of docs/model.md §2, one number at a time."""

from simulator.plan.lowered import DataPlan
from simulator.randomness import draws

VERIFIER, CALL, CONNECTION = 8, 9, 10
"""The streams of docs/model-request-path.md."""

QUORUM = 26
"""The stream of docs/model-stores.md."""


class Draws:
    """Uniform numbers and samples of one plan."""

    def __init__(self, plan: DataPlan) -> None:
        self.plan = plan

    def uniform(self, stream: int, entity: int, counter: int, lane: int, word: int) -> float:
        """Word `word` of a block, as a number between 0 and 1."""
        return float(draws.uniform_of(self.plan.seed, stream, entity, counter, lane, word))

    def sample(self, dist: int, u: float) -> float:
        """A distribution of the plan at quantile u."""
        plan = self.plan
        kind, a, b = int(plan.dist_kind[dist]), float(plan.dist_a[dist]), float(plan.dist_b[dist])
        return float(draws.sample(kind, a, b, u))

    def sample_ns(self, dist: int, u: float) -> int:
        """The same, rounded."""
        return int(self.sample(dist, u) + 0.5)

    def sample_in_progress_ns(self, dist: int, u: float, v: float) -> int:
        """A distribution as it is found in progress at a random instant, rounded."""
        plan = self.plan
        kind, a, b = int(plan.dist_kind[dist]), float(plan.dist_a[dist]), float(plan.dist_b[dist])
        return int(float(draws.sample_in_progress(kind, a, b, u, v)) + 0.5)


def losses(loss: float, u: float, most: int) -> int:
    """How often in a row a message is lost: the largest n with u < loss^n, at most `most`."""
    n, chance = 0, loss
    while n < most and u < chance:
        n, chance = n + 1, chance * loss
    return n


def retransmissions_ns(loss: float, u: float, first_ns: int, longest_ns: int) -> int:
    """Time lost to retransmissions whose timeout doubles up to a longest one."""
    return sum(min(first_ns * 2**n, longest_ns) for n in range(losses(loss, u, 30)))
