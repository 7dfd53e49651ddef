"""Zonal shifts and load shedding, counted by hand: who gets what, from when to when.

Twenty requests a second for a minute are 1,200; a share of them is known within four standard errors.
"""

from typing import Any

import pytest

import simulator
from simulator.language.countermeasures import BY_KEY
from tests.small import HERE, NAME, Written, experiment, read, topology
from tests.validation.test_grey_parts import PEOPLE, about

NODES: Written = {"nodes": {"per_zone": 2, "workers": 50, "check": {"interval": "10 s"}}}


def system(**more: Any) -> Written:
    operations = {"view": [{"compute": "200 ms"}], "buy": [{"compute": "200 ms"}]}
    service = {"regions": [HERE], "compute": NODES, "operations": operations}
    record = {"service": "api", "policy": "simple", "ttl": "60 s"}
    return topology(regions={HERE: {}}, services={"api": service}, dns={NAME: record}, **more)


def run(system: Written, *faults: Written, **more: Any) -> simulator.Result:
    """Five minutes of twenty requests a second, half of them to buy."""
    people = PEOPLE | {"actions": {"view": 1, "buy": 1}}
    told = experiment(users={"people": people}, duration="300 s", faults=[*faults], **more)
    return simulator.run(read(system, told), seed=1)


def events(result: simulator.Result, *kinds: str) -> list[tuple[str, float]]:
    return [(event.kind, event.at_s) for event in result.events if event.kind in kinds]


SHED = {"of": f"api@{HERE}", "keep": "25 %", "trigger": {"at": "60 s"}, "for": "60 s"}


def test_what_is_shed_is_answered_early_with_503_and_costs_nothing() -> None:
    """Three quarters of 1,200 requests; the answer comes before any of the work of 200 ms."""
    result = run(system(shedding={"pause": SHED}))
    (site,) = result.capacity.sites
    assert site.shed == result.requests.attempts.by_outcome["overloaded"] == about(900)
    assert site.started == result.requests.attempts.started - site.shed
    assert events(result, "shedding_began", "shedding_eases", "shedding_ended") == [
        ("shedding_began", 60.0),
        ("shedding_ended", 120.0),
    ]


def test_load_is_let_in_again_minute_by_minute() -> None:
    """Nothing for a minute; then over two minutes nothing, and half of it: 1,200 + 1,200 + 600 are shed."""
    shed = SHED | {"keep": "0 %", "ramp_back": "2 min"}
    result = run(system(shedding={"pause": shed}))
    assert result.capacity.sites[0].shed == about(3_000)
    assert events(result, "shedding_eases", "shedding_ended") == [
        ("shedding_eases", 120.0),
        ("shedding_ended", 240.0),
    ]


def test_only_some_operations_are_shed_and_two_that_shed_add_up() -> None:
    """Of 600 purchases in the minute three quarters; a second one lets half of the rest in: an eighth."""
    first = SHED | {"operations": ["buy"]}
    assert run(system(shedding={"pause": first})).capacity.sites[0].shed == about(450)
    both = {"pause": first, "more": first | {"keep": "50 %"}}
    assert run(system(shedding=both)).capacity.sites[0].shed == about(525)


def test_somebody_has_to_do_it_and_takes_their_time() -> None:
    by = {"operator": "whoever is on call", "delay": "46 s"}
    result = run(system(shedding={"pause": SHED | {"by": by}}))
    assert events(result, "shedding_began", "shedding_ended") == [
        ("shedding_began", 106.0),
        ("shedding_ended", 166.0),
    ]


SHIFT = {"zone": f"{HERE}b", "trigger": {"at": "60 s"}, "expires": "2 min"}
GREY = {"at": "0 s", "zone": f"{HERE}b", "mode": "error", "share": "10 %"}


def test_a_zone_that_is_left_gets_nothing_until_the_shift_expires() -> None:
    """A tenth of a third of 20/s for the three minutes that are not shifted: 120, and no check sees it."""
    result = run(system(zonal_shifts={"away": SHIFT}), GREY)
    assert result.requests.attempts.by_outcome["error"] == about(120)
    assert events(result, "zonal_shift_began", "zonal_shift_ended") == [
        ("zonal_shift_began", 60.0),
        ("zonal_shift_ended", 180.0),
    ]


def test_a_shift_has_no_effect_while_nobody_else_is_healthy() -> None:
    """The other zones are down and found dead within 20 s; then all 20/s go to the one that is left."""
    down = [{"at": "30 s", "zone": f"{HERE}{letter}", "mode": "refused"} for letter in "ac"]
    result = run(system(zonal_shifts={"away": SHIFT | {"expires": "4 min"}}), *down)
    out = sorted(event.at_s for event in result.events if event.kind == "target_unhealthy")
    assert len(out) == 4
    assert out[-1] < 51
    assert result.requests.attempts.by_outcome["error"] < 20 * (out[-1] - 30)
    assert result.requests.attempts.by_outcome["succeeded"] > 20 * (300 - (out[-1] - 30)) * 0.9


def test_its_control_plane_is_needed_and_goes_down_with_the_region() -> None:
    frozen = {"at": "50 s", "until": "100 s", "control_plane": "zonal_shift"}
    result = run(system(zonal_shifts={"away": SHIFT}), frozen)
    (refused,) = [event for event in result.events if event.kind == "reaction_refused"]
    assert (refused.at_s, refused.target) == (60.0, f"away: {HERE}b")
    assert "refuses changes" in refused.detail["why"]
    assert events(result, "zonal_shift_began") == [("zonal_shift_began", 120.0)]


def test_one_zone_at_a_time() -> None:
    other = SHIFT | {"zone": f"{HERE}a", "trigger": {"at": "70 s"}}
    result = run(system(zonal_shifts={"away": SHIFT, "other": other}))
    (refused,) = [event for event in result.events if event.kind == "reaction_refused"]
    assert refused.detail["why"] == "another zonal shift of a load balancer is in effect"
    began = [at_s for kind, at_s in events(result, "zonal_shift_began")]
    assert began == [60.0, 190.0]


ALARM = {
    "metric": "load_balancer.target_5xx_count",
    "of": f"api@{HERE}",
    "statistic": "sum",
    "period": "60 s",
    "threshold": "> 10",
    "datapoints": "1 of 1",
    "missing": "not_breaching",
}


def test_an_alarm_starts_it_and_is_its_cause() -> None:
    shift = SHIFT | {"trigger": {"alarm": "errors"}}
    result = run(system(zonal_shifts={"away": shift}, alarms={"errors": ALARM}), GREY)
    (began,) = [event for event in result.events if event.kind == "zonal_shift_began"]
    cause = result.events[began.cause]
    assert (cause.kind, cause.target, cause.detail["state"]) == ("alarm_changed", "errors", "ALARM")
    assert began.detail["countermeasure"] == "away"


@pytest.mark.parametrize(
    ("kind", "written", "complaint"),
    [
        ("zonal_shifts", SHIFT | {"expires": "73 h"}, "a zonal shift expires after at most 72 h"),
        ("zonal_shifts", SHIFT | {"services": ["apy"]}, "unknown service 'apy'; did you mean 'api'?"),
        ("zonal_shifts", SHIFT | {"zone": f"{HERE}d"}, f"unknown zone '{HERE}d'"),
        ("shedding", SHED | {"keep": "100 %"}, "what keeps 100 % sheds nothing"),
        ("shedding", SHED | {"of": "api@eu-west-1"}, "service 'api' does not run in 'eu-west-1'"),
        ("shedding", SHED | {"operations": ["sell"]}, "unknown operation 'sell'"),
        ("shedding", SHED | {"trigger": {"alarm": "none"}}, "unknown alarm 'none'"),
        (
            "shedding",
            {key: value for key, value in SHED.items() if key != "for"},
            "say 'for' how long; only shedding by an alarm ends by itself, with the alarm",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(kind: str, written: Written, complaint: str) -> None:
    with pytest.raises(simulator.SpecError) as found:
        run(system(**{kind: {"one": written}}))
    assert complaint in str(found.value)


def test_the_same_run_without_one_is_asked_for_by_its_name() -> None:
    loaded = read(system(shedding={"pause": SHED}, zonal_shifts={"away": SHIFT}), experiment())
    found = {key: [*kind.names(loaded)] for key, kind in BY_KEY.items()}
    assert (found["shedding"], found["zonal_shifts"]) == (["pause"], ["away"])
    shedding = BY_KEY["shedding"]
    assert shedding.without(loaded, "pause").topology.shedding == {}
