"""Small systems: the one way in which tests write them, lower them, play them and look into their memory.

A system is written as a user would write it, as a mapping or as text, and goes through the ordinary reader:

    plan = plan_of(topology(tables={"orders": {"replicas": [HERE, THERE]}}), experiment(duration="1 min"))
    outcome = played(TOPOLOGY, EXPERIMENT)  # two texts

`topology()` and `experiment()` are complete by themselves, so that a test says only what it is about.
"""

import re
import tempfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from simulator.data_plane.plane import CompiledPlane
from simulator.history.planned import planned
from simulator.kernels.blocks import Block
from simulator.language.files import Loaded, read_experiment
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.plan.health_checks import CheckPlan
from simulator.plan.lowered import Plan
from simulator.simulation import play

Written = dict[str, Any]
"""What a file says, as a mapping."""

HERE, THERE = "eu-central-1", "eu-west-1"
REGIONS = (HERE, THERE)
NAME = "api.example"


def check_named(plan: Plan, name: str) -> CheckPlan:
    """A health check of a plan."""
    (check,) = (check for check in plan.control.of(CheckPlan) if check.name == name)
    return check


def topology(**changes: Any) -> Written:
    """Two regions, one service in both with one read-only operation, a simple name.

    A change replaces a key or adds one; a change to None leaves it out.
    """
    return _changed(
        {
            "topology": "small",
            "regions": {HERE: {}, THERE: {}},
            "services": {"api": {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}},
            "dns": {NAME: {"service": "api", "policy": "simple", "ttl": "60 s"}},
        },
        changes,
    )


def guarded(service: Written | None = None, scope: str = "regional", **rule: Any) -> Written:
    """The small topology with a web ACL before its service, which has a REST API unless something is said.

    Its one rule, `flood`, blocks whoever asks more than 100 times a minute, but for what is said of it.
    """
    api = topology()["services"]["api"] | ({"gateway": {}} if service is None else service)
    rules = {"flood": {"limit": 100, "window": "1 min"} | rule}
    acl = {"protects": ["api"], "scope": scope, "rules": rules}
    return topology(services={"api": api}, waf={"front": acl})


def experiment(**changes: Any) -> Written:
    """Ten sessions near the first region for five minutes; changes as those of `topology`."""
    users = {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"view": 1}}
    return _changed(
        {
            "experiment": "small",
            "topology": "topology.yaml",
            "duration": "5 min",
            "users": {"people": users},
        },
        changes,
    )


def _changed(written: Written, changes: Written) -> Written:
    return {key: value for key, value in (written | changes).items() if value is not None}


def write(directory: Path, system: Written | str, run: Written | str) -> Path:
    """Write the two files, the topology where the experiment says that it is; the experiment's path."""
    path = directory / "experiment.yaml"
    path.write_text(_text(run), encoding="utf-8")
    (directory / _topology_file(run)).write_text(_text(system), encoding="utf-8")
    return path


def _text(written: Written | str) -> str:
    return dedent(written) if isinstance(written, str) else yaml.safe_dump(written, sort_keys=False)


def _topology_file(run: Written | str) -> str:
    if not isinstance(run, str):
        return str(run["topology"])
    named = re.search(r"^ *topology: *(\S+)$", run, re.MULTILINE)
    assert named is not None, "the experiment names no topology"
    return named[1]


def read(system: Written | str, run: Written | str) -> Loaded:
    """Read the two as files; SpecError if they are invalid."""
    with tempfile.TemporaryDirectory() as directory:
        return read_experiment(write(Path(directory), system, run))


def plan_of(system: Written | str, run: Written | str | None = None, seed: int = 1) -> Plan:
    """Read and lower; without an experiment, the small one."""
    loaded = read(system, experiment() if run is None else run)
    return planned(loaded.experiment, loaded.topology, seed)


def played(system: Written | str, run: Written | str | None = None, seed: int = 1) -> Outcome:
    """Read, lower, simulate on the compiled plane, and check the conservation laws."""
    plan = plan_of(system, run, seed)
    outcome = play(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return outcome


def memory_of(plan: Plan) -> tuple[Block, Block]:
    """The two blocks that kernels take, plan and memory, as they are at the start of a run."""
    plane = CompiledPlane(plan.data)
    return plane._plan, plane._memory
