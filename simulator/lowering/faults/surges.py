"""Load that grows: of users, or of bots."""

from simulator.language.models.faults import BotFault, SurgeFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import said
from simulator.lowering.surges import bots_name
from simulator.plan.faults.surges import SurgeFaultPlan


def lower_surge(fault: SurgeFault, context: Context) -> SurgeFaultPlan:
    """A population's load, multiplied."""
    population = [*context.experiment.users].index(fault.surge)
    what = f"surge of {fault.surge} ×{fault.factor:g}"
    return SurgeFaultPlan(population=population, factor=fault.factor, **said(fault, what))


def lower_bots(fault: BotFault, context: Context) -> SurgeFaultPlan:
    """Bots are a population behind the users', there while their fault acts."""
    number = next(number for number, bots in enumerate(context.bots) if bots is fault.bots)
    population, what = len(context.experiment.users) + number, f"{bots_name(number)} from {fault.bots.near}"
    return SurgeFaultPlan(population=population, **said(fault, what, fault.bots.near))
