"""What each critical function of a system has to hold when something fails, and where that comes from."""

from simulator.language.models.quantities import Duration, Model, OneOrMore, Share


class FunctionObjective(Model):
    """The recovery objective of one business function: some operations, or all that some users do."""

    operations: OneOrMore | None = None
    """The operations that make it up, `operation` or `service.operation`; or say `populations`."""
    populations: OneOrMore | None = None
    """The populations of `users` whom it serves; or say `operations`."""
    recovery_time: Duration | None = None
    """The longest time from the disruption until it is good again and stays so (recovery time objective)."""
    recovery_point: Duration | None = None
    """The oldest acknowledged write that may be missing afterwards (recovery point objective)."""
    tolerable_outage: Duration | None = None
    """The longest outage that the organisation survives; by default the recovery time, at least one day."""
    service_level: Share = 0.99
    """At least this share of its actions must be good for it to count as recovered."""
    origin: str = ""
    """Where the objective comes from, such as a business impact analysis with its date."""
    critical: bool = True
    """Whether it is critical or important, in the sense of the organisation's own classification."""
