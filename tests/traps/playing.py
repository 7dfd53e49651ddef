"""Reading and running what a trap's file writes."""

import tempfile
from pathlib import Path
from textwrap import dedent

from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import read_experiment
from simulator.measure import laws
from simulator.measure.histogram import percentile
from simulator.outcome import Outcome
from simulator.plan.lowering import lower
from simulator.simulation import simulate


def play(topology: str, experiment: str, seed: int = 1) -> Outcome:
    """Read the two texts as the files `system.yaml` and `run.yaml`, run them, check the conservation laws."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "run.yaml"
        (Path(directory) / "system.yaml").write_text(dedent(topology), encoding="utf-8")
        path.write_text(dedent(experiment), encoding="utf-8")
        loaded = read_experiment(path)
    plan = lower(loaded.experiment, loaded.topology, seed)
    outcome = simulate(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return outcome


def success(outcome: Outcome, from_s: int = 0, until_s: int | None = None) -> float:
    """Share of the actions completed in a stretch of the run that succeeded."""
    data, t = outcome.plan.data, outcome.tallies
    window_s = data.window_ns // 10**9
    stretch = slice(from_s // window_s, None if until_s is None else until_s // window_s)
    succeeded, failed = int(t.window_succeeded[stretch].sum()), int(t.window_failed[stretch].sum())
    assert succeeded + failed > 0
    return succeeded / (succeeded + failed)


def region_number(outcome: Outcome, region: str) -> int:
    """Its place in arrays by region."""
    return outcome.plan.regions.index(region)


def kinds(outcome: Outcome) -> set[str]:
    """The kinds of events in the log."""
    return {event.kind for event in outcome.events}


def latency_s(outcome: Outcome, share: float) -> float:
    """A percentile of the time that actions take."""
    ns = percentile(outcome.tallies.action_latency, share)
    assert ns is not None
    return ns / 1e9
