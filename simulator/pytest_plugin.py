"""The plugin of pytest: `pytest experiments/` makes a test of each expectation of each experiment.

Whoever has the simulator installed has it loaded in every session of pytest, so it imports nothing but pytest
until a file says of itself that it is an experiment, or a test asks for a fixture of this file.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator.language.glance import SUFFIXES, is_experiment
from simulator.units import parse_seeds

_WAYS = "'fail', 'skip' or 'pass'"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option and the settings."""
    group = parser.getgroup("simulator", "replayed outages")
    group.addoption(
        "--sim-seeds",
        metavar="N|A..B",
        help="Seeds under which each experiment is played: the first N, or from A to B. By default 1.",
    )
    for name, what in (("not_exercised", "not exercised"), ("not_shown", "not shown")):
        parser.addini(
            f"simulator_{name}",
            f"What a test does whose expectation was {what}: {_WAYS}.",
            default="fail",
        )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse settings that say nothing."""
    config.addinivalue_line(
        "markers",
        "experiment(path, seed=1, settings={}): the experiment whose result the fixture `simulated` gives; "
        "tests of experiment files have it, too.",
    )
    seeds_of(config)
    for name in ("simulator_not_exercised", "simulator_not_shown"):
        if config.getini(name) not in ("fail", "skip", "pass"):
            raise pytest.UsageError(f"{name} is {_WAYS}, not '{config.getini(name)}'")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take a file whose keys say that it is an experiment; all others are left to others."""
    if file_path.suffix not in SUFFIXES or not is_experiment(file_path):
        return None
    from simulator.gate.pytest_files import ExperimentFile

    return ExperimentFile.from_parent(parent, path=file_path, seeds=seeds_of(parent.config))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a seed under each of `--sim-seeds`."""
    if "sim_seed" in metafunc.fixturenames and metafunc.config.getoption("--sim-seeds"):
        metafunc.parametrize("sim_seed", seeds_of(metafunc.config), indirect=True)


def seeds_of(config: pytest.Config) -> range:
    """The seeds of `--sim-seeds`; the first if nobody says otherwise."""
    text = config.getoption("--sim-seeds")
    if text is None:
        return range(1, 2)
    try:
        return parse_seeds(text)
    except ValueError as error:
        raise pytest.UsageError(f"--sim-seeds '{text}': {error}") from None


@pytest.fixture
def sim_seed(request: pytest.FixtureRequest) -> int:
    """The seed under which a test is run: each of `--sim-seeds`, by default 1."""
    return int(getattr(request, "param", 1))


@pytest.fixture(scope="session")
def _results() -> Iterator[dict[object, Any]]:
    """What has been played for tests of Python, by file, seed and settings."""
    found: dict[object, Any] = {}
    yield found
    found.clear()


@pytest.fixture
def simulate(
    request: pytest.FixtureRequest, _results: dict[object, Any], sim_seed: int
) -> Callable[..., Any]:
    """Play an experiment: `simulate("experiments/shop.yaml", settings={"dns.shop.example.ttl": "5 min"})`.

    Gives a `simulator.Result`. Paths are from the root of the session; the seed is that of `--sim-seeds`,
    unless `seed=` says otherwise. What has been played is not played again.
    """
    root = request.config.rootpath

    def play(path: str, *, seed: int | None = None, settings: Mapping[str, object] | None = None) -> Any:
        from simulator.explore.running import run
        from simulator.language.files import read_experiment

        given = sim_seed if seed is None else seed
        key = (str(root / path), given, repr(sorted((settings or {}).items())))
        if key not in _results:
            loaded = read_experiment(root / path)
            for name, value in (settings or {}).items():
                loaded = loaded.with_(name, value)
            _results[key] = run(loaded, seed=given)
        return _results[key]

    return play


@pytest.fixture
def simulated(request: pytest.FixtureRequest, simulate: Callable[..., Any]) -> Any:
    """The result of the experiment that `@pytest.mark.experiment("experiments/shop.yaml")` names."""
    marker = request.node.get_closest_marker("experiment")
    if marker is None or not marker.args:
        raise pytest.UsageError('name the experiment: @pytest.mark.experiment("experiments/shop.yaml")')
    return simulate(*marker.args, **marker.kwargs)
