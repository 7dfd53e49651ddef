"""The best values of several knobs: where they are sought, what is kept, and how the best is judged."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator import SpecError, UsageError, tune
from simulator.cli import main
from simulator.explore.cells import Cell, Record
from simulator.explore.sweeping import tuning
from simulator.explore.sweeping.tuning import knob_of
from simulator.language.files import Loaded
from simulator.report.sweep.tuned import tuned_lines
from simulator.verdict.figures import Figure
from tests import small
from tests.small import NAME

pytest.importorskip("optuna")

TTL, SESSIONS = f"dns.{NAME}.ttl", "users.people.sessions"
OVER = (f"{TTL}=1s..1h", f"{SESSIONS}=10,20,40")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return small.read(small.topology(), small.experiment())


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Runs in which many users at a TTL of 100 s lose least and fail most. Gives the seeds played."""
    seeds: list[int] = []

    def record(cell: Cell) -> Record:
        seeds.append(cell.seed)
        ttl_s = (cell.loaded.topology.dns[NAME].ttl or 0) / 10**9
        sessions = cell.loaded.experiment.users["people"].sessions or 0
        lost = abs(ttl_s - 100.0) + 400.0 / sessions + cell.seed / 1000
        figures = (
            Figure("user_minutes_lost", "user_minutes_lost", {}, "ratio", "lower", "shown", lost, ""),
            Figure("success", "success", {}, "share", "higher", "shown", 1.0 - sessions / 100, ""),
        )
        return Record("", cell.seed, "met", figures=figures)

    monkeypatch.setattr(tuning, "play_cells", lambda cells, **_: [record(cell) for cell in cells])
    return seeds


def test_the_best_values_are_found_and_judged_on_seeds_not_seen(loaded: Loaded, played: list[int]) -> None:
    found = tune(loaded, OVER, "user_minutes_lost", seeds=2)
    best = found.tries[0]
    assert best.values[SESSIONS] == "40"  # 400/40: less than with fewer
    assert best.figure.value is not None
    assert best.figure.value < 60.0  # within 50 s of the best TTL, of up to an hour
    assert (found.seeds, found.fresh) == ((1, 2), tuple(range(3, 13)))
    assert set(played) == {*range(1, 13)}
    assert found.difference is not None
    assert (found.difference.change, found.exit_code) == ("better", 0)
    values = [one.figure.value or 0.0 for one in found.tries]
    assert values == sorted(values)
    assert len(values) == 40


def test_the_same_search_tries_the_same_values(loaded: Loaded, played: list[int]) -> None:
    one, other = (tune(loaded, OVER, "user_minutes_lost", seeds=1, tries=5) for _ in range(2))
    assert one.to_json() == other.to_json()


def test_what_has_to_be_kept_comes_before_what_is_best(loaded: Loaded, played: list[int]) -> None:
    """At least 75 % success keep no more than 25 sessions, though forty would lose less."""
    found = tune(loaded, OVER, "user_minutes_lost", keep="success >= 75 %", seeds=1)
    assert found.tries[0].values[SESSIONS] == "20"
    assert {one.values[SESSIONS] for one in found.tries if not one.keeps} == {"40"}
    kept = [one.keeps for one in found.tries]
    assert kept == sorted(kept, reverse=True)


def test_nothing_that_keeps_it_is_said(loaded: Loaded, played: list[int]) -> None:
    found = tune(loaded, OVER, "user_minutes_lost", keep="success >= 99 %", seeds=1, tries=3)
    assert (found.best, found.exit_code) == (None, 1)
    assert "No try keeps that; the nearest:" in tuned_lines(found)


@pytest.mark.parametrize(
    ("over", "best", "said"),
    [
        ((f"{TTL}=5",), "user_minutes_lost", "write PATH=A..B, or several values"),
        ((f"{TTL}=1s..x",), "user_minutes_lost", "write two different values of one kind"),
        ((OVER[0], OVER[0]), "user_minutes_lost", "give each knob once"),
        ((), "user_minutes_lost", "give each knob once"),
        (OVER, "traffic_share", "neither more nor less is better"),
        (OVER, "minutes", "there is no measure 'minutes'"),
        (OVER, "recovery_time", "no run tells a figure 'recovery_time'"),
    ],
)
def test_what_cannot_be_sought(
    loaded: Loaded, played: list[int], over: tuple[str, ...], best: str, said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        tune(loaded, over, best, seeds=1, tries=1)
    assert said in str(caught.value)


def test_a_value_that_no_file_may_have_is_told_at_its_knob(loaded: Loaded, played: list[int]) -> None:
    with pytest.raises(SpecError, match=r"^over users\.people\.sessions=0,-1, at "):
        tune(loaded, [f"{SESSIONS}=0,-1"], "user_minutes_lost", seeds=1, tries=1)


def test_a_knob_says_numbers_as_files_do() -> None:
    assert knob_of(f"{TTL}=1s..1h").span is not None
    assert knob_of(f"{TTL}=10s,1 min").choices == ("10s", "1 min")
    assert knob_of("experiment:topology=../a.yaml,../b.yaml").choices == ("../a.yaml", "../b.yaml")


def test_a_search_has_tries(loaded: Loaded, played: list[int]) -> None:
    with pytest.raises(UsageError, match="at least one try, not 0"):
        tune(loaded, OVER, "user_minutes_lost", seeds=1, tries=0)


def test_without_the_extra_it_is_said_how_to_get_it(
    loaded: Loaded, played: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UsageError, match=r"pip install 'multiregion-simulator\[search\]'"):
        tune(loaded, OVER, "user_minutes_lost", seeds=1)


def test_the_command(tmp_path: Path, played: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    small.write(tmp_path, small.topology(), small.experiment())
    over = [word for one in OVER for word in ("--over", one)]
    made = CliRunner().invoke(
        main, ["tune", "experiment.yaml", "--best", "user_minutes_lost", *over, "--jobs", "1"]
    )
    assert made.exit_code == 0, made.stderr
    lines = made.stdout.splitlines()
    assert lines[1] == "user minutes lost, as low as 40 tries of 5 seeds each make it"
    assert f"  {SESSIONS} = 40" in lines
    assert "On 10 seeds that the search did not see:" in lines
