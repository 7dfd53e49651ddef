"""Control planes that changes need, and where each of them lives.

A global service's control plane lives in one region, apart from what serves requests everywhere; a regional
service has one in each region. Source: AWS whitepaper *AWS Fault Isolation Boundaries*, appendices on global
services; Amazon Application Recovery Controller developer guide, *Routing control*.
"""

from simulator.records import dataclass

EVERYWHERE = -1
"""In place of a region: where nobody says one; of a global control plane, its only one."""


@dataclass(frozen=True)
class ControlPlane:
    """One control plane; `home` is its region, none if every region has its own."""

    name: str
    said: str
    home: str | None = None


_VIRGINIA, _OREGON = "us-east-1", "us-west-2"

CONTROL_PLANES = {
    one.name: one
    for one in (
        ControlPlane("route53", "Route 53's control plane", _VIRGINIA),
        ControlPlane("iam", "IAM's control plane", _VIRGINIA),
        ControlPlane("organizations", "the control plane of Organizations", _VIRGINIA),
        ControlPlane("cloudfront", "CloudFront's control plane", _VIRGINIA),
        ControlPlane("waf_cloudfront", "WAF's control plane for CloudFront", _VIRGINIA),
        ControlPlane("acm_cloudfront", "ACM's control plane for CloudFront", _VIRGINIA),
        ControlPlane("s3_buckets", "S3's control plane of buckets", _VIRGINIA),
        ControlPlane("routing_control", "the control plane of routing controls", _OREGON),
        ControlPlane("global_accelerator", "Global Accelerator's control plane", _OREGON),
        ControlPlane("network_manager", "Network Manager's control plane", _OREGON),
        ControlPlane("dynamodb", "DynamoDB's control plane"),
        ControlPlane("rds", "RDS's control plane"),
        ControlPlane("elasticache", "ElastiCache's control plane"),
        ControlPlane("lambda", "Lambda's control plane"),
        ControlPlane("ec2", "EC2's control plane"),
        ControlPlane("zonal_shift", "the control plane of zonal shifts"),
        ControlPlane("auto_scaling", "Auto Scaling's control plane"),
    )
}
"""By the name that users write."""

ROUTE53 = "route53"

ENDPOINTS = ("us-east-1", "us-west-2", "ap-northeast-1", "ap-southeast-2", "eu-west-1")
"""The regions of a cluster's endpoints, by which routing controls are switched without any control plane."""

QUORUM = 3
"""So many of the endpoints must be up."""
