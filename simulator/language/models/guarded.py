"""Where web ACLs stand."""

from simulator.boundary.kinds import AT_CLOUDFRONT, FRONTS
from simulator.language.models.topology import Topology
from simulator.language.models.web_acls import WebAcl

CLOUDFRONT = FRONTS[AT_CLOUDFRONT]
"""In place of a region."""


def places_of_acl(acl: WebAcl, topology: Topology) -> list[str]:
    """Each region in which one of its services runs, in the topology's order; or CloudFront."""
    if acl.scope == CLOUDFRONT:
        return [CLOUDFRONT]
    services = [topology.services[one] for one in acl.protects if one in topology.services]
    runs = {region for service in services for region in service.regions}
    return [region for region in topology.regions if region in runs]


def rules_placed(topology: Topology) -> int:
    """How many rules all web ACLs have, each counted once in every place."""
    return sum(len(acl.rules) * len(places_of_acl(acl, topology)) for acl in topology.waf.values())
