"""What people write who know the services: the key that stands for it here.

Only words that no key here resembles need an entry, or that resemble the wrong one.
"""

_KEYS: dict[str, tuple[str, ...]] = {
    # the system
    "dynamodb global_tables global_table": ("tables", "table"),
    "aurora aurora_global rds mysql postgres postgresql sql global_database global_datastore": (
        "databases",
        "database",
    ),
    "elasticache memorydb redis valkey": ("caches", "cache"),
    "s3": ("buckets", "bucket"),
    "route53 records hosted_zone domains": ("dns", "control_plane"),
    "cognito auth jwt issuer": ("identity", "issuer"),
    "apis functions microservices apps deployments": ("services",),
    "checks monitors": ("health_checks",),
    "azs availability_zones az availability_zone": ("zones", "zone"),
    "limits service_quotas": ("quotas",),
    "primary secondary failover_order": ("order", "writer"),
    "regions": ("order", "checker_regions"),
    "routing routing_policy": ("policy",),
    "type": ("policy", "protocol", "kind", "mode"),
    "health_check_id": ("health_check",),
    "weight": ("weights",),
    "target_health": ("evaluate_target_health",),
    "unhealthy_threshold": ("failure_threshold",),
    "failures chaos incidents": ("faults",),
    "load traffic workload populations": ("users",),
    "assertions thresholds slos": ("expect",),
    "system infrastructure": ("topology",),
    "request_interval period period_seconds periodseconds": ("interval",),
    "regions_of_checkers checkers": ("checker_regions",),
    "expiry token_lifetime": ("access_token",),
    "user_pool": ("issuer",),
    # compute
    "ecs ec2 eks fargate asg auto_scaling_group containers instances fleet vm pods": ("nodes", "service"),
    "desired_count min_size min_capacity instance_count": ("per_zone",),
    "serverless function faas": ("lambda", "service"),
    "api_gateway apigateway": ("gateway",),
    "cloudfront": ("cdn",),
    "throttling throttle throttle_rate usage_plan": ("limit",),
    "rate_limit": ("limit", "rate"),
    "burst_limit": ("burst",),
    "integration_timeout": ("timeout",),
    "memory_size": ("memory",),
    "reserved_concurrency max_concurrency concurrent_executions": ("reserved", "lambda_concurrency"),
    "provisioned_concurrency": ("provisioned",),
    "threads concurrency_per_node": ("workers",),
    # stores
    "global_db_rpo rds_global_db_rpo": ("rpo",),
    "billing_mode billing pay_per_request provisioned_throughput throughput": ("capacity",),
    "rcu read_capacity read_capacity_units": ("read", "capacity"),
    "wcu write_capacity write_capacity_units put_item update_item": ("write", "capacity"),
    "delete_item remove": ("delete",),
    "get_item query scan": ("read",),
    "get_object": ("get",),
    "put_object": ("put",),
    "sleep work cpu duration_ms": ("compute",),
    "rows records_count item_count size": ("items",),
    "read_replicas replica_regions": ("replicas", "readers"),
    "replicas secondaries secondary_regions reader read_replica": ("readers",),
    "primary_region source_region writer_region": ("writer",),
    "lag_p99 replica_lag": ("replication_lag",),
    "lag": ("replication_lag",),
    "pitr point_in_time_recovery_enabled pitr_enabled continuous_backups": ("point_in_time_recovery",),
    "recovery_period_in_days retention_days": ("window", "kept_for"),
    "retention delete_after delete_after_days lifecycle expire_after": ("kept_for", "window"),
    "schedule schedule_expression cron frequency rate_expression": ("every",),
    "copy_action copy_actions copies destination_vault cross_region": ("copied_to",),
    "backup_plan aws_backup backup on_demand_backup": ("backups",),
    "gsi gsis global_secondary_indexes indexes": ("secondary_indexes",),
    # restores
    "recovery recoveries restore_table restore_table_to_point_in_time": ("restores",),
    "source_table source_table_name restore store": ("table",),
    "restore_date_time restore_to restore_to_time to restore_point timestamp": ("point",),
    "use_latest_restorable_time": ("point",),
    "backup_arn recovery_point_arn source backup_name": ("from",),
    "after_detection detection_delay noticed_after": ("after_damage",),
    "new_writes writes_since": ("written_since",),
    "cutover switch": ("swap",),
    "rtc replication_time_control": ("time_control",),
    # users
    "region": ("near", "issuer"),
    "multi_region_consistency mode": ("consistency",),
    "witnesses witness_region": ("witness",),
    "location from": ("near",),
    "count": ("sessions", "per_zone"),
    "concurrency": ("sessions", "reserved", "lambda_concurrency"),
    "users concurrent vus virtual_users": ("sessions", "populations"),
    "rps requests_per_second": ("arrivals", "rate"),
    "rate": ("arrivals", "share"),
    "pause pacing": ("think_time",),
    "requests": ("actions", "operations"),
    "operation": ("operations", "actions"),
    "population": ("populations",),
    "operations weights": ("actions",),
    "who whom audience cohort cohorts segment segments callers": ("populations",),
    "path paths route routes endpoint endpoints page uri url resource_path": ("operation", "operations"),
    "api method methods": ("operations",),
    "retries max_attempts": ("attempts",),
    # faults and time
    "start begin begins_at when after": ("at",),
    "duration length lasts": ("for", "duration"),
    "end ends_at": ("until",),
    "probability percentage percent error_rate": ("share",),
    "latency delay": ("add",),
    "network partition": ("link",),
    # measures
    "rto time_to_recover mttr failover_time downtime": ("recovery_time",),
    "rpo": ("recovery_point",),
    "suppressed_writes": ("discarded_writes",),
    "no_data_lost writes_lost data_lost": ("missing_writes",),
    "standalone alone blind whole_item overwrite": ("stands_alone",),
    "availability success_rate uptime slo": ("success",),
    "ttd time_to_detect mttd": ("detection_time",),
    "max maximum less_than below lte": ("at_most",),
    "min minimum more_than above gte": ("at_least",),
    # distributions
    "p50 typical": ("median",),
    "avg average": ("mean",),
}

_EXPLAINED: tuple[tuple[str, str, str], ...] = (
    (
        "hash_key partition_key range_key sort_key",
        "replicas",
        "items have numbers, so tables have no keys here",
    ),
    ("stream_enabled streams", "replicas", "streams of tables are not simulated"),
    ("port fqdn", "failure_threshold", "what a check asks is decided by its service"),
    (
        "operation operations",
        "issuer",
        "an issuer gives tokens and serves no operations; it can be limited to 'populations'",
    ),
    (
        "operation operations population populations users",
        "mode",
        "only faults of a region, a service or an issuer touch some requests; break the service that calls "
        "this, or leave it out",
    ),
    (
        "healthy_threshold",
        "failure_threshold",
        "Route 53 has one threshold for both ways, 'failure_threshold'",
    ),
    (
        "alb nlb elb load_balancer target_group",
        "compute",
        "nodes stand behind one: write 'compute: {nodes: {}}'",
    ),
    ("load_balancers target_groups", "services", "nodes stand behind one: write 'compute: {nodes: {}}'"),
    ("autoscaling auto_scaling", "compute", "nodes do not grow in number; Lambda does"),
    ("max_size max_capacity", "per_zone", "nodes do not grow in number"),
    ("retries retry circuit_breaker max_attempts", "calls", "write it under 'calls'"),
    ("retries retry max_attempts backoff timeout", "client", "write it under 'client'"),
    ("error_rate errors", "success", "write 'success: {at_least: …}', its complement"),
    (
        "p50 p99 latency_p99 response_time",
        "action_latency",
        "write 'action_latency: {percentile: 99, at_most: …}'",
    ),
    ("data_loss", "missing_writes", "write 'recovery_point' (how old) or 'missing_writes' (how many)"),
    ("sqs sns kinesis queues topics", "services", "queues between services are not simulated"),
    ("alias", "policy", "write 'evaluate_target_health: true' for an alias that follows its targets"),
    ("consistent consistent_read strongly_consistent strong", "consistency", "write 'consistency: strong'"),
    (
        "condition condition_expression conditionexpression conditional attribute_not_exists if_not_exists "
        "version optimistic_locking optimistic_lock check",
        "if",
        "write 'if: absent' (attribute_not_exists) or 'if: unchanged' (a version attribute)",
    ),
    (
        "if if_none_match if_match ifnonematch ifmatch condition condition_expression",
        "put",
        "conditions of objects are not simulated; a write of a table can have one",
    ),
    (
        "transaction transactional transact",
        "write",
        "transactions are not simulated; strong tables know none, and others in one region only",
    ),
)
"""Words for which there is no key, a key of the place in which they are written, what to do instead."""

_VALUES: dict[str, tuple[str, ...]] = {
    "down outage offline dead unavailable unreachable silent timeout hang": ("black_hole", "cut"),
    "closed connection_refused reject": ("refused",),
    "terminate terminated destroyed gone": ("lost",),
    "latency delay degraded": ("slow",),
    "throttle throttling": ("throttled", "capacity"),
    "packet_loss loss": ("lossy",),
    "5xx 500 503 failure http_error": ("error",),
    "partition disconnect partitioned": ("cut",),
    "flush": ("flushed",),
    "geo geoproximity": ("geolocation",),
    "active-passive primary-secondary": ("failover",),
    "active-active round_robin": ("latency", "multivalue"),
    "passive secondary backup dr": ("standby",),
    "primary main": ("active",),
    "attribute_not_exists attribute_not_exists(pk) not_exists if_not_exists missing new unique": ("absent",),
    "version same optimistic equal": ("unchanged",),
    "none nothing blank": ("empty",),
    "strongly_consistent strongly-consistent mrsc sync synchronous": ("strong",),
    "eventually_consistent eventually-consistent mrec async asynchronous": ("eventual",),
}
"""What people write for a value, and the values of which the allowed ones are meant."""

VALUES = {word: values for words, values in _VALUES.items() for word in words.split()}

REGIONS = {
    "ireland": "eu-west-1",
    "germany": "eu-central-1",
    "spain": "eu-south-2",
    "italy": "eu-south-1",
    "sweden": "eu-north-1",
    "virginia": "us-east-1",
    "n. virginia": "us-east-1",
    "n. california": "us-west-1",
    "uae": "me-central-1",
    "bahrain": "me-south-1",
    "sao paulo": "sa-east-1",
}
"""What AWS and people call a region that has another city in the catalog."""

CALLED: dict[str, tuple[str, ...]] = {word: keys for words, keys in _KEYS.items() for word in words.split()}
"""Word → the keys that it may stand for."""


def called_here(word: str, keys: list[str]) -> str | None:
    """The key of a place that stands for a word from elsewhere; None if none does."""
    plain = word.casefold().replace("-", "_")
    return next((key for key in CALLED.get(plain, ()) if key in keys), None)


def explained(word: str, keys: list[str]) -> str | None:
    """What to do instead of writing a key that a place does not have; None if nothing is known of it."""
    plain = word.casefold().replace("-", "_")
    return next((said for words, key, said in _EXPLAINED if key in keys and plain in words.split()), None)


def values_meant(word: str, allowed: list[str]) -> list[str]:
    """The allowed values that a word from elsewhere stands for."""
    return [value for value in VALUES.get(word.casefold(), ()) if value in allowed]
