"""Countermeasures: which a system declares, and the same run without one of them."""

from typing import Any

import pytest

from simulator.language.changes import with_changes
from simulator.language.countermeasures import COUNTERMEASURES
from simulator.language.files import Loaded
from tests.small import HERE, NAME, THERE, Written, experiment, played, read, topology

_SERVICE = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
_FLEET = _SERVICE | {"compute": {"nodes": {"per_zone": 1}}}
_CHECKED: dict[str, Any] = {
    "services": {"api": _FLEET, "plain": _SERVICE, "blind": _SERVICE},
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
_ONE_OF_EACH = _CHECKED | {
    "waf": {"front": {"protects": ["api"], "rules": {"flood": {"limit": 100}, "bots": {"limit": 200}}}},
    "zonal_shifts": {"away": {"zone": f"{HERE}a", "trigger": {"at": "2 min"}, "expires": "1 h"}},
    "shedding": {"pause": {"of": f"api@{HERE}", "keep": "50 %", "trigger": {"at": "2 min"}, "for": "1 min"}},
    "scaling": {
        "grow": {"service": "api", "in": HERE, "min": 3, "max": 6, "track": {"target": "50 %"}},
        "grow there": {"service": "api", "in": THERE, "min": 3, "max": 6, "track": {"target": "50 %"}},
    },
}
_USERS = {"people": {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"api.view": 1}}}
_DARK = {"at": "1 min", "region": HERE, "mode": "refused"}


def loaded(system: Written = _CHECKED) -> Loaded:
    run = {"run": "move", "at": "4 min"}
    return read(topology(**system), experiment(users=_USERS, faults=[_DARK], operator=[run]))


def declared(system: Loaded) -> dict[str, list[str]]:
    return {kind.key: [*kind.names(system)] for kind in COUNTERMEASURES}


def test_records_that_follow_no_health_are_no_countermeasure() -> None:
    nothing: dict[str, list[str]] = {kind.key: [] for kind in COUNTERMEASURES}
    assert declared(loaded()) == nothing | {"dns": [NAME], "plans": ["move", "all"]}


def test_every_kind_is_another_key() -> None:
    assert len({kind.key for kind in COUNTERMEASURES}) == len(COUNTERMEASURES)


Place = tuple[str, ...]
"""The keys that lead to a value."""


def written(system: Loaded) -> Written:
    return {name: getattr(system, name).model_dump(warnings=False) for name in ("topology", "experiment")}


def differences(one: object, other: object, *place: str) -> set[Place]:
    """Where two differ, down to where not both are mappings."""
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return {place} if one != other else set()
    keys = one.keys() | other.keys()
    return set().union(*(differences(one.get(key), other.get(key), *place, key) for key in keys))


DIFFER: dict[tuple[str, str], set[Place]] = {
    ("dns", NAME): {("topology", "dns", NAME, "heeds_health")},
    ("plans", "move"): {("topology", "plans", "move", "trigger"), ("experiment", "operator")},
    ("waf", "front"): {("topology", "waf", "front", "rules", rule, "action") for rule in ("flood", "bots")},
    **{
        (key, name): {("topology", key, name)}
        for key, name in (("zonal_shifts", "away"), ("shedding", "pause"), ("scaling", "grow"))
    },
}
"""Of one of each kind, what differs without it."""


def test_there_is_one_of_each_kind() -> None:
    assert {kind for kind, _ in DIFFER} == {kind.key for kind in COUNTERMEASURES}


@pytest.mark.parametrize(("key", "name"), DIFFER)
def test_what_is_left_is_a_valid_system_that_differs_in_nothing_else(key: str, name: str) -> None:
    system = loaded(_ONE_OF_EACH)
    (kind,) = (one for one in COUNTERMEASURES if one.key == key)
    assert name in kind.names(system)
    left = with_changes(kind.without(system, name))
    assert differences(written(system), written(left)) == DIFFER[key, name]


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
