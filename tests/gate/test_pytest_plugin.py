"""The plugin of pytest, tried in sessions of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import scipy.special  # noqa: F401

from simulator.explore import running
from simulator.explore.cells import Cell
from simulator.gate import pytest_files
from tests.language.writing import EXPERIMENT, FAULT, TOPOLOGY, changed, load

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parents[2]
HOME = os.path.expanduser("~")  # where the machine code is kept; sessions have another
TWO = changed(
    EXPERIMENT,
    "  - {recovery_time: {at_most: 5 min}}\n",
    "  - {recovery_time: {at_most: 5 min}}\n  - {success: {at_least: 100 %}}\n",
)
UNEXERCISED = changed(EXPERIMENT, f"faults:\n  - {FAULT}\n", "")


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Sessions within this process forget what they import, and much of it cannot be imported twice."""
    loaded = load(tmp_path_factory.mktemp("first"))
    running.run(loaded)
    pytest_files.play_cells([Cell(loaded, 1)], cache=False)


@pytest.fixture(autouse=True)
def _files(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # or it is loaded twice where it is installed
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    write(pytester, "gates/t.yaml", TOPOLOGY)


def write(pytester: pytest.Pytester, name: str, text: str) -> None:
    path = pytester.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def session(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess("-p", "simulator.pytest_plugin", *arguments)


def test_each_expectation_is_a_test_and_the_file_is_played_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = []
    play = pytest_files.play_cells
    monkeypatch.setattr(pytest_files, "play_cells", lambda cells: played.append(cells) or play(cells))
    write(pytester, "gates/shop.yaml", TWO)
    result = session(pytester, "gates", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "gates/shop.yaml::recovery_time at most 5 min PASSED*",
            "gates/shop.yaml::success at least 100 % FAILED*",
        ]
    )
    assert len(played) == 1


def test_a_failure_tells_place_figures_cause_seed_and_what_to_run(pytester: pytest.Pytester) -> None:
    write(pytester, "gates/shop.yaml", TWO)
    result = session(pytester, "gates", "-k", "success")
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "gates/shop.yaml:10: success at least 100 %: 95.9 % is less than 100 %",
            "  measured   95.9 %",
            "  allowed    success at least 100 %",
            "  dominated  most of the recovery: *, * of 2 min 10 s; people were held by *",
            "  seed       1",
            "  again      simulator run gates/shop.yaml --seed 1",
            "FAILED gates/shop.yaml::success at least 100 % - success at least 100 %:*",
        ]
    )


def test_seeds_make_tests_of_their_own(pytester: pytest.Pytester) -> None:
    write(pytester, "gates/shop.yaml", EXPERIMENT)
    result = session(pytester, "gates", "--sim-seeds", "3..4", "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*at most 5 min[[]seed 3] PASSED*", "*at most 5 min[[]seed 4] PASSED*"])


def test_an_expectation_of_a_share_of_all_runs_is_one_test_over_all_seeds(pytester: pytest.Pytester) -> None:
    likely = "{recovery_time: {at_most: 5 min, in: 50 %, confidence: 60 %}}"
    write(pytester, "gates/shop.yaml", changed(EXPERIMENT, "{recovery_time: {at_most: 5 min}}", likely))
    session(pytester, "gates", "--sim-seeds", "4").assert_outcomes(passed=1)
    sure = likely.replace("50 %", "99 %")
    write(pytester, "gates/shop.yaml", changed(EXPERIMENT, "{recovery_time: {at_most: 5 min}}", sure))
    result = session(pytester, "gates", "--sim-seeds", "2")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*undecided: met in 2 of 2 runs, which does not decide; about * would*(--sim-seeds *)"]
    )


@pytest.mark.parametrize(("way", "outcome"), [("fail", "failed"), ("skip", "skipped"), ("pass", "passed")])
def test_what_was_not_exercised_fails_unless_settings_say_otherwise(
    pytester: pytest.Pytester, way: str, outcome: str
) -> None:
    write(pytester, "gates/shop.yaml", UNEXERCISED)
    if way != "fail":
        pytester.makeini(f"[pytest]\nsimulator_not_exercised = {way}\n")
    result = session(pytester, "gates", "-rs")
    result.assert_outcomes(**{outcome: 1})
    if way != "pass":
        result.stdout.fnmatch_lines(["*not exercised: no fault acted*"])


def test_an_invalid_file_is_an_error_of_collection_with_its_places(pytester: pytest.Pytester) -> None:
    write(pytester, "gates/bad.yaml", changed(EXPERIMENT, "at: 1 min", "at: 1 h"))
    write(pytester, "gates/good.yaml", EXPERIMENT)
    result = session(pytester, "gates", "--continue-on-collection-errors")
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(["gates/bad.yaml:7:10: starts at 1 h, but the run ends at 10 min"])


def test_a_file_that_expects_nothing_only_has_to_run(pytester: pytest.Pytester) -> None:
    write(pytester, "gates/shop.yaml", EXPERIMENT.split("expect:")[0])
    result = session(pytester, "gates", "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["gates/shop.yaml::runs PASSED*"])


def test_tests_of_python_play_experiments_too(pytester: pytest.Pytester) -> None:
    write(pytester, "gates/shop.yaml", EXPERIMENT)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.experiment("gates/shop.yaml")
        def test_recovery(simulated):
            assert simulated.recovery.recovery_time_s < 300

        def test_other_settings_are_another_run(simulate):
            usual = simulate("gates/shop.yaml")
            longer = simulate("gates/shop.yaml", settings={"dns.api.example.ttl": "5 min"})
            assert simulate("gates/shop.yaml") is usual
            assert longer.recipe.settings == ("dns.api.example.ttl=5 min",)

        def test_seed(simulate, sim_seed):
            assert simulate("gates/shop.yaml").recipe.seed == sim_seed
        """
    )
    session(pytester, "--strict-markers").assert_outcomes(passed=4)  # one is the experiment's own
    result = session(pytester, "--sim-seeds", "2", "-k", "test_seed", "-v")
    result.assert_outcomes(passed=2, deselected=6)


@pytest.mark.parametrize(
    ("arguments", "ini", "said"),
    [
        (["--sim-seeds", "3..1"], "", "--sim-seeds '3..1': there are none from 3 to 1"),
        (["--sim-seeds", "x"], "", "--sim-seeds 'x': say how many, as 100"),
        ([], "simulator_not_shown = maybe", "simulator_not_shown is 'fail', 'skip' or 'pass', not 'maybe'"),
    ],
)
def test_wrong_settings_are_told(
    pytester: pytest.Pytester, arguments: list[str], ini: str, said: str
) -> None:
    pytester.makeini(f"[pytest]\n{ini}\n")
    result = session(pytester, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in result.stderr.str()


def test_other_files_are_left_to_others_and_nothing_slow_is_imported(pytester: pytest.Pytester) -> None:
    """As in the sessions of people who have the simulator installed and test something else."""
    write(pytester, "gates/compose.yaml", "services:\n  web: {image: nginx}\n")
    write(pytester, "gates/list.yaml", "- experiment: no\n")
    pytester.makepyfile("def test_nothing(): pass")
    code = (
        "import sys, pytest\n"
        "code = pytest.main(['-q', '-p', 'simulator.pytest_plugin'])\n"
        "slow = {'numba', 'numpy', 'pydantic', 'yaml', 'simpy', 'networkx', 'rich', 'click', 'filelock'}\n"
        "print('SLOW:', *sorted(slow & sys.modules.keys()), code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout
    assert done.stdout.splitlines()[-1] == "SLOW: 0"


@pytest.mark.middle
def test_workers_of_xdist_share_what_one_of_them_played(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers have two expectations each of a file; whoever comes second reads what the first kept."""
    cache = pytester.path / "cache"
    monkeypatch.setenv("SIMULATOR_CACHE_DIR", str(cache))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    write(pytester, "gates/shop.yaml", TWO)
    result = pytester.runpytest_subprocess(
        "-p", "xdist.plugin", "-p", "simulator.pytest_plugin", "-n", "2", "--dist", "load", "gates"
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["gates/shop.yaml:10: success at least 100 %*", "  again*"])
    assert len([*cache.rglob("*.record")]) == 1
