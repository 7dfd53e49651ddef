"""Bots as the population that they are."""

from simulator.language.models.clients import Client
from simulator.language.models.faults import Bots
from simulator.language.models.monitoring import Canary
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
        addresses=bots.addresses,
    )


def as_runs(canary: Canary) -> Population:
    """A canary as a population: each of its runs is one request, and is not tried again."""
    instant = Constant.model_construct(root=1)
    return Population.model_construct(
        near=canary.near,
        arrivals=10**9 / canary.every,
        session_length=instant,
        think_time=instant,
        actions={canary.operation: 1.0},
        last_mile=instant,  # it runs in the region
        addresses=1,
        client=Client.model_construct(profile="script", attempts=1, timeout=canary.timeout),
    )


def canary_name(name: str) -> str:
    """The name of a canary's population."""
    return f"canary {name}"


def bots_name(number: int) -> str:
    """The name of the bots of the fault with this number among those of bots."""
    return f"bots {number + 1}"
