"""A time before zero that counts for nothing: what is warm after it, and that times stay what they say."""

import io

import pytest
from rich.console import Console

import simulator
from simulator.errors import SpecError
from simulator.report.terminal import print_result
from tests.small import HERE, THERE, Written, experiment, played, read, topology

ITEMS = 200
SYSTEM = topology(
    tables={"orders": {"replicas": [HERE, THERE], "items": ITEMS}},
    caches={"recent": {"regions": [HERE], "items": ITEMS}},
    services={
        "api": {
            "regions": [HERE],
            "compute": {"lambda": {"runtime": "python3.13"}},
            "operations": {"view": [{"cache": "recent", "miss": "orders"}, {"write": "orders"}]},
        }
    },
)
PEOPLE = {
    "near": HERE,
    "arrivals": "10/s",
    "session_length": "1 ms",
    "think_time": "1 h",
    "actions": {"view": 1},
    "client": {"profile": "script", "attempts": 1},
}
REFUSED = {"at": "100 s", "for": "30 s", "region": HERE, "mode": "refused"}


def printed(result: simulator.Result) -> str:
    """The summary, in one line."""
    console = Console(file=io.StringIO(), width=80, color_system=None)
    print_result(result, console, verbose=True)
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


def ran(warm_up: str, system: Written = SYSTEM, seed: int = 1, **changes: object) -> simulator.Result:
    """Ten requests a second for five minutes, after a warm-up."""
    told = experiment(users={"people": PEOPLE}, duration="5 min", warm_up=warm_up, faults=[REFUSED])
    return simulator.run(read(system, told | changes), seed=seed)


def test_caches_are_full_and_environments_there_when_counting_begins() -> None:
    """200 items, ten looks a second: after 4 min an item is missing with probability e^-12."""
    cold, warm = ran("0 s"), ran("4 min")
    (without,), (with_it,) = cold.capacity.caches, warm.capacity.caches
    assert without.misses == pytest.approx(ITEMS, abs=5)
    assert with_it.misses == 0
    assert cold.capacity.sites[0].cold_starts > 0


def test_nothing_of_the_warm_up_is_counted() -> None:
    """3,000 arrivals in five minutes, a tenth of them while the region refuses; twice the time before."""
    for warm_up in ("0 s", "37.5 s", "10 min"):
        result = ran(warm_up)
        actions = result.requests.actions.started
        assert actions == pytest.approx(3000, rel=0.08)
        assert result.requests.success == pytest.approx(0.9, abs=0.02)
        assert result.loss.tables["orders"].acknowledged == pytest.approx(2700, rel=0.08)
        assert result.recovery.user_minutes_lost < 1


@pytest.mark.parametrize("warm_up", ["0 s", "37.5 s", "10 min"])
def test_all_times_are_relative_to_zero(warm_up: str) -> None:
    result = ran(warm_up)
    (fault,) = result.recovery.faults
    assert (fault.start_s, fault.end_s) == (100, 130)
    assert fault.requests == pytest.approx(300, rel=0.2)
    assert [event.at_s for event in result.events if event.kind.startswith("fault")] == [100, 130]
    assert result.recovery.recovery_time_s == 30
    windows = result.series.windows
    assert (windows.start_s[0], windows.end_s) == (0, 300)
    bad = windows.begun_actions - windows.good
    assert bad[10:13].sum() > 200  # windows of 10 s
    assert bad[:9].sum() == bad[13:].sum() == 0


def test_a_warm_up_without_faults_keeps_the_hour_of_the_day() -> None:
    """Users come from 12 h on; zero is a minute before, and the warm-up lies in the quiet hours."""
    profile = [0.0] * 12 + [1.0] * 12
    people = PEOPLE | {"daily_profile": profile}
    told = {"users": {"people": people}, "time_of_day": "11:59", "faults": []}
    begun = ran("10 min", **told).series.windows.begun_actions
    assert begun[:6].sum() == 0
    assert begun[6:].sum() == pytest.approx(2400, rel=0.1)


def test_what_is_under_way_at_zero_keeps_the_laws() -> None:
    """Slow nodes with queues that are never empty, and replication that is far away; laws are checked."""
    system = topology(
        tables={
            "orders": {
                "replicas": [HERE, THERE],
                "items": 10,
                "replication_lag": {"median": "5 s", "p99": "50 s"},
            }
        },
        services={
            "api": {
                "regions": [HERE],
                "compute": {"nodes": {"per_zone": 1, "workers": 1, "queue": 50}},
                "operations": {"view": [{"compute": "300 ms"}, {"read": "orders"}, {"write": "orders"}]},
            }
        },
    )
    people = PEOPLE | {"client": {"profile": "script", "attempts": 3, "timeout": "2 s"}}
    for seed in range(1, 4):
        told = experiment(users={"people": people}, duration="1 min", warm_up="1 min")
        tallies = played(system, told, seed).tallies
        assert tallies.begun_before > 600
        assert tallies.peak_queue.max() > 0


def test_a_run_and_its_warm_up_have_a_longest_time() -> None:
    with pytest.raises(SpecError, match="a run and its warm-up last at most 366 days together"):
        read(SYSTEM, experiment(duration="360 d", warm_up="10 d"))


def test_a_cold_begin_is_said_with_its_remedy() -> None:
    """A fifth of the run's misses would be in the first fifth if it were warm; nearly all are."""
    cold = ran("0 s", faults=[])
    begin = cold.capacity.cold_begin
    assert begin is not None
    assert begin.until_s <= 50
    assert begin.share > 0.8
    assert "`warm_up: 10 min` leaves that out" in printed(cold)
    assert ran("4 min", faults=[]).capacity.cold_begin is None
