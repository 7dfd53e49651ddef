"""Content networks lowered."""

from typing import Any

from simulator.boundary.kinds import NOWHERE
from simulator.plan.names import NamePlan
from tests.small import HERE, THERE, Written, experiment, plan_of, topology

SECOND = 10**9


def plan_with(**cdn: Any) -> Any:
    assets: Written = {
        "regions": [HERE, THERE],
        "cdn": {"origins": [THERE, HERE]} | cdn,
        "operations": {"load": [{"get": "files"}], "store": [{"put": "files"}]},
    }
    pages = {"regions": [HERE], "cdn": {"origins": [HERE]}, "operations": {"page": [{"get": "pages"}]}}
    api = {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}
    buckets = {"files": {"replicas": [HERE, THERE], "items": 9}, "pages": {"replicas": [HERE], "items": 4}}
    dns = {f"{name}.example": {"service": name, "policy": "simple"} for name in ("api", "assets", "pages")}
    services = {"assets": assets, "api": api, "pages": pages}
    return plan_of(topology(services=services, buckets=buckets, dns=dns), experiment())


def test_a_content_network_has_origins_and_no_instances() -> None:
    plan = plan_with()
    data = plan.data
    assert plan.services == ("assets", "api", "pages", "identity")
    assert data.op_cdn.tolist() == [0, 0, -1, 1, -1]
    assert data.cdn_origin_first.tolist() == [0, 2]
    assert data.cdn_origin_count.tolist() == [2, 1]
    assert data.origin_region.tolist() == [1, 0, 0]
    assert data.cdn_entry_first.tolist() == [0, 9]
    assert data.site_compute[[0, 2]].tolist() == [[NOWHERE, NOWHERE]] * 2
    assert data.call_policy[[0, 2]].tolist() == [[0, 0]] * 2
    assert plan.control.of(NamePlan)[1].regions == (0, 1)


def test_edges_keep_what_they_have_as_amazon_cloudfront_does() -> None:
    """Amazon CloudFront developer guide: 24 h, errors 10 s; three attempts of 10 s to connect."""
    data = plan_with().data
    assert data.cdn_ttl_ns.tolist() == [86_400 * SECOND] * 2
    assert data.cdn_error_ttl_ns.tolist() == [10 * SECOND] * 2
    assert data.cdn_attempts.tolist() == [3, 3]
    assert data.cdn_connect_timeout_ns.tolist() == [10 * SECOND] * 2


def test_edges_keep_what_they_have_as_written() -> None:
    data = plan_with(ttl="1 min", error_ttl="0 s", attempts=1, connect_timeout="2 s").data
    assert data.cdn_ttl_ns[0] == 60 * SECOND
    assert data.cdn_error_ttl_ns[0] == 0
    assert data.cdn_attempts[0] == 1
    assert data.cdn_connect_timeout_ns[0] == 2 * SECOND


def test_a_content_network_alone_rests_on_no_calls() -> None:
    found = {one.name for one in plan_with().assumptions}
    assert {"s3.get", "s3.put"} <= found
    assert not {"network.in_region_round_trip", "client.aws-standard-2026.keep_alive"} & found
