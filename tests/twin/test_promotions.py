"""Engine and twin agree on databases whose writers change: drawn so that promotions meet trouble."""

import pytest

from tests.tiers import tiered
from tests.twin.strategies import Spec, each_drawn, experiments
from tests.twin.test_equality import agree

_COUNT = 4


def has_promotions(drawn: tuple[Spec, Spec]) -> bool:
    """Whether the writer of a database may change, and somebody uses it."""
    topology, experiment = drawn
    database = topology["databases"].get("base0", {})
    services = topology["services"].values()
    steps = (step for one in services for steps in one["operations"].values() for step in steps)
    used = any("base0" in (step.get("read"), step.get("write")) for step in steps)
    return used and bool(experiment["operator"] or "self_promotion" in database)


DRAWN = experiments().filter(has_promotions)


@pytest.mark.parametrize("block", tiered([*range(3), *range(100, 160)], 1, 3))
def test_engine_and_twin_agree_on_drawn_promotions(block: int) -> None:
    each_drawn(block, agree, DRAWN, _COUNT)
