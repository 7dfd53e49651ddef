"""Countermeasures: which a system declares, and the same run without one of them."""

from typing import Any

from simulator.language.changes import with_changes
from simulator.language.countermeasures import COUNTERMEASURES
from simulator.language.files import Loaded
from tests.small import HERE, NAME, THERE, experiment, played, read, topology

_SERVICE = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
_CHECKED: dict[str, Any] = {
    "services": {"api": _SERVICE, "plain": _SERVICE, "blind": _SERVICE},
    "dns": {
        NAME: {"service": "api", "policy": "failover", "health_check": "web"},
        "plain.example": {"service": "plain", "policy": "simple", "health_check": "web"},
        "blind.example": {"service": "blind", "policy": "failover"},
    },
    "health_checks": {"web": {}},
    "plans": {
        "move": {
            "trigger": {"unhealthy": "web", "region": HERE},
            "decision": "none",
            "steps": [{"custom": "tell", "takes": "1 s"}],
        },
        "all": {"steps": [{"plan": "move"}]},
    },
}
_USERS = {"people": {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"api.view": 1}}}
_DARK = {"at": "1 min", "region": HERE, "mode": "refused"}


def loaded() -> Loaded:
    run = {"run": "move", "at": "4 min"}
    return read(topology(**_CHECKED), experiment(users=_USERS, faults=[_DARK], operator=[run]))


def declared(system: Loaded) -> dict[str, list[str]]:
    return {kind.key: [*kind.names(system)] for kind in COUNTERMEASURES}


def test_records_that_follow_no_health_are_no_countermeasure() -> None:
    assert declared(loaded()) | {"dns": [NAME], "plans": ["move", "all"]} == declared(loaded())


def test_every_kind_is_another_key() -> None:
    assert len({kind.key for kind in COUNTERMEASURES}) == len(COUNTERMEASURES)


def test_what_is_left_is_a_valid_system_that_differs() -> None:
    for kind in COUNTERMEASURES:
        for name in kind.names(loaded()):
            assert with_changes(kind.without(loaded(), name)) != loaded()


def test_without_its_plan_nothing_starts_it() -> None:
    (plans,) = (kind for kind in COUNTERMEASURES if kind.key == "plans")
    left = plans.without(loaded(), "move")
    assert left.topology.plans["move"].trigger is None
    assert not left.experiment.operator


def test_what_acted_is_in_the_log() -> None:
    events = played(topology(**_CHECKED), experiment(users=_USERS, faults=[_DARK])).events
    acted = {
        (kind.key, kind.acted(one.kind, one.target, one.detail)) for kind in COUNTERMEASURES for one in events
    }
    assert acted - {(kind.key, None) for kind in COUNTERMEASURES} == {("dns", NAME), ("plans", "move")}
