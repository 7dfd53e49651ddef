"""Small things that the strategies draw: durations, shares, choices.

Round figures are likely, so that many things happen at the same nanosecond.
"""

from typing import Any

from hypothesis import strategies as st

REGIONS = ("eu-south-1", "eu-central-1", "eu-north-1", "us-east-1")
FAR = ("ap-southeast-2", "eu-west-1")

Spec = dict[str, Any]


def seconds(*choices: float) -> st.SearchStrategy[str]:
    """One of a few durations."""
    return st.sampled_from([f"{round(choice * 1000)} ms" for choice in choices])


def sampled(*choices: float) -> st.SearchStrategy[Any]:
    """A distribution around one of a few durations, in any of its forms."""
    at = st.sampled_from(choices)
    return st.one_of(
        at.map(lambda s: f"{round(s * 1000)} ms"),
        at.map(lambda s: {"median": f"{round(s * 1000)} ms", "p99": f"{round(s * 4000)} ms"}),
        at.map(lambda s: {"mean": f"{round(s * 1000)} ms"}),
        at.map(lambda s: {"from": f"{round(s * 500)} ms", "to": f"{round(s * 2000)} ms"}),
    )


def percent(*choices: int) -> st.SearchStrategy[str]:
    """One of a few shares."""
    return st.sampled_from([f"{choice} %" for choice in choices])


def some_of(names: list[str], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Some of a list, in any order."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=len(names), unique=True)


def fixed(names: list[str], value: st.SearchStrategy[Any]) -> st.SearchStrategy[Spec]:
    """A mapping with something under each of some names."""
    return st.fixed_dictionaries(dict.fromkeys(names, value))


def overrides(draw: st.DrawFn, optional: dict[str, st.SearchStrategy[Any]]) -> Spec:
    """Some of a mapping's keys."""
    return {key: draw(optional[key]) for key in draw(some_of([*optional], 0))}


def compute_of(service: Spec, region: str) -> Any:
    """What a service runs on in a region, in the words of its file."""
    return service.get("compute_in", {}).get(region, service.get("compute", "unlimited"))


def often(draw: st.DrawFn, value: Any, otherwise: Any = None) -> Any:
    """A value in half of the cases."""
    return value if draw(st.booleans()) else otherwise
