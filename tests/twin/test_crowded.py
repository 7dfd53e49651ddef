"""Engine and twin agree on what is under way when something breaks."""

import pytest

from tests.small import plan_of
from tests.tiers import tiered
from tests.twin import crowded
from tests.twin.test_equality import assert_equal, attempts


def _computes(fault: str) -> list[str]:
    """On what services can run for the fault to break something."""
    if "node" in crowded.FAULTS[fault]:
        return ["nodes"]
    has_none = {"unlimited"} if crowded.FAULTS[fault]["mode"] == "capacity" else set[str]()
    return [compute for compute in crowded.COMPUTE if compute not in has_none]


QUICK = [
    (fault, _computes(fault)[number % len(_computes(fault))]) for number, fault in enumerate(crowded.FAULTS)
]
OTHERS = [(fault, one) for fault in crowded.FAULTS for one in _computes(fault) if (fault, one) not in QUICK]
CASES = tiered([*QUICK, *OTHERS], len(QUICK), len(QUICK) + 12)


@pytest.mark.parametrize(("fault", "compute"), CASES)
def test_they_agree_on_what_is_under_way_when_something_breaks(fault: str, compute: str) -> None:
    topology = crowded.topology(crowded.COMPUTE[compute])
    assert attempts(assert_equal(plan_of(topology, crowded.experiment(fault)))) > 300
