"""What is monitored: the metrics that are kept."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from simulator.language.models.quantities import Distribution, Duration, Model, RegionName, Share


class KeptMetric(Model):
    """A metric that is kept as CloudWatch keeps it: a point a period, published late."""

    metric: str
    """Its name, such as `lambda.errors`; `lambda.*` stands for all that begin so."""
    of: str | None = None
    """What it is of: `api@eu-south-1`, `orders@eu-south-1→eu-central-1`; by its name alone, such as `api`, in
    every region; by default of everything that has it."""
    copied_to: RegionName | None = None
    """A region to which its points are copied, so that they can be seen when their own region is gone."""
    copy_delay: Distribution | None = None
    """Only with `copied_to`: how much later the copy is there; by default the catalog's."""


class Canary(Model):
    """A canary of CloudWatch Synthetics: a program that asks for an operation as a user would, on schedule.

    What it asks for is load like any other, and it runs in a region, with which it goes dark.
    """

    near: RegionName
    """The region in which it runs."""
    operation: str
    """What it asks for; `service.operation` where two services share an operation's name."""
    every: Duration = 60_000_000_000
    """From the begin of a run to that of the next."""
    timeout: Duration = 30_000_000_000
    """How long a run waits before it has failed."""
    fails: Share | None = None
    """The share of its runs that fail by themselves; by default the catalog's."""


def _as_mapping(value: object) -> object:
    return {"metric": value} if isinstance(value, str) else value


MetricEntry = Annotated[KeptMetric, BeforeValidator(_as_mapping, json_schema_input_type=str | KeptMetric)]
"""A metric's name alone, or with what it is of."""

Metrics = Annotated[list[MetricEntry], Field(max_length=1000)]
