"""Levers: each changes one thing for the same users, and the same whoever plays them."""

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from simulator.explore import levers as levers_module
from simulator.explore.levers import levers, pull_levers
from simulator.explore.replays import Replays
from simulator.explore.running import run
from simulator.kernels.compiling import compiles
from simulator.outcome import Outcome
from simulator.plan.digests import digest_of
from simulator.plan.health_checks import CheckPlan
from simulator.plan.record_changes import ChangePlan
from tests.small import HERE, NAME, THERE, experiment, plan_of, read, topology
from tests.validation.test_waterfall import CHECK, CHECKED, half_a_survivor, people, region

FAULTS = [region("refused", at="1 min", lasts="3 min")]


def of(system: object, **changes: object) -> dict[str, levers_module.Pulled]:
    plan = plan_of(system, experiment(duration="10 min", **({"users": people(), "faults": FAULTS} | changes)))  # type: ignore[arg-type]
    return {one.lever: one for one in levers(plan)}


def test_a_lever_that_changes_nothing_is_left_out() -> None:
    assert [*of(topology())] == ["ttl"]
    assert [*of(half_a_survivor())] == ["ttl", "checks", "capacity"]


def test_a_short_ttl_and_quick_checks_are_left_alone() -> None:
    name = CHECKED[NAME] | {"ttl": "10 s"}
    quick = {"h": {"protocol": "https", "interval": "10 s", "failure_threshold": 1}}
    assert not of(topology(dns={NAME: name}, health_checks=quick))


def test_each_lever_changes_its_own_thing() -> None:
    slow = {"h": {"protocol": "https", "interval": "30 s", "failure_threshold": 3}}
    users = people(resolvers={"extend_ttl": "20 %"}, client={"profile": "script", "keep_alive": "1 min"})
    change = {"change": NAME, "at": "4 min", "order": [THERE]}
    found = of(topology(dns=CHECKED, health_checks=slow), users=users, operator=[change])
    assert [*found] == ["ttl", "resolvers", "connections", "checks", "operator"]
    data = {lever: one.plan.data for lever, one in found.items()}
    assert data["ttl"].name_ttl_ns.tolist() == [10 * 10**9]
    assert not data["resolvers"].resolver_extend_ns.any()
    kept = data["connections"].policy_keep_alive_ns
    assert kept[data["connections"].pop_policy].tolist() == [0]
    assert kept[: len(data["ttl"].policy_keep_alive_ns)].tolist() == data["ttl"].policy_keep_alive_ns.tolist()
    (check,) = found["checks"].plan.control.of(CheckPlan)
    assert (check.interval_ns, check.threshold) == (10 * 10**9, 1)
    (prompt,) = found["operator"].plan.control.of(ChangePlan)
    assert prompt.at_ns == 2 * 60 * 10**9  # the fault begins after one minute


def test_the_survivors_lose_their_limits_and_the_struck_region_keeps_its_own() -> None:
    data = of(half_a_survivor())["capacity"].plan.data
    assert data.account_gap_ns[1] == 0
    assert data.account_gap_ns[0] > 0


def test_nodes_have_memory_for_all_that_they_may_take_on() -> None:
    little = {"nodes": {"memory": "1 GB", "request_memory": "100 MB"}}
    service = {"regions": [HERE], "operations": {"view": [{"compute": "1 ms"}]}, "compute": little}
    data = of(topology(services={"api": service}))["memory"].plan.data
    assert data.node_room.min() >= data.node_workers.max() + data.node_queue.max()


@pytest.mark.middle
def test_levers_are_the_same_for_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levers_module, "_WORTH_WORKERS", 0)
    loaded = read(half_a_survivor(), experiment(duration="8 min", users=people("5/s"), faults=FAULTS))
    result = run(loaded)
    assert result.levers is None
    alone = pull_levers(loaded, result)
    assert pull_levers(loaded, result, processes=2) == alone
    assert run(loaded, levers=True).levers == alone


def test_a_lever_finds_what_a_file_with_that_change_would_say() -> None:
    """A TTL of 10 s written in the file is the same plan, so it has the same recovery."""
    written = experiment(duration="10 min", users=people("5/s"), faults=FAULTS)
    loaded = read(topology(dns=CHECKED, health_checks=CHECK), written)
    (ttl,) = [one for one in pull_levers(loaded, run(loaded)) if one.lever == "ttl"]
    short = topology(dns={NAME: CHECKED[NAME] | {"ttl": "10 s"}}, health_checks=CHECK)
    recovery = run(read(short, written)).recovery
    assert (ttl.recovery_time_s, ttl.user_minutes_lost) == (
        recovery.recovery_time_s,
        recovery.user_minutes_lost,
    )


def test_nothing_to_recover_from_pulls_no_levers() -> None:
    assert run(read(topology(), experiment()), levers=True).levers == ()


BROKEN = partial(experiment, duration="8 min", users=people("500/s"), faults=FAULTS)


def pulled_by_a_program(run: object, asked: str = "None") -> str:
    """How many others a program of two processes began before a run's end, and what it says of its levers."""
    code = f"""
from simulator.explore.levers import Pulling
from simulator.explore.workers import standing
from simulator.pipeline import run
from tests.explore.test_levers import half_a_survivor, read
loaded = read(half_a_survivor(), {run!r})
with standing(2) as crew, Pulling({asked}, processes=2) as levers:
    result = run(loaded, begins=levers.begin)
    begun = len(crew._team.helpers)
    result = levers.with_levers(result)
print(begun, result.levers)
"""
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # as the command line has it
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=alone
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip()


@pytest.mark.skipif(sys.platform != "linux" or not compiles(), reason="no process is copied")
@pytest.mark.middle
def test_levers_that_are_pulled_beside_the_run_are_those_that_are_pulled_afterwards() -> None:
    loaded = read(half_a_survivor(), BROKEN())
    levers = pull_levers(loaded, run(loaded))
    assert len(levers) > 1
    assert pulled_by_a_program(BROKEN()) == f"1 {levers}"


@pytest.mark.skipif(sys.platform != "linux" or not compiles(), reason="no process is copied")
def test_levers_begin_before_a_run_ends_only_if_it_may_need_them() -> None:
    harmless = [region("slow", at="1 min", lasts="1 min", add="1 ms")]
    assert pulled_by_a_program(BROKEN(faults=harmless)) == "1 ()"
    assert pulled_by_a_program(BROKEN(faults=None)) == "0 ()"
    assert pulled_by_a_program(BROKEN(), "False") == "0 None"
    assert pulled_by_a_program(BROKEN(users=people("1/s"), faults=harmless)) == "0 ()"


def test_a_plan_is_played_once() -> None:
    played: list[int] = []

    def measure(outcome: Outcome) -> int:
        played.append(int(outcome.tallies.actions_started))
        return played[-1]

    one, other = plan_of(topology(), experiment()), plan_of(topology(), experiment())
    changed = replace(one, data=replace(one.data, name_ttl_ns=np.array([1], np.int64)))
    replays = Replays(measure)
    first = replays.play([one, other])
    assert first[0] == first[1]
    assert len(played) == 1
    replays.play([one, changed])
    assert len(played) == 2


def test_a_digest_tells_plans_apart_by_all_that_they_hold() -> None:
    plan = plan_of(
        topology(dns=CHECKED, health_checks=CHECK), experiment(faults=FAULTS[:1], duration="10 min")
    )
    (fault,) = plan.control.faults
    later = replace(plan, control=replace(plan.control, faults=(replace(fault, start_ns=1),)))
    other_seed = replace(plan, data=replace(plan.data, seed=2))
    assert len({digest_of(one) for one in (plan, later, other_seed)}) == 3
    assert digest_of(replace(plan)) == digest_of(plan)
    assert HERE in plan.regions
