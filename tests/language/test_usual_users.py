"""Users and objectives of a topology: checked as those of an experiment are, used where it has none."""

from pathlib import Path

import pytest

from simulator.errors import SpecError
from simulator.language.files import read_topology
from tests import small
from tests.small import HERE, THERE

PEOPLE = {"people": {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"view": 1}}}


def said_of(tmp_path: Path, **changes: object) -> list[str]:
    """The messages about a topology, without their places' file."""
    path = small.write(tmp_path, small.topology(**changes), small.experiment()).parent / "topology.yaml"
    try:
        read_topology(path)
    except SpecError as error:
        return [f"{one.line}: {one.message}" for one in error.problems]
    return []


def test_an_experiment_without_users_has_those_of_the_topology() -> None:
    usual = small.plan_of(small.topology(users=PEOPLE), small.experiment(users=None))
    own = small.plan_of(small.topology(), small.experiment(users=PEOPLE))
    assert usual.populations == own.populations == ("people",)
    assert usual.data.pop_sessions.tolist() == own.data.pop_sessions.tolist() == [10]


def test_users_of_an_experiment_replace_the_usual_ones_whole() -> None:
    others = {"others": PEOPLE["people"] | {"sessions": 3}}
    plan = small.plan_of(small.topology(users=PEOPLE), small.experiment(users=others))
    assert plan.populations == ("others",)
    assert small.plan_of(small.topology(users=PEOPLE), small.experiment(users={})).populations == ()


def test_faults_and_expectations_may_name_usual_populations_and_where_they_live() -> None:
    system = small.topology(users={"people": PEOPLE["people"] | {"near": "us-east-1"}})
    link = {"at": "1 min", "link": {"between": ["us-east-1", HERE]}, "mode": "cut"}
    expect = [{"recovery_time": {"population": "people", "at_most": "1 h"}}]
    run = small.experiment(users=None, faults=[link], expect=expect)
    assert small.read(system, run).experiment.users == {}


def test_a_population_of_the_topology_is_unknown_where_an_experiment_has_its_own() -> None:
    others = {"others": PEOPLE["people"]}
    expect = [{"recovery_time": {"population": "people", "at_most": "1 h"}}]
    with pytest.raises(SpecError, match="unknown population 'people'"):
        small.read(small.topology(users=PEOPLE), small.experiment(users=others, expect=expect))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"think_time": "0 s"}, "'think_time' must be longer than 0 s"),
        ({"actions": {"veiw": 1}}, "unknown operation 'veiw'; did you mean 'view'?"),
        ({"near": "eu-cental-1"}, "unknown region 'eu-cental-1'; did you mean 'eu-central-1'?"),
        ({"client": "brwser"}, "unknown client profile 'brwser'; did you mean 'browser'?"),
        ({"arrivals": "3/s"}, "give either 'sessions' (constantly so many at once) or 'arrivals'"),
        ({"sessionz": 3}, "unknown key 'sessionz'; did you mean 'sessions'?"),
    ],
)
def test_usual_users_are_checked_as_those_of_an_experiment(
    change: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    said = said_of(tmp_path, users={"people": PEOPLE["people"] | change})
    assert any(complaint in one for one in said), said


@pytest.mark.parametrize(
    ("objective", "complaint"),
    [
        ({"recovery_time": "1 h"}, "give either 'operations' or 'populations'"),
        ({"operations": "view", "populations": "people", "recovery_time": "1 h"}, "give either 'operations'"),
        ({"operations": "view"}, "give 'recovery_time' or 'recovery_point', or both"),
        ({"operations": "veiw", "recovery_time": "1 h"}, "unknown operation 'veiw'; did you mean 'view'?"),
        ({"operations": ["view", "veiw"], "recovery_time": "1 h"}, "unknown operation 'veiw'"),
        ({"populations": "peple", "recovery_time": "1 h"}, "unknown population 'peple'"),
        ({"operations": ["view", "view"], "recovery_time": "1 h"}, "'view' stands here a second time"),
        ({"operations": "edit", "recovery_time": "1 h"}, "nobody of 'users' asks for 'edit'"),
        (
            {"operations": "view", "recovery_time": "2 h", "tolerable_outage": "1 h"},
            "an outage of 1 h is tolerable, and the recovery time of 2 h is longer; it must be over before",
        ),
        ({"operations": "view", "recovery_time": "1 h", "tolerable_outage": "0 s"}, "must be longer than"),
        ({"operations": "view", "recovery_time": "1 h", "service_level": "0 %"}, "a level of 0 % is met"),
        ({"operations": "view", "rto": "1 h"}, "recovery_time"),
    ],
)
def test_an_objective_that_cannot_be_judged_is_refused(
    objective: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    operations = {"view": [{"compute": "1 ms"}], "edit": [{"compute": "1 ms"}]}
    api = {"regions": [HERE, THERE], "operations": operations}
    said = said_of(tmp_path, services={"api": api}, users=PEOPLE, objectives={"viewing": objective})
    assert any(complaint in one for one in said), said


def test_an_objective_that_can_be_judged_is_accepted(tmp_path: Path) -> None:
    objective = {
        "operations": ["api.view"],
        "recovery_time": "5 min",
        "recovery_point": "1 h",
        "tolerable_outage": "24 h",
        "origin": "business impact analysis",
        "critical": True,
        "service_level": "95 %",
    }
    assert said_of(tmp_path, users=PEOPLE, objectives={"viewing": objective}) == []
