"""Users lowered to numbers."""

import math
from typing import Any

import numpy as np
import pytest

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.users import Population
from simulator.lowering.populations import ENDLESS_NS, lead_ns, lower_mix
from simulator.lowering.sources import lower_distribution
from simulator.randomness.distributions import CONSTANT, EXPONENTIAL, LOGNORMAL, UNIFORM
from simulator.units import Z99
from tests.small import HERE, THERE, experiment, plan_of, topology

SECOND = 10**9
MINUTE, HOUR, DAY = 60 * SECOND, 3600 * SECOND, 86_400 * SECOND


def people(**written: Any) -> Any:
    """The data plan of one population with these keys besides those it must have."""
    users = {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"view": 1}} | written
    users = {key: value for key, value in users.items() if value is not None}
    return plan_of(topology(), experiment(users={"people": users})).data


def distribution(plan: Any, column: str) -> tuple[int, float, float]:
    row = getattr(plan, f"pop_{column}")[0]
    return int(plan.dist_kind[row]), float(plan.dist_a[row]), float(plan.dist_b[row])


@pytest.mark.parametrize(
    ("written", "lowered"),
    [
        ("5 s", (CONSTANT, 5 * SECOND, 0)),
        ({"mean": "8 s"}, (EXPONENTIAL, 8 * SECOND, 0)),
        ({"from": "1 s", "to": "3 s"}, (UNIFORM, SECOND, 3 * SECOND)),
        ({"median": "8 s", "p99": "60 s"}, (LOGNORMAL, math.log(8e9), math.log(7.5) / Z99)),
    ],
)
def test_distributions(written: Any, lowered: tuple[int, float, float]) -> None:
    assert distribution(people(think_time=written), "think") == pytest.approx(lowered)
    field = Population.model_fields["think_time"]
    assert field is not None
    think = Population.model_validate(
        {"near": HERE, "think_time": written, "actions": {"view": 1}}
    ).think_time
    assert lower_distribution(think) == pytest.approx(lowered)


def test_equal_distributions_share_a_row() -> None:
    plan = people(think_time="7 s", session_length="7 s", last_mile="7 s")
    assert plan.pop_think[0] == plan.pop_length[0] == plan.pop_last_mile[0]


def test_closed_population() -> None:
    plan = people()
    assert plan.pop_sessions.tolist() == [10]
    assert plan.pop_gap_ns.tolist() == [0.0]
    assert distribution(plan, "length") == (CONSTANT, ENDLESS_NS, 0.0)
    assert plan.pop_patience_ns.tolist() == [NEVER_NS]


def test_open_population_arrives_at_its_busiest_hours_rate() -> None:
    profile = [1.0] * 12 + [4.0] + [2.0] * 11
    plan = people(sessions=None, arrivals="30/min", session_length="3 min", daily_profile=profile)
    assert plan.pop_sessions.tolist() == [0]
    assert plan.pop_gap_ns.tolist() == [2 * SECOND]
    assert plan.pop_profile[0].tolist() == ([0.25] * 12 + [1.0] + [0.5] * 11) * 7
    assert plan.pop_lead_ns.tolist() == [3 * MINUTE + 1]


def test_without_a_profile_every_hour_is_the_busiest() -> None:
    plan = people(sessions=None, arrivals="1/s", session_length="3 min")
    assert plan.pop_profile[0].tolist() == [1.0] * 7 * 24


def test_weights_of_days_and_hours_multiply() -> None:
    daily, weekly = [2.0] + [1.0] * 23, [4.0] * 5 + [1.0, 2.0]
    plan = people(session_length="3 min", daily_profile=daily, weekly_profile=weekly)
    profile = plan.pop_profile[0].reshape(7, 24)
    assert profile[0].tolist() == [1.0] + [0.5] * 23  # Monday, the busiest day
    assert profile[5].tolist() == [0.25] + [0.125] * 23
    assert profile[6, :2].tolist() == [0.5, 0.25]


@pytest.mark.parametrize(
    ("length", "lead"),
    [
        ((CONSTANT, 3.0 * MINUTE, 0.0), 3 * MINUTE + 1),
        ((UNIFORM, 1.0 * MINUTE, 5.0 * MINUTE), 5 * MINUTE + 1),
        ((EXPONENTIAL, 1.0 * MINUTE, 0.0), int(MINUTE * math.log(1000)) + 1),
        ((LOGNORMAL, math.log(MINUTE), 0.5), int(MINUTE * math.exp(0.5 * 3.090232306167813)) + 1),
        ((CONSTANT, 3.0 * DAY, 0.0), DAY),
    ],
)
def test_arrivals_begin_a_session_length_before_the_run(length: tuple[int, float, float], lead: int) -> None:
    assert lead_ns(length) == pytest.approx(lead, abs=2)


def test_mix_is_cumulative_and_ends_at_exactly_one() -> None:
    operations = {"view": 0, "api.act": 1, "shop.act": 2}
    mix = lower_mix({"view": 3, "shop.act": 1, "api.act": 6}, operations)
    assert [operation for _, operation in mix] == [0, 2, 1]
    assert [share for share, _ in mix] == pytest.approx([0.3, 0.4, 1.0])
    assert mix[-1][0] == 1.0


DEVICES = {  # fixed lifetime, floor, lifetime of failures
    "browser": (-1, MINUTE, 0),
    "jvm": (30 * SECOND, 0, 10 * SECOND),
    "script": (0, 0, 0),
    "aws-legacy-boto3": (0, 0, 0),
}


def device(plan: Any) -> tuple[int, ...]:
    return tuple(int(getattr(plan, f"pop_dns_{key}_ns")[0]) for key in ("fixed", "floor", "negative"))


@pytest.mark.parametrize("profile", DEVICES)
def test_device_caches_follow_the_profile(profile: str) -> None:
    assert device(people(client=profile)) == DEVICES[profile]


def test_a_written_device_cache_overrides_its_profile() -> None:
    assert device(people(client={"profile": "script", "dns_cache": "jvm"})) == DEVICES["jvm"]


def test_populations_with_equal_clients_share_a_policy() -> None:
    user = {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    users = {"a": user, "b": user | {"client": "jvm"}, "c": user | {"client": {"keep_alive": "300 s"}}}
    plan = plan_of(topology(), experiment(users=users)).data
    assert plan.pop_policy[0] == plan.pop_policy[2] != plan.pop_policy[1]


def test_new_users_register() -> None:
    system = topology(identity={"issuer": [HERE]})
    user = {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    users = {"old": user, "new": user | {"sign_up": "20 %"}}
    assert plan_of(system, experiment(users=users)).data.pop_sign_up.tolist() == [0.0, 0.2]


def test_each_population_has_its_own_resolvers() -> None:
    user = {"near": HERE, "sessions": 1, "think_time": "1 s", "actions": {"view": 1}}
    users = {"a": user | {"resolvers": {"count": 3}}, "b": user | {"near": THERE, "resolvers": {"count": 5}}}
    plan = plan_of(topology(), experiment(users=users)).data
    assert plan.pop_resolver_first.tolist() == [0, 4]  # three honest ones and one that is not
    assert plan.pop_resolver_count.tolist() == [4, 7]
    assert len(plan.resolver_extend_ns) == 11
    assert plan.pop_near.tolist() == [0, 1]


def users_by_extension(plan: Any) -> dict[int, float]:
    """Share of a population's users by how long (ns) their resolvers extend TTLs."""
    users = np.diff(plan.resolver_users_upto, prepend=0.0)
    return {
        ns: float(users[plan.resolver_extend_ns == ns].sum()) for ns in {*plan.resolver_extend_ns.tolist()}
    }


@pytest.mark.parametrize(("share", "honest", "extending"), [("0 %", 9, 0), ("5 %", 9, 3), ("100 %", 0, 3)])
def test_resolvers_are_honest_or_not(share: str, honest: int, extending: int) -> None:
    plan = people(resolvers={"count": 9, "extend_ttl": share})
    assert (plan.resolver_extend_ns == 0).sum() == honest
    assert (plan.resolver_extend_ns > 0).sum() == extending
    assert plan.resolver_users_upto[-1] == 1.0


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_share_of_users_behind_extending_resolvers_is_no_lottery(seed: int) -> None:
    plan = plan_of(topology(), experiment(), seed=seed).data
    shares = users_by_extension(plan)
    assert shares[0] == pytest.approx(0.95)
    # 25 extending resolvers: 59 %, 11 % and 30 % to the nearest of them
    assert shares[HOUR] == pytest.approx(0.05 * 0.60)
    assert shares[DAY] == pytest.approx(0.05 * 0.08)
    assert shares[3 * DAY] == pytest.approx(0.05 * 0.32)


def test_honest_resolvers_are_used_unevenly_and_others_evenly() -> None:
    plan = people(resolvers={"count": 4, "extend_ttl": "10 %"})
    users = np.diff(plan.resolver_users_upto, prepend=0.0)
    assert users[:4] / users[0] == pytest.approx([1, 2**-0.5, 3**-0.5, 0.5])
    assert users[:4].sum() == pytest.approx(0.9)
    assert users[4:] == pytest.approx([0.1])


def test_extensions_that_a_topology_gives_are_its_quantiles() -> None:
    extension = {"from": "10 s", "to": "30 s"}
    system = topology(defaults={"resolver_extension": extension, "resolver_extends_ttl": "50 %"})
    user = {
        "near": HERE,
        "sessions": 1,
        "think_time": "1 s",
        "actions": {"view": 1},
        "resolvers": {"count": 8},
    }
    plan = plan_of(system, experiment(users={"people": user})).data
    assert plan.resolver_extend_ns.tolist() == [0] * 8 + [15 * SECOND, 25 * SECOND]


def test_the_ages_of_answers_at_time_zero_are_spread_evenly() -> None:
    phase = np.sort(people(resolvers={"count": 100, "extend_ttl": "0 %"}).resolver_phase)
    # multiples of the golden ratio: the longest gap of n points is below 1.9 / n
    assert np.diff(phase, prepend=phase[-1] - 1).max() < 1.9 / 100


def test_nobody_is_an_empty_population() -> None:
    plan = plan_of(topology(), experiment(users={})).data
    assert {len(getattr(plan, f"pop_{name}")) for name in ("near", "gap_ns", "profile", "think")} == {0}
    assert plan.pop_profile.shape == (0, 7 * 24)
