"""What people write who know the services: the key that stands for it here.

Only words that no key here resembles need an entry, or that resemble the wrong one.
"""

_KEYS: dict[str, tuple[str, ...]] = {
    # the system
    "dynamodb global_tables global_table": ("tables",),
    "elasticache memorydb redis": ("caches",),
    "s3": ("buckets",),
    "route53 records hosted_zone domains": ("dns",),
    "cognito auth jwt issuer": ("identity",),
    "apis functions microservices apps": ("services",),
    "checks monitors": ("health_checks",),
    "azs availability_zones az": ("zones",),
    "limits service_quotas": ("quotas",),
    "primary secondary failover_order regions": ("order",),
    "routing routing_policy type": ("policy", "protocol"),
    "target_health": ("evaluate_target_health",),
    "unhealthy_threshold": ("failure_threshold",),
    "request_interval": ("interval",),
    "regions_of_checkers checkers": ("checker_regions",),
    "expiry token_lifetime": ("access_token",),
    # compute
    "ecs ec2 eks fargate asg auto_scaling_group containers instances fleet vm": ("nodes",),
    "serverless function faas": ("lambda",),
    "api_gateway apigateway": ("gateway",),
    "cloudfront": ("cdn",),
    "throttling throttle rate_limit usage_plan": ("limit",),
    "memory_size": ("memory",),
    "reserved_concurrency concurrency max_concurrency": ("reserved", "lambda_concurrency"),
    "provisioned_concurrency": ("provisioned",),
    "threads concurrency_per_node": ("workers",),
    # stores
    "billing_mode billing pay_per_request provisioned_throughput throughput": ("capacity",),
    "rcu read_capacity read_capacity_units": ("read",),
    "wcu write_capacity write_capacity_units": ("write",),
    "read_replicas replica_regions": ("replicas",),
    "lag": ("replication_lag",),
    "rtc replication_time_control": ("time_control",),
    # users
    "region location from": ("near",),
    "count users concurrent concurrency": ("sessions",),
    "rps rate requests_per_second": ("arrivals",),
    "operations requests": ("actions",),
    "retries max_attempts": ("attempts",),
    # faults and time
    "start begin begins_at when": ("at",),
    "duration length lasts": ("for",),
    "end ends_at": ("until",),
    # measures
    "rto time_to_recover": ("recovery_time",),
    "rpo data_loss": ("recovery_point",),
    "suppressed_writes": ("discarded_writes",),
    "no_data_lost writes_lost data_lost": ("missing_writes",),
    "standalone alone blind whole_item overwrite": ("stands_alone",),
    "availability success_rate": ("success",),
    "ttd time_to_detect": ("detection_time",),
    "max maximum less_than below lte": ("at_most",),
    "min minimum more_than above gte": ("at_least",),
    # distributions
    "p50 typical": ("median",),
    "avg average": ("mean",),
}

CALLED: dict[str, tuple[str, ...]] = {word: keys for words, keys in _KEYS.items() for word in words.split()}
"""Word → the keys that it may stand for."""


def called_here(word: str, keys: list[str]) -> str | None:
    """The key of a place that stands for a word from elsewhere; None if none does."""
    plain = word.casefold().replace("-", "_")
    return next((key for key in CALLED.get(plain, ()) if key in keys), None)
