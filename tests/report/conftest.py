"""Results to report on: the demo, and small runs in which something is missing."""

from collections.abc import Callable
from pathlib import Path

import pytest

import simulator

EXPERIMENTS = Path(__file__).parents[2] / "experiments"

_TOPOLOGY = """
topology: one table in two regions
regions: {eu-west-1: {}, eu-central-1: {}}
tables: {notes: {replicas: [eu-west-1, eu-central-1], items: 100}}
services:
  api:
    regions: [eu-west-1, eu-central-1]
    operations:
      look: [{compute: 5 ms}]
      note: [{compute: 5 ms}, {read: notes}, {write: notes}]
dns: {api.example: {service: api, policy: failover, health_check: deep}}
health_checks: {deep: {protocol: tcp, interval: 10 s, failure_threshold: 1}}
"""

_EXPERIMENT = """
experiment: small
topology: topology.yaml
duration: 4 min
users:
  some: {near: eu-west-1, sessions: 20, think_time: 2 s, actions: {ACTION: 1}, resolvers: {extend_ttl: 0 %}}
"""

Run = Callable[..., simulator.Result]


@pytest.fixture(scope="session")
def milan() -> simulator.Result:
    """The demo, with gauges."""
    return simulator.run(EXPERIMENTS / "milan-goes-dark.yaml", metrics=True)


@pytest.fixture
def small(tmp_path: Path) -> Run:
    """Run a small experiment: what users do, and further keys of the experiment's file."""

    def run(more: str = "", *, action: str = "note", metrics: bool = False) -> simulator.Result:
        (tmp_path / "topology.yaml").write_text(_TOPOLOGY)
        (tmp_path / "small.yaml").write_text(_EXPERIMENT.replace("ACTION", action) + more)
        return simulator.run(tmp_path / "small.yaml", metrics=metrics)

    return run
