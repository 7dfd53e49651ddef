"""What a run will cost is estimated before it begins: refused where hopeless, told where it takes long."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from simulator import SpecError, load, run
from simulator.boundary.fields import WINDOW, fields_of
from simulator.boundary.tallies import Counters, Tallies
from simulator.cli import main
from simulator.language.checks import memory
from simulator.language.checks.cost import about
from simulator.language.files import Loaded
from tests.examples.places import EXPERIMENTS
from tests.small import HERE, THERE, Written, experiment, plan_of, read, topology, write

FEW = {"near": HERE, "think_time": "5 s", "actions": {"view": 1}}
CLOSED, OPEN = FEW | {"sessions": 20}, FEW | {"arrivals": "100/s", "session_length": "10 s"}
THOUSANDFOLD = {"at": "1 s", "surge": "people", "factor": 1000}
FLAPPING = {"at": "0 s", "service": "api", "mode": "slow", "factor": 2}


def of(users: Written, **changes: Any) -> Written:
    return experiment(users={"people": users}, **changes)


HOPELESS: dict[str, tuple[Written, str]] = {
    # 20 sessions, 3,600 s of 1 ns each
    "sessions too short": (
        of(CLOSED | {"session_length": "1 ns"}, duration="1 h"),
        "about 7.2·10¹³ sessions begin",
    ),
    # by Little's law 10^7 · 3,600 sessions at once, each of some 940 B
    "too many at once": (
        of(OPEN | {"arrivals": "10000000/s", "session_length": "1 h"}, duration="10 ms"),
        "needs about 32,000 GB of memory",
    ),
    # 100/s · 1000^3 · (300 + 10) s candidates, of which the surges accept all
    "surges that multiply": (of(OPEN, faults=[THOUSANDFOLD] * 3), "about 3.1·10¹³ sessions begin"),
    # 10^6 sessions, 366 d of 5 s
    "too many actions": (of(CLOSED | {"sessions": 1_000_000}, duration="366 d"), "about 6.3·10¹² actions"),
    "bots": (
        of(CLOSED, duration="1 d", faults=[
            {"at": "0 s", "bots": {"near": HERE, "rate": "10000000/s", "actions": {"view": 1}}}
        ]),
        "about 8.6·10¹¹ requests of bots",
    ),
    "flapping": (
        of(CLOSED, duration="1 h", faults=[FLAPPING | {"flapping": {"period": "1 ms", "duty": "50 %"}}]),
        "comes and goes 3,600,000 times",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOPELESS)
def test_what_no_machine_gets_done_is_refused_with_its_place(name: str) -> None:
    written, complaint = HOPELESS[name]
    with pytest.raises(SpecError) as caught:
        read(topology(), written)
    (problem,) = caught.value.problems
    assert complaint in problem.message
    assert problem.file.endswith("experiment.yaml")
    assert problem.line > 3


def test_a_machine_with_too_little_memory_says_so_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred million sessions of some 940 B."""
    loaded = read(topology(), of(CLOSED | {"sessions": 100_000_000}, duration="1 s"))
    monkeypatch.setattr(memory, "memory_bytes", lambda: 16 * 2**30)
    with pytest.raises(SpecError) as caught:
        run(loaded)
    (problem,) = caught.value.problems
    assert problem.message.startswith("needs about 88 GB of memory")
    assert problem.message.endswith("(this machine has 16 GB)")
    assert problem.line > 3


@pytest.mark.parametrize("verb", ["check", "run"])
def test_checking_refuses_what_running_would(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, topology(), of(CLOSED | {"sessions": 100_000_000}, duration="1 s"))
    monkeypatch.setattr(memory, "memory_bytes", lambda: 16 * 2**30)
    told = CliRunner().invoke(main, [verb, str(path)])
    assert told.exit_code == 2
    assert "needs about 88 GB of memory" in told.stderr
    assert "(this machine has 16 GB)" in told.stderr


def test_popular_items_take_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred million: 24 B each while the alias table is made, 24 B for what two regions keep of them."""
    ranked = {"replicas": [HERE, THERE], "items": 100_000_000, "popularity": {"zipf": 0.9}}
    loaded = read(topology(tables={"orders": ranked}), of(CLOSED, duration="1 s"))
    assert sum(cost.bytes for cost in loaded.costs) == pytest.approx(4.8e9, rel=0.01)
    assert sum(cost.seconds for cost in loaded.costs) < 60


def test_objects_under_way_take_room() -> None:
    """20 put an object each second, each on its way for 481 s on average: 9,620 copies of 1.5 kB."""
    service = {"regions": [HERE, THERE], "operations": {"view": [{"put": "photos"}]}}
    system = topology(services={"api": service}, buckets={"photos": {"replicas": [HERE, THERE]}})
    nobody = topology(buckets={"photos": {"replicas": [HERE, THERE]}})
    people = of(CLOSED | {"think_time": "1 s"}, duration="1 min")
    more = [sum(cost.bytes for cost in read(files, people).costs) for files in (system, nobody)]
    assert more[0] - more[1] == pytest.approx(20 * 481 * 1_500, rel=0.01)


def test_many_windows_take_time_of_their_own() -> None:
    """A million of them, in which hardly anybody acts: measured 6.3 s of a processor."""
    rare = {"near": HERE, "sessions": 1, "think_time": "1 d", "actions": {"view": 1}}
    loaded = read(topology(), of(rare, duration="1000000 s", objective={"window": "1 s"}))
    assert 6.3 / 2 < sum(cost.seconds for cost in loaded.costs) < 6.3 * 2


def minutes(loaded: Loaded) -> float:
    return sum(cost.seconds for cost in loaded.costs) / 60


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_the_shipped_experiments_take_seconds(path: Path) -> None:
    loaded = load(path)
    assert 0 < minutes(loaded) < 0.5
    assert sum(cost.bytes for cost in loaded.costs) < 2**28


def test_what_takes_minutes_is_told_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 sessions that act every 5 s for an hour: 72 million actions of 4 µs, 5 min."""
    path = write(tmp_path, topology(), of(CLOSED | {"sessions": 100_000}, duration="1 h"))
    monkeypatch.setattr(memory, "memory_bytes", lambda: 1)  # so that it does not really begin
    told = CliRunner().invoke(main, ["run", str(path)])
    assert told.exit_code == 2
    assert "note: this will take about 5 min\n" in told.stderr


MUCH = {
    # 10^6 sessions were measured: 6.8 s of a processor, 0.67 GB
    "many sessions": (of(CLOSED | {"sessions": 5_000_000}, duration="10 s"), 5 * 6.8, 5 * 0.67),
    # 10^6 windows: 6.3 s, 1.38 GB
    "many windows": (of(CLOSED, duration="10000 s", objective={"window": "1 ms"}), 63, 13.8),
    # measured: 18.8 s, 4.19 GB for windows of 10 s
    "a year": (of(CLOSED | {"sessions": 1, "think_time": "1 h"}, duration="366 d"), 18.8, 4.19),
}


@pytest.mark.parametrize("name", MUCH)
def test_estimates_are_within_a_factor_of_two_of_what_was_measured(name: str) -> None:
    written, seconds, gigabytes = MUCH[name]
    found = read(topology(), written).costs
    assert seconds / 2 < sum(cost.seconds for cost in found) < 2 * seconds
    assert gigabytes / 2 < sum(cost.bytes for cost in found) / 1e9 < 2 * gigabytes


def test_what_needs_much_memory_is_told_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, _, _ = MUCH["a year"]
    path = write(tmp_path, topology(), written)
    monkeypatch.setattr(memory, "memory_bytes", lambda: 1)  # so that it does not really begin
    told = CliRunner().invoke(main, ["run", str(path)])
    assert re.search(r"note: this will take about 25 s, and 4\.\d GB of memory\n", told.stderr)


def test_what_is_counted_by_window_is_all_in_the_estimate() -> None:
    """Two regions, two populations, of which one of bots, an operation and the token's: each number twice."""
    bots = {"at": "0 s", "bots": {"near": HERE, "rate": "1/s", "actions": {"view": 1}}}
    written = of(CLOSED, duration="1 h", faults=[bots], objective={"window": "100 ms"})
    plan, (*_, windows) = plan_of(topology(), written), read(topology(), written).costs
    kept = sum(
        field.new(plan.data).nbytes for made in (Counters, Tallies) for field in fields_of(made)
        if WINDOW in field.axes
    )  # fmt: skip
    assert windows.bytes == pytest.approx(kept, rel=0.001)


def test_requests_that_services_make_are_in_the_estimate() -> None:
    """An action that becomes 1 + 4 · (1 + 3) = 17 requests takes as much as 17 actions of one request."""
    steps = {
        "api": {"view": [{"call": "b"}] * 4},
        "b": {"b": [{"call": "c"}] * 3},
        "c": {"c": [{"compute": "1 ms"}]},
    }
    system = topology(
        services={name: {"regions": [HERE, THERE], "operations": one} for name, one in steps.items()}
    )
    alone, called = (
        sum(cost.seconds for cost in read(one, of(CLOSED, duration="10 h")).costs)
        for one in (topology(), system)
    )
    sessions = alone - 20 * 10 * 3600 / 5 * 4e-6
    assert called - sessions == pytest.approx(17 * (alone - sessions), rel=0.01)


def test_a_short_run_has_short_windows() -> None:
    """Windows are 10 s by default, and no longer than the run."""
    assert run(read(topology(), of(CLOSED, duration="1 s"))).recipe.duration_s == 1.0


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.04, "0.04"), (7.0, "7"), (47.1, "47"), (3_612.0, "3,600"), (3.14e12, "3.1·10¹²")],
)
def test_numbers_for_a_reader(number: float, text: str) -> None:
    assert about(number) == text
