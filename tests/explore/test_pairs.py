"""Pairs: the same run without each countermeasure that acted, and what each changed, with its sign."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from simulator.explore.pairs import comparing
from simulator.explore.pairs.acted import declared
from simulator.explore.pairs.comparing import compare
from simulator.explore.running import run
from simulator.language.files import Loaded
from simulator.plan.histories import HistoryPlan
from simulator.report.countermeasures import gist, markdown, sentence
from simulator.result.countermeasures import Difference, Figures, Pair
from simulator.result.whole import Result
from tests.small import HERE, NAME, experiment, read, topology

_USERS = {
    "people": {
        "near": HERE,
        "sessions": 20,
        "think_time": "4 s",
        "actions": {"view": 1},
        "client": {"keep_alive": "0 s"},
        "resolvers": {"extend_ttl": "0 %"},
    }
}
_DARK = {"at": "2 min", "for": "15 min", "region": HERE, "mode": "refused"}
_SYSTEM: dict[str, Any] = {
    "dns": {NAME: {"service": "api", "policy": "failover", "ttl": "10 s", "health_check": "web"}},
    "health_checks": {"web": {"interval": "10 s"}},
    "plans": {
        "say so": {
            "trigger": {"unhealthy": "web", "region": HERE},
            "decision": "none",
            "steps": [{"custom": "tell everybody", "takes": "1 s"}],
        },
        "by hand": {"steps": [{"custom": "tell nobody", "takes": "1 s"}]},
    },
}


def system(**changes: Any) -> Loaded:
    return read(topology(**_SYSTEM | changes), experiment(duration="30 min", users=_USERS, faults=[_DARK]))


@cache
def as_it_is() -> Result:
    return run(system(), pairs=True)


def test_what_acted_is_left_out_in_turn_and_what_did_not_is_named() -> None:
    found = as_it_is().countermeasures
    assert found is not None
    assert [(pair.kind, pair.name) for pair in found.pairs] == [("plans", "say so"), ("dns", NAME)]
    assert found.idle == ("failover plan by hand",)
    assert found.not_tried == ()


def test_it_is_the_run_that_a_file_without_it_gives() -> None:
    """A record without a health check: every region is healthy for ever."""
    found = as_it_is().countermeasures
    assert found is not None
    dns = {key: value for key, value in _SYSTEM["dns"][NAME].items() if key != "health_check"}
    blind = run(system(dns={NAME: dns}, plans=None))
    (pair,) = [one for one in found.pairs if one.kind == "dns"]
    assert pair.without.recovery_time_s == blind.recovery.recovery_time_s
    assert pair.without.good_actions == blind.series.windows.good.sum()
    assert pair.without.user_minutes_lost == blind.recovery.user_minutes_lost


def test_the_sign_says_who_is_better_off() -> None:
    """Fifteen minutes without an answer, against about half a minute until the check turns."""
    found = as_it_is().countermeasures
    assert found is not None
    (pair,) = [one for one in found.pairs if one.kind == "dns"]
    assert pair.difference.recovery_time_s < -600
    assert pair.difference.good_actions > 0
    assert pair.difference.user_minutes_lost < 0
    assert pair.difference.good_actions == found.as_it_is.good_actions - pair.without.good_actions


def test_a_plan_that_only_tells_somebody_changes_nothing() -> None:
    found = as_it_is().countermeasures
    assert found is not None
    (plan,) = [one for one in found.pairs if one.kind == "plans"]
    assert plan.without == found.as_it_is
    assert [*gist(as_it_is())][-1] == "failover plan say so: changed nothing that is compared"


@pytest.mark.middle
def test_the_same_for_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    result = as_it_is()
    monkeypatch.setattr(comparing, "_WORTH_WORKERS", 0)
    assert compare(result, system(), processes=2) == result.countermeasures


def test_the_first_eight_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    result = as_it_is()
    monkeypatch.setattr(comparing, "PAIRS_MOST", 1)
    found = compare(result, system())
    assert [pair.name for pair in found.pairs] == ["say so"]
    assert found.not_tried == (f"failover of {NAME}",)


def test_nobody_who_does_not_ask_finds_anything_of_it() -> None:
    result = run(system())
    assert result.countermeasures is None
    assert "countermeasures" not in result.to_dict()
    assert replace(as_it_is(), countermeasures=None).to_json() == result.to_json()


def test_the_loaded_experiment_is_as_before() -> None:
    loaded = system()
    before = loaded.topology.model_dump_json(warnings=False)
    compare(as_it_is(), loaded)
    assert loaded.topology.model_dump_json(warnings=False) == before


def test_alarms_with_bands_have_learned_from_the_same_weeks_in_each_run() -> None:
    """Without them there would be no band for hours, and who follows the alarm would seem to be of no use."""
    status = {"metric": "route53.health_check_status", "of": f"web@{HERE}"}
    banded = system(alarms={"unusual": status | {"band": 3}})
    tried = declared(banded, as_it_is().events)[:2]
    plans = comparing.plans_without(tried, banded, seed=1)
    assert len(plans) == 2
    assert [[len(one.values) for one in plan.control.of(HistoryPlan)] for plan in plans] == [[14 * 1440]] * 2


def test_those_that_acted_first_stand_first() -> None:
    found = declared(system(), as_it_is().events)
    times = [one.at_s[0] for one in found if one.at_s]
    assert times == sorted(times)


def figures(**more: Any) -> Figures:
    given: dict[str, Any] = {
        "recovery_time_s": 190.0, "shown": True, "user_minutes_lost": 10.0, "good_actions": 9000,
        "bad_actions": 100, "overwritten_writes": 12, "lost_writes": 0, "double_applied": 0,
    }  # fmt: skip
    return Figures(**given | more)


def pair(without: Figures, **difference: float) -> Pair:
    nothing: dict[str, Any] = dict.fromkeys(Difference.__dataclass_fields__, 0)
    change = Difference(**nothing | difference)
    return Pair("dns", "shop.example", "failover of shop.example", 1, 100.0, without, change)


@pytest.mark.parametrize(
    ("without", "difference", "said"),
    [
        (
            figures(recovery_time_s=3480.0),
            {"recovery_time_s": -3290.0, "good_actions": 4812, "overwritten_writes": 12},
            "recovery 3 min 10 s instead of 58 min; 4,812 actions saved; "
            "12 more acknowledged writes overwritten",
        ),
        (
            figures(recovery_time_s=60.0),
            {"recovery_time_s": 130.0, "good_actions": -1, "lost_writes": -1},
            "recovery 3 min 10 s instead of 1 min; 1 action spoiled; 1 fewer acknowledged write lost",
        ),
        (
            figures(shown=False),
            {"user_minutes_lost": -2.0, "double_applied": 3},
            "recovery 3 min 10 s instead of 3 min 10 s (not shown); 2 fewer user-minutes lost; "
            "3 more acknowledged writes applied twice",
        ),
        (
            figures(),
            {"overwritten_writes": 1},
            "recovery 3 min 10 s either way; 1 more acknowledged write overwritten",
        ),
        (figures(), {"bad_actions": 3}, "recovery 3 min 10 s either way; 3 more actions failed"),
        (
            figures(recovery_time_s=0.0),
            {"recovery_time_s": 190.0, "good_actions": -5},
            "recovery 3 min 10 s instead of none needed; 5 actions spoiled",
        ),
    ],
)
def test_a_sentence_says_what_changed(without: Figures, difference: dict[str, float], said: str) -> None:
    assert sentence(pair(without, **difference), figures()) == f"failover of shop.example: {said}"


def test_what_is_too_little_to_be_said_is_not_left_without_words() -> None:
    well = figures(recovery_time_s=0.0)
    assert sentence(pair(well, user_minutes_lost=0.3), well).endswith(
        ": changed hardly anything that is compared"
    )


def test_the_page_has_a_row_for_each_run() -> None:
    page = markdown(as_it_is())
    assert page is not None
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert [row.split(" | ")[0] for row in rows] == [
        "| with the same users",
        "| as it is",
        "| without failover plan say so",
        f"| without failover of {NAME}",
    ]
    assert "- never acted: failover plan by hand" in page


def test_without_any_that_acted_there_is_nothing_to_compare() -> None:
    quiet = read(topology(**_SYSTEM), experiment(users=_USERS))
    assert [*gist(run(quiet, pairs=True))] == ["no countermeasure acted, so that there is nothing to compare"]
