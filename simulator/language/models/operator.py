"""What people change by hand during a run: records, writers of databases, and plans that they start."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.plan_steps import Mode
from simulator.language.models.quantities import Duration, Model, RegionName, Whole


class ChangeOfRecord(Model):
    """What a Route 53 record is changed to."""

    change: str
    """The name, one of the topology's `dns`."""
    order: list[RegionName] | None = None
    """The new order of a `failover` record."""
    weights: dict[RegionName, Annotated[Whole, Field(ge=0, le=255)]] | None = None
    """The new weights of a `weighted` record."""
    geography: dict[str, RegionName] | None = None
    """The new places of a `geolocation` record."""


ModeOfPromotion = Literal["failover", "switchover"]


class PromotionOfReader(Model):
    """Which reader of a database becomes its writer."""

    promote: str
    """The database, one of the topology's `databases`."""
    to: RegionName
    """The region that becomes the writer."""


class FailbackOfRecord(Model):
    """A name whose regions answer again that have been held back since they were left out."""

    fail_back: str
    """The name, one of the topology's `dns`, with a `failback` that is not automatic."""


class AtSomeTime(Model):
    """When somebody acts."""

    at: Duration | None = None
    """When, counted from the start of the run; or say `after_detection`."""
    after_detection: Duration | None = None
    """How long after the first health check turned unhealthy; or say `at`."""


class RecordChange(ChangeOfRecord, AtSomeTime):
    """An operator's edit of a Route 53 record, at a time or some time after the first detection.

    While the control plane refuses, the operator tries again every `retry_every`.
    """

    retry_every: Duration | None = None
    """How long the operator waits before another try."""


class Promotion(PromotionOfReader, AtSomeTime):
    """An operator makes a reader of a database its writer, at a time or some time after detection."""

    mode: ModeOfPromotion = "failover"
    """`failover`: at once, and what has not arrived is lost; `switchover`: planned, and loses nothing."""


class Failback(FailbackOfRecord, AtSomeTime):
    """An operator lets the regions of a name answer again that have been held back.

    While one of them is unhealthy, the operator tries again every `retry_every`.
    """

    retry_every: Duration | None = None
    """How long the operator waits before another try."""


class PlanRun(AtSomeTime):
    """An operator starts a failover plan of the topology; its decision and its steps follow."""

    run: str
    """The plan, one of the topology's `plans`."""
    mode: Mode | None = None
    """How it is carried out; by default as the plan says."""


OPERATOR_KINDS = {
    "change": ":RecordChange",
    "fail_back": ":Failback",
    "promote": ":Promotion",
    "run": ":PlanRun",
}


def operator_form(value: Any) -> str | None:
    """Tell what an operator does from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in OPERATOR_KINDS.items() if key in keys), None)


OperatorCall = Annotated[
    Annotated[RecordChange, Tag(":RecordChange")]
    | Annotated[Failback, Tag(":Failback")]
    | Annotated[Promotion, Tag(":Promotion")]
    | Annotated[PlanRun, Tag(":PlanRun")],
    Discriminator(operator_form),
]
