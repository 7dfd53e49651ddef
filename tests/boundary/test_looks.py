"""Looks: what several add up to, and that both planes know every attribute."""

from dataclasses import fields
from itertools import permutations

import pytest

from simulator.boundary.looks import ATTRIBUTES, WELL, Look, Looks, together
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.data_plane.plane import CompiledPlane
from tests.small import experiment, plan_of, topology

SYSTEM = topology(tables={"orders": {"replicas": ["eu-central-1", "eu-west-1"]}})


def test_nothing_adds_up_to_nothing() -> None:
    assert together([]) == together([WELL, WELL]) == WELL


def test_each_attribute_adds_up_in_its_own_way() -> None:
    one = Look(REFUSED, 0.5, 2.0, 10, 0.5, empty=False, loss=0.5)
    other = Look(BLACK_HOLE, 0.5, 3.0, 20, 0.4, empty=True, loss=1.0)
    assert together([one, other]) == Look(BLACK_HOLE, 0.75, 6.0, 30, 0.2, empty=True, loss=1.0)


def test_the_order_of_looks_changes_not_even_a_bit() -> None:
    """Shares and factors whose float products depend on the order in which they are taken."""
    looks = [Look(error_share=s, factor=1 + s, capacity=s, loss=s) for s in (0.1, 0.2, 0.7)]
    assert len({together(order) for order in permutations(looks)}) == 1


@pytest.mark.parametrize("name", [field.name for field in fields(Look)])
def test_every_attribute_matters_somewhere(name: str) -> None:
    somewhere = {one for names in ATTRIBUTES.values() for one in names}
    assert name in somewhere or (name == "mode" and "cut" in somewhere)


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_the_compiled_plane_begins_well_and_takes_every_attribute(kind: str) -> None:
    plane = CompiledPlane(plan_of(SYSTEM, experiment(users={})).data)
    world = plane._memory.world
    for name in ATTRIBUTES[kind]:
        assert (getattr(world, f"{kind}_{name}") == getattr(WELL, name)).all(), name
    look = Look(BLACK_HOLE, 0.25, 2.0, 7, 0.5, empty=True, loss=0.125)
    there, elsewhere = ((1,), (0,)) if kind == "instance" else ((0, 1), (0, 0))
    getattr(plane, f"set_{kind}")(there, look)
    for name in ATTRIBUTES[kind]:
        assert getattr(world, f"{kind}_{name}")[there] == getattr(look, name), name
        assert getattr(world, f"{kind}_{name}")[elsewhere] == getattr(WELL, name), name


def test_asking_for_a_look_keeps_nothing() -> None:
    looks = Looks()
    assert looks[1, 2] == WELL
    assert looks == {}
