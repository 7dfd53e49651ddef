"""What many runs say is the same, byte for byte, whether one process plays them, two or four."""

from collections.abc import Callable

import pytest

import simulator
from simulator.explore.replicating import replications
from simulator.language.files import Loaded
from tests import tiers
from tests.small import HERE, NAME, experiment, read, topology

pytestmark = pytest.mark.middle

TTL = f"dns.{NAME}.ttl"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """An outage that begins at a drawn time, so that seeds differ in more than their users."""
    fault = {"at": {"any": "1 min"}, "for": "30 s", "region": HERE, "mode": "black_hole"}
    asked = [{"success": {"at_least": "90 %", "in": "50 %"}}]
    return read(topology(), experiment(duration="2 min", faults=[fault], expect=asked))


def replicated(loaded: Loaded, jobs: int) -> str:
    return replications(loaded, range(1, 13), jobs=jobs, cache=False).to_json()


def compared(loaded: Loaded, jobs: int) -> str:
    longer = loaded.with_(TTL, "5 min")
    return simulator.compare(loaded, longer, seeds=3, jobs=jobs, cache=False).to_json()


def swept(loaded: Loaded, jobs: int) -> str:
    vary = {TTL: ["30 s", "2 min"], "users.people.sessions": [3, 6]}
    return simulator.sweep(loaded, vary, seeds=2, jobs=jobs, cache=False).to_json()


@pytest.mark.parametrize(
    ("made", "jobs"),
    tiers.tiered([(compared, 2), (swept, 2), (replicated, 4), (compared, 4), (swept, 4)], 2, 2),
)
def test_several_jobs_say_what_one_says(
    made: Callable[[Loaded, int], str], jobs: int, loaded: Loaded
) -> None:
    assert made(loaded, jobs) == made(loaded, 1)


def test_other_seeds_say_something_else(loaded: Loaded) -> None:
    """So that the bytes above do not agree because nothing depends on the runs."""
    first, second = (replications(loaded, seeds, cache=False).runs for seeds in (range(1, 4), range(4, 7)))
    assert [one.figures for one in first] != [one.figures for one in second]
