"""The plateau of a recovery on windows made by hand."""

from dataclasses import replace

import numpy as np

from simulator.boundary.causes import CAUSES, Cause
from simulator.measure.holding import Holding
from simulator.measure.plateau import plateau
from simulator.measure.service import Windows
from simulator.result.recovery import OnPlateau, Plateau

WIDTH_NS = 10 * 10**9


def windows_of(*bad: int, begun: int = 100) -> Windows:
    """So many of the actions that began in each window were bad."""
    nobody = np.zeros(len(bad), np.int64)
    return Windows(0, WIDTH_NS, len(bad) * WIDTH_NS, np.full(len(bad), begun), np.array(bad), nobody)


def of(
    *bad: int, causes: tuple[Cause, ...] = ("stores",), populations: dict[str, Windows] | None = None
) -> Plateau | None:
    """Of a recovery in which so many of 100 actions were bad in each window, by cause in equal parts."""
    count = len(bad)
    begun = np.zeros((count, len(CAUSES)), np.int64)
    begun[:, [CAUSES.index(cause) for cause in causes]] = np.array(bad)[:, None] // len(causes)
    holding = Holding(begun, np.zeros_like(begun))
    return plateau(windows_of(*bad), holding, populations or {}, 0, count * WIDTH_NS)


def test_the_longest_level_stretch_after_the_first_improvement() -> None:
    found = of(100, 100, 90, 40, 50, 48, 44, 52, 10, 8)
    assert found is not None
    assert (found.start_s, found.end_s) == (30, 80)
    assert found.share == (40 + 50 + 48 + 44 + 52) / 500
    assert found.held_by == {"stores": 234}


def test_a_short_tail_is_none() -> None:
    assert of(100, 100, 50, 10, 1) is None


def test_a_pause_on_the_way_up_is_none() -> None:
    """Three windows of fifteen; of ten they are more than a quarter."""
    pause = (100, 60, 60, 60)
    assert of(*pause, *(30, 20, 14, 10, 7, 5)) is not None
    assert of(*pause, *(40, 28, 20, 14, 10, 7, 5, 3, 2, 1, 0)) is None


def test_what_never_improves_has_none() -> None:
    assert of(100, 95, 100, 98, 100) is None


def test_a_longer_tail_counts_for_more_than_a_higher_shelf() -> None:
    found = of(100, 60, 60, 60, 4, 4, 4, 4, 4)
    assert found is not None
    assert (found.start_s, found.end_s, found.share) == (40, 90, 0.04)


def test_causes_stand_in_order() -> None:
    found = of(100, 40, 40, 40, causes=("device_answers", "issuers"))
    assert found is not None
    assert found.held_by == {"device_answers": 60, "issuers": 60}


def test_populations_stand_by_how_many_sit_on_it_and_waiting_ones_count() -> None:
    """On it are the windows 1 to 3. Of `few`, 3 wait from before in each, and 12 of the 20 begun are bad."""
    few = replace(windows_of(20, 12, 12, 12, 0, begun=20), carried=np.array([0, 3, 3, 3, 0]))
    many = windows_of(80, 28, 28, 28, 0, begun=80)
    nobody = windows_of(0, 0, 0, 0, 0, begun=0)
    found = of(100, 40, 40, 40, 0, populations={"few": few, "nobody": nobody, "many": many})
    assert found is not None
    assert [*found.populations.items()] == [
        ("many", OnPlateau(84, 84 / 240)),
        ("few", OnPlateau(39, 45 / 69)),
    ]
