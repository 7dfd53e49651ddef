"""Web ACLs lowered: where each of them stands, what its rules look at, and when rates are checked.

Specification: docs/model-request-path.md §1.1.
"""

from typing import Any

import numpy as np

from simulator.boundary.fields import Ints
from simulator.language.models.guarded import CLOUDFRONT, places_of_acl
from simulator.language.models.topology import is_called
from simulator.language.models.web_acls import RateRule, WebAcl
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.web_acls import AT_CLOUDFRONT, FlaggedRule, RulePlan, WebAclPlan, place_of
from simulator.randomness.draws import WAF, uniform_of
from simulator.records import dataclass
from simulator.units import parse_duration

CHECKED_EVERY_NS = 10 * 10**9
_SLICES_OF_A_WINDOW = 6


@dataclass(frozen=True)
class PlacedAcl:
    """A web ACL where it stands: a region's number, or `AT_CLOUDFRONT`."""

    name: str
    acl: WebAcl
    region: int


def placed(context: Context) -> list[PlacedAcl]:
    """Every web ACL, a regional one once for each region of what it protects, by number."""
    found = []
    for name, acl in context.topology.waf.items():
        for place in places_of_acl(acl, context.topology):
            region = AT_CLOUDFRONT if place == CLOUDFRONT else context.regions.index(place)
            found.append(PlacedAcl(name, acl, region))
    return found


def lower_web_acls(context: Context) -> dict[str, Any]:
    """The `acl_` and `rule_` arrays, and `service_acl`."""
    acls = placed(context)
    rules = [(one, rule) for one in acls for rule in one.acl.rules.values()]
    counts = [len(one.acl.rules) for one in acls]
    return {
        "web_acls": len(acls),
        "service_acl": _before(acls, context),
        "acl_rule_first": np.cumsum([0, *counts])[:-1].astype(np.int64),
        "acl_rule_count": np.array(counts, np.int64),
        "acl_global": np.array([one.region == AT_CLOUDFRONT for one in acls], np.int64),
        "rule_limit": np.array([rule.limit or 0 for _, rule in rules], np.int64),
        "rule_phase_ns": np.repeat(
            [_phase_ns(number, context) for number in range(len(acls))], counts
        ).astype(np.int64),
        "rule_slice_ns": np.array([_slice_ns(rule) for _, rule in rules], np.int64),
        "rule_of_flagged": np.array([rule.flagged_by is not None for _, rule in rules], np.int64),
        "rule_by_client": np.array([rule.by == "client" for _, rule in rules], np.int64),
        "rule_blocks": np.array([rule.action == "block" for _, rule in rules], np.int64),
        "rule_concerns": _concerns(rules, context),
    }


def rules_of_flagged(context: Context, detector: str) -> tuple[FlaggedRule, ...]:
    """The rules that concern those whom a detector has flagged, in every place."""
    rules = [(one, name, rule) for one in placed(context) for name, rule in one.acl.rules.items()]
    return tuple(
        FlaggedRule(number, one.name, name, place_of(one.region, context.regions), rule.action)
        for number, (one, name, rule) in enumerate(rules)
        if rule.flagged_by == detector
    )


def _phase_ns(number: int, context: Context) -> int:
    return int(uniform_of(context.seed, WAF, number, 0, 0, 0) * CHECKED_EVERY_NS)


def _slice_ns(rule: RateRule) -> int:
    return parse_duration(rule.window) // _SLICES_OF_A_WINDOW


def _before(acls: list[PlacedAcl], context: Context) -> Ints:
    """[service, region] the web ACL before it; one at CloudFront is before all regions."""
    rows = np.full((len(context.services), len(context.regions)), -1, np.int64)
    for number, one in enumerate(acls):
        for service in one.acl.protects:
            everywhere = one.region == AT_CLOUDFRONT
            rows[context.services.index(service), slice(None) if everywhere else one.region] = number
    return rows


def _concerns(rules: list[tuple[PlacedAcl, RateRule]], context: Context) -> Ints:
    """[rule, operation]; the last operation is the token request, which meets no web ACL."""
    named = [
        (service, operation)
        for service, one in context.topology.services.items()
        for operation in one.operations
    ]
    rows = np.zeros((len(rules), len(named) + 1), np.int64)
    for number, (one, rule) in enumerate(rules):
        for column, (service, operation) in enumerate(named):
            chosen = rule.operations is None or any(
                is_called(said, service, operation) for said in rule.operations
            )
            rows[number, column] = chosen and service in one.acl.protects
    return rows


def lower_plans(context: Context) -> tuple[WebAclPlan, ...]:
    """One plan for each web ACL in its place."""
    acls, plans, first = placed(context), [], 0
    if not acls:
        return ()
    propagation_ns = context.sources.duration_ns("waf.propagation")
    for number, one in enumerate(acls):
        rules = tuple(
            RulePlan(first + n, name, rule.action == "block")
            for n, (name, rule) in enumerate(one.acl.rules.items())
        )
        first += len(rules)
        times_ns = _phase_ns(number, context), CHECKED_EVERY_NS, propagation_ns
        plans.append(WebAclPlan(number, one.name, one.region, rules, *times_ns))
    return tuple(plans)


PART = Part("web ACLs", lower_plans)
