"""Restores that failover plans start: at an instant that only the run tells, and what strands them."""

from typing import Any

import pytest

from simulator.boundary.subjects import OfPlanStep
from simulator.data_plane.plane import CompiledPlane
from simulator.explore.replays import Replays
from simulator.measure import laws
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from simulator.pipeline import objective_of
from simulator.plan.restores import RestorePlan
from simulator.result.plain import plain
from simulator.simulation import play
from tests.control_plane.recording import RecordingPlane
from tests.reproducibility.test_runs import assert_equal
from tests.small import HERE, THERE, experiment, plan_of, read, topology

MINUTE = 60 * 10**9
TIMES = {"takes": "10 min", "settings_take": "3 min", "replica_takes": "5 min", "swap_takes": "1 min"}
STEP = {"restore": "rows", "region": HERE, "written_since": "drop"} | TIMES
DAMAGE = {"table": "rows", "mode": "corrupted", "at": "20 min", "for": "20 min"}
PLAN = {"trigger": {"at": "40 min"}, "decision": "none"}


def system(plans: dict[str, Any], **table: Any) -> Any:
    backup = {"region": HERE, "every": "24 h", "at": "00:10", "takes": "1 min"}
    rows = {"replicas": [HERE, THERE], "point_in_time_recovery": {}, "backups": {"nightly": backup}} | table
    operations = {"view": [{"read": "rows"}, {"write": "rows"}]}
    return topology(
        tables={"rows": rows},
        services={"api": {"regions": [HERE, THERE], "operations": operations}},
        plans=plans,
    )


def ran(plans: dict[str, Any], faults: list[Any] | None = None, table: Any = None, **run: Any) -> Outcome:
    """A run on a data plane that only records, four hours long."""
    written = experiment(**{"duration": "4 h", "faults": [DAMAGE] if faults is None else faults} | run)
    plan = plan_of(system(plans, **(table or {})), written)
    return play(plan, RecordingPlane(), lambda _: RecordingPlane())


def of_step(*steps: Any, **plan: Any) -> dict[str, Any]:
    return {"back": PLAN | {"steps": [*steps]} | plan}


def log(outcome: Outcome, *kinds: str) -> list[tuple[float, str]]:
    """The minute and kind of entries about restores and steps of plans."""
    found = [one for one in outcome.events if "restore" in one.detail or isinstance(one.subject, OfPlanStep)]
    return [(one.at_ns / MINUTE, one.kind) for one in found if not kinds or one.kind in kinds]


def whys(outcome: Outcome, kind: str = "plan_step_refused") -> list[str]:
    return [str(one.detail["why"]) for one in outcome.events if one.kind == kind]


def test_the_step_is_done_when_the_new_table_is_in_use() -> None:
    """Begun at 40 min: 10 min to restore, 3 for settings, 5 for the replica, 1 to change the name."""
    assert log(ran(of_step(STEP))) == [
        (40, "plan_step_began"),
        (40, "restore_started"),
        (40, "restore_begun"),
        (50, "restored"),
        (53, "settings_rebuilt"),
        (58, "replica_created"),
        (59, "swapped"),
        (59, "plan_step_done"),
    ]


def test_what_the_restore_logs_follows_from_its_step() -> None:
    outcome = ran(of_step(STEP))
    kinds = {one.number: one.kind for one in outcome.events}
    causes = {one.kind: kinds.get(one.cause) for one in outcome.events if "restore" in one.detail}
    assert causes["restore_started"] == "plan_step_began"
    assert causes["restore_begun"] == "restore_started"
    assert causes["swapped"] == "replica_created"


def test_under_the_same_name_it_is_done_before_the_replicas_are_there() -> None:
    """Deleted at 41 min, restored and in use at 51; the other region's replica follows at 56."""
    outcome = ran(of_step(STEP | {"from": "nightly", "swap": "same_name"}))
    done = log(outcome, "swapped", "plan_step_done", "replica_created")
    assert done == [(51, "swapped"), (51, "plan_step_done"), (56, "replica_created")]


def test_what_its_owner_does_before_is_a_step_of_its_own_and_moves_the_start() -> None:
    outcome = ran(of_step({"custom": "look", "takes": "7 min"}, STEP, {"custom": "tell", "takes": "1 min"}))
    assert log(outcome, "restore_started", "swapped") == [(47, "restore_started"), (66, "swapped")]
    assert log(outcome, "plan_step_done") == [(one, "plan_step_done") for one in (47, 66, 67)]


def test_several_steps_are_numbered_as_they_start() -> None:
    """Behind the experiment's, whatever their order in the plan: the second branch starts first."""
    late = [{"custom": "look", "takes": "5 min"}, STEP | {"region": THERE}]
    restores = [{"table": "rows", "region": HERE, "at": "60 min", "written_since": "drop"} | TIMES]
    outcome = ran(of_step({"together": [late, STEP]}), restores=restores)
    started = [(one.detail["restore"], one.at_ns / MINUTE, one.target) for one in outcome.events
               if one.kind == "restore_started"]  # fmt: skip
    assert started == [(1, 40, f"rows@{HERE}"), (2, 45, f"rows@{THERE}"), (0, 60, f"rows@{HERE}")]
    assert [one.snapshot for one in outcome.plan.control.of(RestorePlan)] == [0, 1, 2]


def test_two_that_start_at_one_instant_are_both_made() -> None:
    outcome = ran(of_step({"together": [STEP, STEP | {"region": THERE}]}))
    assert log(outcome, "restore_started") == [(40, "restore_started")] * 2
    assert log(outcome, "plan_step_done") == [(59, "plan_step_done")] * 2


def test_a_child_plan_restores() -> None:
    plans = of_step({"plan": "data"}) | {"data": {"steps": [{"custom": "look", "takes": "1 min"}, STEP]}}
    assert log(ran(plans), "restore_started", "swapped") == [(41, "restore_started"), (60, "swapped")]


def test_each_run_of_a_plan_restores_anew() -> None:
    plans = {"back": {"decision": "none", "steps": [STEP]}}
    operator = [{"run": "back", "at": "40 min"}, {"run": "back", "at": "2 h"}]
    outcome = ran(plans, operator=operator)
    assert log(outcome, "restore_started") == [(40, "restore_started"), (120, "restore_started")]


def test_without_damage_so_far_it_is_refused_until_there_is_some() -> None:
    """Tried each minute from 40 min on; the damage begins at 42."""
    outcome = ran(of_step(STEP), [DAMAGE | {"at": "42 min"}])
    assert whys(outcome) == ["nothing has damaged or deleted 'rows' so far"] * 2
    assert log(outcome, "restore_started") == [(42, "restore_started")]


def test_what_is_never_damaged_strands_the_plan_by_name() -> None:
    outcome = ran(of_step(STEP | {"timeout": "10 min"}), [])
    assert set(whys(outcome, "plan_step_stranded")) == {"nothing has damaged or deleted 'rows' so far"}
    assert not outcome.plan.control.of(RestorePlan)


@pytest.mark.parametrize(
    ("step", "fault", "why"),
    [
        ({}, {"mode": "deleted"}, "a deleted table keeps no history; restore from 'system_backup'"),
        ({"from": "system_backup"}, {}, "no fault deletes 'rows' before, so there is no system backup of it"),
        ({"point": "38 min"}, {}, "the latest restorable time is 35 min when the restore starts, at 40 min"),
        ({"point": "41 min"}, {}, "41 min is later than the restore starts, at 40 min"),
        ({"from": "nightly", "point": "5 min"}, {}, "no backup of the run reaches it"),
    ],
)
def test_what_cannot_be_restored_then_is_refused_for_the_reason_that_restores_give(
    step: Any, fault: Any, why: str
) -> None:
    damage = {key: DAMAGE[key] for key in ("table", "mode", "at")} | fault
    outcome = ran(of_step(STEP | step | {"retries": 0}), [damage])
    (told,) = whys(outcome)
    assert told.startswith(why)
    assert log(outcome, "restore_started") == []


def test_a_control_plane_that_refuses_strands_it_by_name() -> None:
    frozen = {"at": "30 min", "control_plane": "dynamodb", "region": HERE}
    outcome = ran(of_step(STEP | {"timeout": "10 min"}), [DAMAGE, frozen])
    (why,) = whys(outcome, "plan_step_stranded")
    assert "DynamoDB's control plane" in why
    assert log(outcome, "restore_started") == []


@pytest.mark.parametrize(("engine", "why"), [("aurora_global", "RDS's control plane"), ("self_managed", "")])
def test_a_database_is_restored_by_the_control_plane_of_its_engine(engine: str, why: str) -> None:
    """Until 45 min all that regions have refuse; 10 min to restore, 3, 5 and 1 for the rest."""
    planes = ("rds", "dynamodb", "elasticache")
    frozen = [{"at": "30 min", "for": "15 min", "control_plane": one, "region": HERE} for one in planes]
    base = {"engine": engine, "writer": HERE, "readers": [THERE], "point_in_time_recovery": {}}
    written = system(of_step(STEP | {"restore": "base"})) | {"databases": {"base": base}}
    written["services"]["api"]["operations"]["keep"] = [{"write": "base"}]
    damage = {"database": "base", "mode": "corrupted", "at": "20 min", "for": "5 min"}
    plan = plan_of(written, experiment(duration="4 h", faults=[damage, *frozen]))
    outcome = play(plan, RecordingPlane(), lambda _: RecordingPlane())
    assert all(one.startswith(why) for one in whys(outcome))
    assert bool(whys(outcome)) == bool(why)
    assert log(outcome, "swapped") == [(64 if why else 59, "swapped")]


def test_a_control_plane_that_comes_back_lets_it_start() -> None:
    frozen = {"at": "30 min", "for": "15 min", "control_plane": "dynamodb", "region": HERE}
    outcome = ran(of_step(STEP), [DAMAGE, frozen])
    assert log(outcome, "restore_started") == [(45, "restore_started")]


def test_what_has_been_started_goes_on_when_its_step_is_given_up() -> None:
    outcome = ran(of_step(STEP | {"timeout": "5 min"}))
    assert log(outcome, "plan_step_stranded", "swapped") == [(45, "plan_step_stranded"), (59, "swapped")]


def test_a_strong_table_whose_quota_is_too_small_strands_it() -> None:
    table = {
        "consistency": "strong",
        "witness": "eu-west-3",
        "capacity": {"on_demand": {"warm_write": "50000/s"}},
    }
    outcome = ran(of_step(STEP | {"timeout": "2 h"}), table=table)
    (why,) = whys(outcome, "plan_step_stranded")
    assert why == f"the quota for a table is too small in {THERE}, and a strong one has all its members"
    assert len(log(outcome, "restore_started")) == 1


def without(found: Any, *names: str) -> Any:
    return {name: value for name, value in found.items() if name not in names}


def test_a_run_that_is_replayed_restores_too() -> None:
    """As levers and drills play it, whose plans do not know when a step will begin."""
    run = experiment(duration="15 min", faults=[DAMAGE | {"at": "1 min", "for": "30 s"}])
    step = STEP | {"takes": "1 min"} | dict.fromkeys(("settings_take", "replica_takes", "swap_takes"), "5 s")
    written = system(of_step(step, trigger={"at": "6 min"}), items=20)
    (swapped,) = Replays(swapped_s).play([plan_of(written, run)])
    assert swapped == [7 * 60 + 15]


def swapped_s(outcome: Outcome) -> list[float]:
    return [one.at_ns / 10**9 for one in outcome.restored]


# the same as an entry of `restores` that starts then


def sections_of(system: Any, run: Any, seed: int) -> tuple[Any, Outcome]:
    loaded = read(system, run)
    plan = plan_of(system, run, seed)
    outcome = play(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return measure(outcome, objective_of(loaded.experiment)), outcome


HOW = [
    {},
    {"point": "latest"},
    {"point": "4 min"},
    {"from": "hourly"},
    {"written_since": "merge", "merge_rate": "100/s"},
    {"from": "hourly", "swap": "same_name"},
]


@pytest.mark.parametrize(("how", "warm_up"), [*((how, "0 s") for how in HOW), (HOW[0], "2 min")], ids=str)
def test_it_is_what_the_same_entry_of_restores_makes_that_starts_then(how: Any, warm_up: str) -> None:
    """Damage is noticed by people who take a drawn time; both runs have the plan, one its step."""
    times = {"takes": "1 min", "settings_take": "10 s", "replica_takes": "20 s", "swap_takes": "5 s"}
    words = {"region": HERE, "written_since": "drop"} | times | how
    hourly = {"region": HERE, "every": "1 h", "at": "00:02", "takes": "20 s"}
    table = {"backups": {"hourly": hourly}, "point_in_time_recovery": {"lag": "30 s"}, "items": 20}
    decision = {"acknowledge": {"from": "10 s", "to": "60 s"}, "takes": "20 s"}
    plan = {"trigger": {"at": "6 min"}, "decision": decision, "steps": [{"restore": "rows"} | words]}
    run = experiment(duration="15 min", warm_up=warm_up, faults=[DAMAGE | {"at": "5 min", "for": "30 s"}])
    found, outcome = sections_of(system({"back": plan}, **table), run, 3)
    (restore,) = outcome.plan.control.of(RestorePlan)
    assert restore.start_ns > outcome.plan.data.counts_from_ns + 6 * MINUTE
    at = f"{restore.start_ns} ns"
    alone = system({"back": plan | {"steps": [{"custom": "nothing", "takes": "0 s"}]}}, **table)
    entry = {"table": "rows", "at": at} | words
    expected, other = sections_of(alone, run | {"restores": [entry]}, 3)
    assert found.restores == expected.restores
    assert found.restores[0].swapped_s is not None
    assert_equal(outcome.tallies, other.tallies)
    others = ("plans", "events", "assumptions")
    assert without(plain(found), *others) == without(plain(expected), *others)
