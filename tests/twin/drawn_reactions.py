"""Drawn zonal shifts and load shedding, at times of the run."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, compute_of, often, percent, seconds, some_of


def add_reactions(draw: st.DrawFn, topology: Spec, populations: list[str]) -> None:
    """Load is shed before some services; a zone of a region with nodes is left."""
    if draw(st.integers(0, 2)) == 0:
        return
    every = topology["services"]
    served = {name: one for name, one in every.items() if "cdn" not in one}
    topology["shedding"] = {
        f"shed{number}": _shedding(draw, name, every[name], populations)
        for number, name in enumerate(draw(st.lists(st.sampled_from([*every]), max_size=2)))
    }
    fleets = [
        region for one in served.values() for region in one["regions"] if "nodes" in compute_of(one, region)
    ]
    if fleets:
        topology["zonal_shifts"] = {"leave": _shift(draw, topology, draw(st.sampled_from(fleets)))}


def _shedding(draw: st.DrawFn, name: str, service: Spec, populations: list[str]) -> Spec:
    is_network = "cdn" in service
    where = "" if is_network else draw(st.sampled_from(["", f"@{service['regions'][0]}"]))
    scopes = ["cloudfront"] if is_network else ["cloudfront", "regional"]
    whose = draw(some_of([*populations, "bots"]))
    return {
        "of": name + where,
        "keep": draw(percent(0, 30, 70)),
        "trigger": {"at": draw(seconds(0, 20, 50))},
        "for": draw(seconds(10, 40)),
        "ramp_back": draw(st.sampled_from(["0 s", "30 s", "90 s"])),
        **draw(st.sampled_from([{}, {"scope": draw(st.sampled_from(scopes))}])),
        **draw(st.sampled_from([{}, {"populations": whose}])),
    } | often(draw, {"operations": draw(some_of([*service["operations"]]))}, {})


def _shift(draw: st.DrawFn, topology: Spec, region: str) -> Spec:
    letter = draw(st.sampled_from("abc"[: topology["regions"][region].get("zones", 3)]))
    trigger = {"at": draw(seconds(0, 20, 50))}
    return {"zone": region + letter, "trigger": trigger, "expires": draw(seconds(10, 60))}
