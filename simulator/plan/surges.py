"""Bots as the population that they are."""

from simulator.language.models.faults import Bots
from simulator.language.models.quantities import Constant
from simulator.language.models.users import Population


def as_population(bots: Bots) -> Population:
    """Bots as a population: each comes for one request and does not try again.

    They have been checked, and their numbers are read; so nothing is validated here.
    """
    instant = Constant.model_construct(root=1)
    return Population.model_construct(
        near=bots.near,
        arrivals=bots.rate,
        session_length=instant,
        think_time=instant,
        actions=bots.actions,
        client="script",
    )


def bots_name(number: int) -> str:
    """The name of the bots of the fault with this number among those of bots."""
    return f"bots {number + 1}"
