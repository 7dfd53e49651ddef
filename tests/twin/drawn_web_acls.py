"""Drawn web ACLs, and addresses that users and bots share."""

from typing import Any

from hypothesis import strategies as st

from tests.twin.drawn import Spec, compute_of, often, some_of
from tests.twin.drawn_calls import INNER


@st.composite
def _rules(draw: st.DrawFn, operations: list[str]) -> Spec:
    return {
        "limit": draw(st.sampled_from([10, 10, 12, 30])),
        "window": draw(st.sampled_from(["60 s", "60 s", "120 s", "300 s"])),
        "by": draw(st.sampled_from(["address", "address", "client"])),
        "action": draw(st.sampled_from(["block", "block", "count"])),
    } | often(draw, {"operations": draw(some_of(operations))}, {})


def _scopes(service: Spec) -> list[str]:
    """Where AWS lets a web ACL of the service stand, as far as a file that is drawn can tell."""
    is_balanced = all(compute_of(service, region) != "unlimited" for region in service["regions"])
    is_rest = service.get("gateway", {}).get("kind", "rest") == "rest" if "gateway" in service else False
    can = "cdn" not in service and (is_rest or ("gateway" not in service and is_balanced))
    return ["regional", "regional", "cloudfront"] if can else ["cloudfront"]


def add_web_acls(draw: st.DrawFn, topology: Spec, experiment: Spec) -> None:
    """Before some of the services that users reach; some populations come from few addresses."""
    if draw(st.integers(0, 2)) == 0:
        return
    topology["waf"] = {}
    for name, service in topology["services"].items():
        if name not in INNER and draw(st.integers(0, 2)):
            rules = draw(st.lists(_rules([*service["operations"]]), min_size=1, max_size=2))
            topology["waf"][f"before-{name}"] = {
                "protects": [name],
                "scope": draw(st.sampled_from(_scopes(service))),
                "rules": {f"rule{number}": rule for number, rule in enumerate(rules)},
            }
    crowds: list[Any] = [*experiment["users"].values()]
    crowds += [fault["bots"] for fault in experiment["faults"] if "bots" in fault]
    for crowd in crowds:
        crowd |= often(draw, {"addresses": draw(st.integers(1, 3))}, {})
