"""What the replayed incidents of grey parts tell: what decides, and what would have helped."""

from typing import Any

import pytest

import simulator
from simulator.language.models.reactions import ZonalShift
from tests.examples.runs import MINUTE, loaded, ran, success_in, unmet, with_experiment, with_topology

TOO_HOT, METADATA = "aws-use1-az4-2026-05-07", "aws-2015-09-20-dynamodb-metadata"
END_NS = 210 * MINUTE * 10**9


@pytest.mark.middle
@pytest.mark.parametrize("name", [TOO_HOT, METADATA])
@pytest.mark.parametrize(("seed", "seconds"), [(1, 0), (2, 3.7), (3, 7.3), (4, 10.9), (5, 14.1)])
def test_neither_the_seed_nor_the_second_decides(name: str, seed: int, seconds: float) -> None:
    assert unmet(name, seed, seconds) == []


def test_only_those_who_came_before_the_shift_suffer() -> None:
    windows, width_s = ran(TOO_HOT).series.windows, ran(TOO_HOT).series.windows.width_s
    minute = round(60 / width_s)
    assert windows.success[: 5 * minute].min() > 0.999
    assert windows.success[5 * minute : 51 * minute].mean() < 0.98
    assert windows.success[52 * minute :].min() > 0.999


def test_checks_took_grey_nodes_out_and_brought_them_back() -> None:
    """Each node of the zone fails a tenth of its checks; taken out, they return: no lasting remedy."""
    events = ran(TOO_HOT).events
    out = [event.target for event in events if event.kind == "target_unhealthy"]
    assert {int(target.split()[-1]) % 4 for target in out} == {3}
    assert len(out) <= 16


def test_a_shift_within_four_minutes_would_have_ended_it_then() -> None:
    shipped = loaded(TOO_HOT)
    shift = {"zone": "us-east-1d", "trigger": {"at": "9 min"}, "expires": "24 h"}
    sooner = with_topology(shipped, zonal_shifts={"away": ZonalShift.model_validate(shift)})
    assert simulator.run(sooner).recovery.recovery_time_s == pytest.approx(4 * 60, abs=60)


# DynamoDB's metadata


def storm(**topology: Any) -> simulator.Result:
    """The first three and a half hours, on a topology with other parts."""
    return simulator.run(
        with_experiment(with_topology(loaded(METADATA), **topology), duration=END_NS, expect=[])
    )


def late(result: simulator.Result) -> float:
    """The mean share of good actions in the last ten minutes of them."""
    return success_in(result, 200 * MINUTE, 210 * MINUTE)


def test_without_a_pause_it_would_not_have_ended() -> None:
    """The network has been well for hours, and more than half still fails: nothing but a pause ends it."""
    assert 0.38 < late(storm(shedding={})) < 0.5


def test_a_pause_after_which_everybody_is_let_in_at_once_begins_it_anew() -> None:
    """Those who were paused ask 285 times a second, six in ten of them for 1 s: 3.5 times what workers do."""
    pause = loaded(METADATA).topology.shedding["paused-by-hand"].model_copy(update={"ramp_back": 0})
    assert 0.38 < late(storm(shedding={"paused-by-hand": pause})) < 0.5


def test_with_small_memberships_alone_the_same_disruption_passes() -> None:
    """When the silence ends, three servers in ten ask every 2.5 s, 240 a second; 48 workers answer 480.

    The large memberships were the cause, and not the disruption.
    """
    service = loaded(METADATA).topology.services["metadata"]
    operations = service.operations | {"large": service.operations["small"]}
    small = service.model_copy(update={"operations": operations})
    result = storm(services={"metadata": small}, shedding={})
    assert success_in(result, 12 * MINUTE, 210 * MINUTE) > 0.99
