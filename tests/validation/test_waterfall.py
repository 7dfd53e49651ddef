"""Waterfalls of whole runs whose course is known by hand: what held people, and what ended it."""

from typing import Any

import pytest

from simulator.explore.levers import pull_levers
from simulator.explore.running import run
from simulator.report.levers import closing_sentence
from simulator.result.recovery import Phase
from simulator.result.whole import Result
from tests import tiers
from tests.small import HERE, NAME, THERE, experiment, read, topology

CHECKED = {
    NAME: {"service": "api", "policy": "failover", "order": [HERE, THERE], "ttl": "60 s", "health_check": "h"}
}
CHECK = {"h": {"protocol": "https", "interval": "10 s", "failure_threshold": 3}}
SCRIPT = {"profile": "script", "attempts": 1}


def people(rate: str = "20/s", **more: Any) -> dict[str, Any]:
    """Users who act once each, by clients that try once, behind resolvers that keep to the TTL."""
    acting = {"session_length": "1 ms", "think_time": "1 h", "actions": {"view": 1}, "client": SCRIPT}
    return {"people": {"near": HERE, "arrivals": rate, "resolvers": {"extend_ttl": "0 %"}} | acting | more}


def region(mode: str, at: str = "5 min", lasts: str = "15 min", **more: Any) -> dict[str, Any]:
    return {"at": at, "for": lasts, "region": HERE, "mode": mode} | more


def half_a_survivor() -> dict[str, Any]:
    """A gateway in the second region that lets half of the requests through."""
    service = {"regions": [HERE, THERE], "gateway": {}, "operations": {"view": [{"compute": "10 ms"}]}}
    small = {"quotas": {"gateway": {"rate": "10/s", "burst": 5}}}
    return topology(
        services={"api": service}, regions={HERE: {}, THERE: small}, dns=CHECKED, health_checks=CHECK
    )


def phases(result: Result) -> dict[str, Phase]:
    found = {one.phase: one for one in result.recovery.phases}
    assert len(found) == len(result.recovery.phases)
    return found


def assert_half_a_survivor(seed: int) -> None:
    """Three failures 10 s apart are found; caches of 60 s run out one after the other, good to a window.

    From then on half of the users find the gateway's bucket empty, until the first region is answered again
    (30 s after its repair at 20 min) and the caches of the second one have run out in turn.
    """
    loaded = read(
        half_a_survivor(), experiment(duration="30 min", users=people(), faults=[region("refused")])
    )
    found = phases(run(loaded, seed=seed))
    assert [*found] == ["detect", "change_dns", "caches_expire", "capacity_too_small"]
    caches, small = found["caches_expire"], found["capacity_too_small"]
    assert caches.end_s - caches.start_s == pytest.approx(60, abs=10)
    assert caches.ended_by == "expiry"
    assert small.end_s - small.start_s == pytest.approx(870, abs=30)
    assert small.ended_by == "failback"
    assert small.held_by["gateway_limits"] > 0.99 * small.not_served


@tiers.seeds(3)
def test_a_survivor_that_throttles_is_relieved_by_the_failback_and_not_by_caches(seed: int) -> None:
    assert_half_a_survivor(seed)


def test_an_application_that_errs_and_is_never_left_comes_back_with_its_repair() -> None:
    erring = {"at": "5 min", "for": "10 min", "service": "api", "region": HERE, "mode": "error"}
    dns = {NAME: {"service": "api", "policy": "failover", "order": [HERE, THERE], "ttl": "60 s"}}
    loaded = read(topology(dns=dns), experiment(duration="20 min", users=people("5/s"), faults=[erring]))
    (only,) = run(loaded).recovery.phases
    assert (only.phase, only.ended_by, [*only.held_by]) == ("errors", "repair", ["errors"])
    assert only.end_s - only.start_s == 600


def test_connections_that_are_kept_lead_where_dns_leads_nobody_any_more() -> None:
    """Users act every few seconds, so their connections stay open; errors do not close them."""
    kept = {
        "near": HERE,
        "sessions": 100,
        "think_time": "5 s",
        "actions": {"view": 1},
        "client": {"profile": "script", "attempts": 1, "keep_alive": "5 min"},
        "resolvers": {"extend_ttl": "0 %"},
    }
    loaded = read(
        topology(dns=CHECKED, health_checks=CHECK),
        experiment(duration="30 min", users={"people": kept}, faults=[region("error")]),
    )
    result = run(loaded)
    assert [one.phase for one in result.recovery.phases] == ["detect", "change_dns", "kept_connections"]
    last = result.recovery.phases[-1]
    assert (last.ended_by, last.end_s) == ("repair", 20 * 60)
    levers = {one.lever: one for one in pull_levers(loaded, result)}
    assert levers["connections"].recovery_time_s < 150
    assert "no kept-alive connections" in closing_sentence(run(loaded, levers=True))


def test_cached_answers_that_lead_to_a_region_that_is_well_again_hold_nobody() -> None:
    loaded = read(
        topology(dns=CHECKED, health_checks=CHECK),
        experiment(duration="20 min", users=people(), faults=[region("refused", lasts="50 s")]),
    )
    *_, last = run(loaded).recovery.phases
    assert (last.phase, last.ended_by, last.end_s) == ("caches_expire", "repair", 350)


def test_what_is_silent_and_has_no_other_answer_waits_for_the_repair() -> None:
    loaded = read(
        topology(),
        experiment(duration="20 min", users=people("5/s"), faults=[region("black_hole", lasts="5 min")]),
    )
    (only,) = run(loaded).recovery.phases
    assert (only.phase, only.ended_by) == ("no_other_answer", "repair")
