"""Drawn failover plans: standbys that are switched on in the middle of a run."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, seconds


@st.composite
def standbys(draw: st.DrawFn, spec: Spec) -> Spec:
    """A system whose services may be switched off in some regions, and its plan that switches them on."""
    steps = [
        {"enable": name, "in": region, "takes": draw(seconds(0, 20))}
        for name, service in spec["services"].items()
        if "cdn" not in service
        for region in service["regions"][1:]
        if draw(st.integers(0, 3)) == 0
    ]
    services = dict(spec["services"])
    for step in steps:
        service = services[step["enable"]]
        off = [*service.get("dormant_in", []), step["in"]]
        services[step["enable"]] = service | {"dormant_in": off}
    if not steps:
        return spec
    trigger = {"at": draw(seconds(0, 10, 60, 100))}
    plan = {"trigger": trigger, "decision": "none", "steps": draw(st.permutations(steps))}
    return spec | {"services": services, "plans": {"grow": plan}}
