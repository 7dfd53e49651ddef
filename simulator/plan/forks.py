"""What a strong table does without its other members, as a run has it."""

from simulator.records import dataclass


@dataclass(frozen=True)
class ForkPlan:
    """How long a replica may be shut out without a break."""

    after_ns: int
