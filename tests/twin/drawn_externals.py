"""Drawn external dependencies: in a region of the system, elsewhere, or nobody knows where."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, overrides, sampled, seconds

_FARTHER = ("us-west-2", "eu-west-1")


@st.composite
def externals(draw: st.DrawFn, regions: list[str]) -> Spec:
    """None, one, or two."""
    made = {}
    for number in range(draw(st.sampled_from([0, 1, 2]))):
        home = {"home": draw(st.sampled_from([*regions, *_FARTHER]))}
        where = draw(st.sampled_from([home, home, home, {"latency": draw(seconds(0, 0.04, 1))}]))
        made[f"ext{number}"] = where | overrides(draw, {"takes": sampled(0.005, 0.05, 1)})
    return made


@st.composite
def calls_of(draw: st.DrawFn, external: str) -> Spec:
    """A step that calls one."""
    step: Spec = {"call": external} | overrides(draw, {"takes": st.one_of(st.just("0 ms"), sampled(0.02, 1))})
    if draw(st.integers(0, 2)):
        step |= {"writes": True} | overrides(draw, {"idempotent": st.just(True)})
    return step
