"""Changes of files that change nothing of what is simulated: no seed may tell them from the files before."""

from collections.abc import Sequence

import pytest

from simulator.explore.cells import Cell, Record, play_cells
from simulator.language.files import Loaded
from tests import tiers
from tests.small import HERE, NAME, THERE, Written, experiment, read, topology

FAULT: Written = {"at": "1 min", "for": "30 s", "region": HERE, "mode": "black_hole"}
ASKED = [{"recovery_time": {"at_most": "2 min"}}, {"success": {"at_least": "40 %"}}]
RECORD: Written = {"service": "api", "policy": "failover", "health_check": "deep", "ttl": "60 s"}
CHECK: Written = {"interval": "10 s", "failure_threshold": 3}
RUN = experiment(duration="9 min", faults=[FAULT], expect=ASKED)
SYSTEM = topology(dns={NAME: RECORD}, health_checks={"deep": CHECK})


def turned(written: Written) -> Written:
    """A mapping whose keys stand the other way round."""
    return dict(reversed(written.items()))


DEFAULTS: Written = {
    "dns": {NAME: RECORD | {"order": [HERE, THERE], "failback": "automatic", "heeds_health": True}},
    "health_checks": {"deep": CHECK | {"protocol": "https", "depth": "deep"}},
    "regions": {HERE: {"role": "active"}, THERE: {"zones": 3}},
}
OTHER_ORDER: Written = {"dns": {NAME: turned(RECORD)}, "health_checks": {"deep": turned(CHECK)}}
RUN_IN_OTHER_ORDER = turned(
    RUN | {"faults": [turned(FAULT)], "users": {"people": turned(RUN["users"]["people"])}}
)
CHANGED: dict[str, tuple[Written, Written]] = {
    "other descriptions": (SYSTEM | {"topology": "Renamed"}, RUN | {"experiment": "Renamed"}),
    "defaults that are written out": (SYSTEM | DEFAULTS, RUN),
    "keys in another order": (turned(SYSTEM | OTHER_ORDER), RUN_IN_OTHER_ORDER),
    "all of them": (
        turned(SYSTEM | DEFAULTS | {"topology": "Renamed"}),
        RUN_IN_OTHER_ORDER | {"experiment": "Renamed"},
    ),
}


def records(loaded: Loaded, seeds: Sequence[int]) -> list[Record]:
    return play_cells([Cell(loaded, seed) for seed in seeds], cache=False)


def told_apart(system: Written, run: Written, seeds: Sequence[int]) -> list[int]:
    """The seeds under which a gate says or measures anything else than of the files before."""
    before, after = (records(read(*files), seeds) for files in ((SYSTEM, RUN), (system, run)))
    assert {one.verdict for one in before} == {"met"}
    return [
        old.seed
        for old, new in zip(before, after, strict=True)
        if (old.verdict, old.figures, old.phases) != (new.verdict, new.figures, new.phases)
    ]


@pytest.mark.parametrize("name", CHANGED)
def test_a_change_without_effect_is_seen_by_no_seed(name: str) -> None:
    assert told_apart(*CHANGED[name], seeds=range(1, 4)) == []


@pytest.mark.parametrize("name", tiers.tiered([*reversed(CHANGED)], 0, 1))
def test_nor_by_any_of_two_hundred(name: str) -> None:
    assert told_apart(*CHANGED[name], seeds=range(4, 204)) == []


def test_a_change_with_an_effect_is_seen() -> None:
    slower = SYSTEM | {"dns": {NAME: RECORD | {"ttl": "5 min"}}}
    assert told_apart(slower, RUN, seeds=range(1, 4)) != []
