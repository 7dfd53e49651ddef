"""Drawn users and bots."""

from hypothesis import strategies as st

from tests.twin.drawn import FAR, REGIONS, Spec, overrides, percent, sampled, seconds, some_of
from tests.twin.drawn_services import BREAKERS, PROFILES, QUOTAS, backoffs


@st.composite
def clients(draw: st.DrawFn) -> Spec:
    """A client of any profile with anything overridden."""
    optional = {
        "timeout": seconds(0.05, 1, 10),
        "connect_timeout": seconds(0.1, 1, 5),
        "attempts": st.sampled_from([1, 2, 3, 5, 64]),
        "backoff": backoffs(0.1, 1),
        "dns_cache": st.sampled_from(["browser", "jvm", "none"]),
        "keep_alive": seconds(0, 2, 60),
        "quota": QUOTAS,
        "circuit_breaker": BREAKERS,
        "adaptive": st.booleans(),
        "next_address": st.one_of(st.just("none"), seconds(0.05, 0.2, 1, 8)),
        "repeat_reset": st.sampled_from(["none", "reads", "all", "all"]),
    }
    profile = draw(st.sampled_from(["browser", "browser", "jvm", "script", *PROFILES]))
    return {"profile": profile} | overrides(draw, optional)


def mixes(operation_names: list[str]) -> st.SearchStrategy[Spec]:
    """Some operations, with weights."""
    names = some_of(operation_names)
    return names.flatmap(lambda some: st.fixed_dictionaries(dict.fromkeys(some, st.sampled_from([1, 3]))))


@st.composite
def populations(draw: st.DrawFn, operation_names: list[str], with_identity: bool) -> Spec:
    """Closed or open, patient or not."""
    population: Spec = {
        "near": draw(st.sampled_from([*REGIONS, *FAR])),
        "think_time": draw(sampled(1, 3, 10)),
        "actions": draw(mixes(operation_names)),
        "client": draw(clients()),
        "last_mile": draw(st.sampled_from(["wired", "mobile", "0 ms", "20 ms"])),
        "resolvers": {"count": draw(st.integers(1, 3)), "extend_ttl": draw(percent(0, 50))},
    }
    if draw(st.booleans()):
        population["sessions"] = draw(st.integers(1, 8))
        length = draw(st.one_of(st.none(), sampled(10, 60)))
    else:
        population["arrivals"] = draw(st.sampled_from(["1/s", "10/min"]))
        length = draw(sampled(5, 30))
    if length is not None:
        population["session_length"] = length
        if draw(st.booleans()):
            population["daily_profile"] = [draw(st.sampled_from([0.2, 1.0]))] + [1.0] * 23
        if draw(st.booleans()):
            population["weekly_profile"] = [draw(st.sampled_from([0.2, 0.5, 1.0])), *[1.0, 0.3] * 3]
    if with_identity:
        population |= overrides(draw, {"sign_up": percent(50, 100)})
    return population | overrides(draw, {"patience": seconds(1, 5, 30)})


@st.composite
def bots(draw: st.DrawFn, operation_names: list[str]) -> Spec:
    """A few of them."""
    return {
        "near": draw(st.sampled_from([*REGIONS, *FAR])),
        "rate": draw(st.sampled_from(["1/s", "5/s"])),
        "actions": draw(mixes(operation_names)),
    }
