"""Web ACLs checked: they stand where AWS lets them stand, and their rules look at something."""

from simulator.language.checks.values import check_repeats
from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.guarded import rules_placed
from simulator.language.models.topology import Service, Topology, is_called
from simulator.language.models.web_acls import WebAcl
from simulator.language.reading.positions import Document, Path

MOST_RULES = 20


def check_web_acls(topology: Topology, document: Document) -> None:
    """Report web ACLs that cannot be, and rules that look at nothing."""
    before: dict[str, str] = {}
    for name, acl in topology.waf.items():
        path: Path = ("waf", name)
        if not acl.rules:
            document.problem("a web ACL without rules blocks nobody; give it one", (*path, "rules"))
        check_repeats(acl.protects, document, (*path, "protects"))
        for number, service in enumerate(acl.protects):
            _check_only(service, name, before, document, (*path, "protects", number))
            if service in topology.services:
                _check_front(service, acl, topology, document, (*path, "protects", number))
        _check_operations(name, acl, topology, document)
        _check_whom(name, acl, topology, document)
    rules = rules_placed(topology)
    if rules > MOST_RULES:
        complaint = f"at most {MOST_RULES} rules, each counted once for every region of a regional web ACL"
        document.problem(f"{complaint}; these are {rules}", ("waf",), at_key=True)


def _check_whom(name: str, acl: WebAcl, topology: Topology, document: Document) -> None:
    """A rule has a limit, or concerns those whom a detector has flagged, by their addresses."""
    for rule, one in acl.rules.items():
        path: Path = ("waf", name, "rules", rule)
        if one.flagged_by is None:
            if one.limit is None:
                complaint = "a rule needs a 'limit', or 'flagged_by' a detector"
                document.problem(complaint, path, at_key=True)
            continue
        if one.by == "client":
            complaint = "a detector flags addresses; leave 'by: client' out"
            document.problem(complaint, (*path, "by"))


def _check_only(service: str, acl: str, before: dict[str, str], document: Document, path: Path) -> None:
    """A resource has one web ACL."""
    other = before.setdefault(service, acl)
    if other != acl:
        complaint = f"service '{service}' has web ACL '{other}' already, and can have one"
        document.problem(f"{complaint}; put the rules of both into it", path)


def _check_front(name: str, acl: WebAcl, topology: Topology, document: Document, path: Path) -> None:
    """CloudFront may stand before anything; a regional web ACL before a REST API or a load balancer."""
    service = topology.services[name]
    if acl.scope == "cloudfront":
        return
    elsewhere = "say 'scope: cloudfront', to put it before a content network that all requests pass first"
    if service.cdn is not None:
        complaint = f"'{name}' is a content network, whose web ACL is global; say 'scope: cloudfront'"
    elif service.gateway is not None and service.gateway.kind == "http":
        complaint = f"an HTTP API, as '{name}' has, carries no web ACL; make it 'kind: rest', or {elsewhere}"
    elif service.gateway is None and not _has_balancer(name, service, topology):
        complaint = (
            f"nothing that could have a web ACL stands before '{name}'; give it a 'gateway', or {elsewhere}"
        )
    else:
        return
    document.problem(complaint, path)


def _has_balancer(name: str, service: Service, topology: Topology) -> bool:
    """Whether a load balancer is the door in every region: of nodes, of a function, or of an alias record."""
    computes = [service.compute_in.get(region, service.compute) for region in service.regions]
    followed = any(
        record.service == name and record.evaluate_target_health for record in topology.dns.values()
    )
    return followed or all(isinstance(one, LambdaCompute | NodesCompute) for one in computes)


def _check_operations(name: str, acl: WebAcl, topology: Topology, document: Document) -> None:
    """What a rule looks at is an operation of one of the services."""
    theirs = [
        (service, one)
        for service in acl.protects
        if service in topology.services
        for one in topology.services[service].operations
    ]
    if not all(service in topology.services for service in acl.protects):
        return
    for rule, one in acl.rules.items():
        for number, operation in enumerate(one.operations or []):
            owners = [owner for owner in topology.services if _has(topology, owner, operation)]
            if owners and not any(is_called(operation, *other) for other in theirs):
                complaint = f"'{operation}' is an operation of '{owners[0]}', which '{name}' does not protect"
                document.problem(complaint, ("waf", name, "rules", rule, "operations", number))


def _has(topology: Topology, service: str, operation: str) -> bool:
    return any(is_called(operation, service, one) for one in topology.services[service].operations)
