"""A small valid topology and experiment, and what reading says of them once something in them is changed."""

from pathlib import Path

from simulator.errors import SpecError
from simulator.spec.reading import Loaded, read_experiment

TOPOLOGY = """\
topology: two regions
regions:
  eu-south-1: {}
  eu-central-1: {role: standby}
tables:
  progress: {replicas: [eu-south-1, eu-central-1]}
  scores: {replicas: [eu-south-1, eu-central-1]}
services:
  api:
    regions: [eu-south-1, eu-central-1]
    operations:
      act: [{compute: 20 ms}, {write: progress}]
      look: [{read: progress}]
dns:
  api.example: {service: api, policy: failover, health_check: deep}
health_checks:
  deep: {} # deep
"""

EXPERIMENT = """\
experiment: a black hole
topology: t.yaml
duration: 10 min
users:
  all: {near: eu-south-1, sessions: 10, think_time: 5 s, actions: {act: 1}}
faults:
  - {at: 1 min, for: 2 min, region: eu-south-1, mode: black_hole}
expect:
  - {recovery_time: {at_most: 5 min}}
"""

ALL = "{near: eu-south-1, sessions: 10, think_time: 5 s, actions: {act: 1}}"
FAULT = "{at: 1 min, for: 2 min, region: eu-south-1, mode: black_hole}"
DURATION = "10 min"
EXPECTATION = "{recovery_time: {at_most: 5 min}}"

REPLICAS = "{replicas: [eu-south-1, eu-central-1]}"
LOOK = "[{read: progress}]"
RECORD = "{service: api, policy: failover, health_check: deep}"
DEEP = "{} # deep"


def changed(text: str, old: str, new: str) -> str:
    """The text with one passage, which must be there, replaced."""
    assert old in text
    return text.replace(old, new, 1)


def load(directory: Path, experiment: str = EXPERIMENT, topology: str = TOPOLOGY) -> Loaded:
    """Write both files (`e.yaml`, `t.yaml`) and read the experiment."""
    (directory / "t.yaml").write_text(topology, encoding="utf-8")
    (directory / "e.yaml").write_text(experiment, encoding="utf-8")
    return read_experiment(directory / "e.yaml")


def complaints(directory: Path, experiment: str = EXPERIMENT, topology: str = TOPOLOGY) -> list[str]:
    """What reading says of the two files, each problem as `e.yaml:line:column: message`."""
    try:
        load(directory, experiment, topology)
    except SpecError as error:
        return [line.removeprefix(f"{directory}/") for line in str(error).splitlines()]
    return []
