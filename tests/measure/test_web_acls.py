"""Whom web ACLs blocked, and for how long, as a result tells it; and what of that expectations can name."""

from typing import Any

import pytest

import simulator
from simulator.measure import laws
from simulator.outcome import Outcome
from tests.small import HERE, NAME, THERE, experiment, guarded, played, topology, write

EXPECTED = [
    {"blocked_requests": {"at_least": 2000}},
    {"blocked_requests": {"population": "home", "at_most": 0}},
    {"honest_users_blocked": {"at_most": 0, "population": "home"}},
    {"honest_users_blocked": {"at_least": 30, "at_most": 30, "population": "office"}},
    {"honest_minutes_blocked": {"at_least": 100, "population": "office"}},
]


def system(**rule: Any) -> dict[str, Any]:
    """A REST API that lets in 100 requests a minute from one address."""
    names = {NAME: {"service": "api", "policy": "failover"}}  # all of it goes to the first region
    return guarded(**rule) | {"dns": names}


def users() -> dict[str, Any]:
    """Thirty people behind one address ask thrice a second; as many at home, each behind their own."""
    people = {"near": HERE, "sessions": 30, "think_time": "10 s", "actions": {"view": 1}}
    return {"office": people | {"addresses": 1}, "home": people}


def flood(**more: Any) -> dict[str, Any]:
    bots = {"near": THERE, "rate": "20/s", "actions": {"view": 1}, "addresses": 2}
    fault = {"at": "2 min", "for": "2 min", "bots": bots}
    return experiment(duration="6 min", users=users(), faults=[fault], **more)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return played(system(), flood())


def test_every_request_is_let_in_or_blocked(outcome: Outcome) -> None:
    t = outcome.tallies
    laws.check(outcome)
    blocked = int(t.rule_matched.sum())
    assert blocked == int(t.acl_blocked.sum())
    came = int(t.acl_allowed.sum()) + blocked
    assert came == pytest.approx(int(t.attempts.sum()), abs=5)  # a few are under way at the end


def test_those_behind_one_address_are_blocked_together_and_others_are_not(outcome: Outcome) -> None:
    """The office asks 180 times a minute, each at home 6 times; people, who are blocked, come again later."""
    names = outcome.plan.populations
    assert dict(zip(names, outcome.tallies.users_blocked.tolist(), strict=True)) == {
        "office": 30,
        "home": 0,
        "bots 1": 0,
    }
    minutes = outcome.tallies.blocked_ms / 60_000
    # from the first check that finds them, within a minute and a quarter, to the end: they never get below
    assert 30 * 4.5 < minutes[0] < 30 * 6
    assert minutes[1] == 0


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> simulator.Result:
    run = flood(expect=EXPECTED)
    return simulator.run(write(tmp_path_factory.mktemp("run"), system(), run))


def test_expectations_name_what_was_blocked(result: simulator.Result) -> None:
    assert [one.verdict for one in result.expectations] == ["met"] * len(EXPECTED)


def test_the_section_tells_of_each_rule_in_its_place(result: simulator.Result) -> None:
    assert result.web_acls is not None
    here, there = result.web_acls.acls
    assert (here.web_acl, here.place, there.place) == ("front", HERE, THERE)
    [rule] = here.rules
    assert (rule.rule, rule.action) == ("flood", "block")
    assert {*rule.requests} == {"office", "bots 1"}
    assert rule.most_limited == 3  # the office's address, and both of the bots
    assert rule.first_limited_s is not None
    assert 33 < rule.first_limited_s < 60  # the limit is passed after 33 s; the next check, and 10 s
    assert rule.released_s is None  # the office never gets below
    assert sum(rule.requests.values()) == here.blocked
    assert {*result.web_acls.populations} == {"office"}
    assert {*result.web_acls.bots} == {"bots 1"}


def test_a_rule_that_counts_blocks_nobody(tmp_path: Any) -> None:
    found = simulator.run(write(tmp_path, system(action="count"), flood())).web_acls
    assert found is not None
    assert sum(one.blocked for one in found.acls) == 0
    assert sum(one.counted for one in found.acls) > 2000
    assert not found.populations


def test_a_limit_by_client_spares_those_who_share_an_address(tmp_path: Any) -> None:
    """Each person asks six times a minute; and bots carry nothing by which they could be told apart."""
    found = simulator.run(write(tmp_path, system(by="client"), flood())).web_acls
    assert found is not None
    assert sum(one.blocked for one in found.acls) == 0


def test_without_a_web_acl_there_is_no_section_and_expectations_are_not_exercised(tmp_path: Any) -> None:
    api = topology()["services"]["api"] | {"gateway": {}}
    run = flood(expect=[{"blocked_requests": {"at_most": 0}}])
    result = simulator.run(write(tmp_path, topology(services={"api": api}), run))
    assert result.web_acls is None
    assert "web_acls" not in result.to_dict()
    assert [one.verdict for one in result.expectations] == ["not_exercised"]


def test_each_web_acl_has_its_metrics_which_exist_where_they_are_not_zero(tmp_path: Any) -> None:
    guarded = system() | {"metrics": ["waf.*"]}
    result = simulator.run(write(tmp_path, guarded, flood()), metrics=True)
    assert result.web_acls is not None
    assert result.monitoring is not None
    kept = {(one.metric, one.of): one for one in result.monitoring.metrics}
    here, there = result.web_acls.acls
    for acl in (here, there):
        for what in ("allowed", "blocked", "counted"):
            metric = kept[f"waf.{what}_requests", f"front@{acl.place}"]
            assert metric.region == acl.place
            assert metric.series.sum.sum() == getattr(acl, what)
            assert (metric.series.sum > 0).all()  # no point is a zero
    assert kept["waf.counted_requests", f"front@{HERE}"].points == 0
    assert here.allowed > 0
    assert there.allowed == 0  # nobody is led there


def test_the_metrics_of_one_before_cloudfront_are_in_virginia(tmp_path: Any) -> None:
    guarded = system() | {"metrics": ["waf.blocked_requests"]}
    guarded["waf"]["front"]["scope"] = "cloudfront"
    result = simulator.run(write(tmp_path, guarded, flood()), metrics=True)
    assert result.monitoring is not None
    [metric] = result.monitoring.metrics
    assert (metric.of, metric.region) == ("front", "us-east-1")
    assert metric.series.sum.sum() > 0
