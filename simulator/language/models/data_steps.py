"""Steps of failover plans about data: writes that are fenced off in a region, and restores."""

from typing import Literal

from pydantic import Field

from simulator.language.models.plan_steps import TriedStep
from simulator.language.models.quantities import Distribution, RegionName
from simulator.language.models.restores import HowToRestore, Restore

By = Literal["application", "policy"]
"""What refuses writes: a switch of the application, or an IAM policy."""


class StepOfFence(TriedStep):
    """Which writes, and what refuses them."""

    stores: list[str] | None = Field(default=None, min_length=1)
    """Tables, databases, buckets and multi-region caches; by default all that have a replica there (by a
    policy: tables and buckets)."""
    by: By = "application"
    """`application`: a switch of its own, which needs the region and no control plane; `policy`: an IAM
    policy that denies writing, which needs IAM's control plane in us-east-1 and not the region."""
    settles: Distribution | None = None
    """How long until all who must know of it do; by default the catalog's."""


class FenceStep(StepOfFence):
    """From then on writes are refused in a region, and reads go on; done when the refusal is in effect."""

    fence: RegionName
    """The region whose writes are refused."""

    @property
    def where(self) -> str:
        """The region."""
        return self.fence

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"fence {self.fence}"


class UnfenceStep(StepOfFence):
    """Writes are no longer refused in a region; done when that is in effect."""

    unfence: RegionName
    """The region that takes writes again."""

    @property
    def where(self) -> str:
        """The region."""
        return self.unfence

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"unfence {self.unfence}"


class RestoreStep(HowToRestore, TriedStep):
    """A table or database is restored, in the words of `restores`; done when the new table is in use.

    `takes` is how long the restore takes, as there; what its owner does before is a step of its own.
    """

    restore: str
    """The table or database."""

    @property
    def store(self) -> str:
        """The name of what is restored."""
        return self.restore

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"restore {self.restore}"

    def starting(self, at_ns: int, *, is_table: bool) -> Restore:
        """The same as an entry of `restores` that starts at a time of the run."""
        words = {name: getattr(self, name) for name in HowToRestore.model_fields if name != "from_"}
        words |= {"from": self.from_, "table" if is_table else "database": self.restore}
        return Restore.model_construct(at=at_ns, **words)
