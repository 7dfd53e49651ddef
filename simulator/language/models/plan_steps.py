"""What the steps of failover plans have in common, whatever they do."""

from typing import Annotated, Literal

from pydantic import Field

from simulator.language.models.quantities import Distribution, Duration, Model, OneOrMore, Whole

Mode = Literal["graceful", "ungraceful"]
"""How a plan is carried out: while all is well, so that nothing need be lost, or in an emergency."""


class Needs(Model):
    """What must be there for a step to be tried, besides what its kind needs."""

    step: OneOrMore | None = None
    """Steps of the plan that must be done before, by their names; among steps side by side, an order."""
    control_plane: OneOrMore | None = None
    """Control planes that must take changes: `iam`; of a regional service with its region,
    `dynamodb@eu-south-1`."""
    region: OneOrMore | None = None
    """Regions that must be up."""
    service: OneOrMore | None = None
    """Services that must answer in any of their regions, such as the tools with which a step is done."""
    external: OneOrMore | None = None
    """External dependencies that must answer services in any region, such as secrets or images."""
    name: OneOrMore | None = None
    """Names of `dns` whose authoritative servers must answer, such as that of the tools."""


class NamedStep(Model):
    """What every step says."""

    name: str | None = None
    """Its name; by default what it does."""
    owner: str | None = None
    """Who does it."""
    needs: Needs | None = None
    """What must be there besides what its kind needs."""
    only: Mode | None = None
    """The mode of the run in which it is done; by default in both."""


class TriedStep(NamedStep):
    """A step that is tried again if it cannot be done."""

    takes: Distribution | None = None
    """How long its owner works before it takes effect; by default not at all."""
    timeout: Duration | None = None
    """How long after its begin it is given up, which strands the plan; by default the catalog's."""
    retries: Annotated[Whole, Field(ge=0)] | None = None
    """How many more tries it has; default as many as the timeout allows."""
    retry_every: Duration | None = None
    """How long until the next try; by default the catalog's."""
