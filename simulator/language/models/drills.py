"""What `simulator drill` plays: what is left out of its own scenarios, and what is added to them."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.faults import AnyFault
from simulator.language.models.operator import OperatorCall
from simulator.language.models.quantities import Distribution, Duration, Model
from simulator.language.models.restores import Restore
from simulator.language.models.sections import WHEN_WRITTEN


class ScenarioObjective(Model):
    """What a function has to hold in one scenario, in place of what it has to hold in all others."""

    recovery_time: Duration | None = None
    """The recovery time objective there; by default the function's."""
    recovery_point: Duration | None = None
    """The recovery point objective there; by default the function's."""


class DrillScenario(Model):
    """A scenario of one's own: what breaks, what people do, and what is restored, as in an experiment.

    Times are counted from the start of the run. In the scenarios of the default set it is well for 10 min.
    """

    title: str = ""
    """What happens, for the report; by default its name."""
    faults: list[AnyFault] = Field(min_length=1)
    """What breaks; the disruption begins with the first of them."""
    operator: list[OperatorCall] = Field(default=[])
    """What people do: records that they change, databases that they promote, plans that they start."""
    restores: list[Restore] = Field(default=[])
    """What is restored."""
    duration: Duration | None = None
    """How long it is played at first; by default 45 min, with a restore 3 h 30 min."""
    objectives: dict[str, ScenarioObjective] = Field(default={})
    """Functions of which something else is asked here."""


class DatabaseRestore(Model):
    """How long the restore of a database takes, by your own drill; nobody publishes it."""

    takes: Distribution
    """Until the new database is there."""
    replica_takes: Distribution | None = None
    """How long each reader takes, one after the other; of a database with readers it must be said."""


class DrillSet(Model):
    """What `simulator drill` plays."""

    leave_out: dict[str, str] = Field(default={})
    """Scenarios of the default set that are not played, and why: `zone-dark` for all of a kind, or one, as
    `zone-dark:eu-south-1a`. The report lists them as untested."""
    scenarios: Annotated[dict[str, DrillScenario], WHEN_WRITTEN] = Field(default={})
    """Scenarios of one's own, by name, which are played after the default set."""
    database_restores: Annotated[dict[str, DatabaseRestore], WHEN_WRITTEN] = Field(default={})
    """How long databases take to restore, with which the scenarios that damage them can be played."""
