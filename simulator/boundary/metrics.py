"""Every metric that CloudWatch would have, once: what it is of, how it comes about, when and where it is.

What users may name, what is read of the data plane, the checks and the table in docs/monitoring.md are made
from this list. Sources are the vendor's own pages.
"""

from simulator.boundary.metric_terms import (
    ACCOUNT,
    BALANCER,
    BUCKET_PAIR,
    CACHE,
    CACHE_NODE,
    CHECK,
    FLEET,
    FUNCTION,
    TABLE,
    Each,
    Level,
    Metric,
    Seen,
    Share,
    Term,
)
from simulator.boundary.outcomes import ABSENT_CALL, CONFLICT_CALL

_LAMBDA = "AWS Lambda developer guide, types of metrics for Lambda functions"
_TABLE = "Amazon DynamoDB developer guide, DynamoDB metrics and dimensions"
_CACHE = "Amazon MemoryDB developer guide, metrics for MemoryDB"
_BALANCER = "Application Load Balancers guide, CloudWatch metrics for your Application Load Balancer"
_CHECKS = "Amazon Route 53 developer guide, monitoring health checks using CloudWatch"
_BUCKETS = "Amazon S3 user guide, Amazon S3 metrics and dimensions; using replication metrics"
_OWN = "no service has such a metric: published by the application itself, a sample a minute"

_WRITES, _READS = {"unit kind": (0,)}, {"unit kind": (1,)}
_THROTTLED = (Term("store_throttled"),)
_SUM = ("sum",)
_LEVEL = ("average", "maximum", "minimum")
_COMPUTED_S = (
    Term("compute_time", at={"part of a time": (0,)}),
    Term("compute_time", 1e-9, {"part of a time": (1,)}),
)
_HELD = (Term("at_work"), Term("queue_length"))
_STARTED, _THROTTLES = Term("started"), Term("lambda_throttled")

METRICS = (
    Metric(
        "lambda.invocations", "AWS/Lambda", "Invocations", "Count", FUNCTION, "when_something_arrives",
        Each((_STARTED,)), _LAMBDA, _SUM, note="a throttled request is none",
    ),
    Metric(
        "lambda.throttles", "AWS/Lambda", "Throttles", "Count", FUNCTION, "when_something_arrives",
        Share((_THROTTLES,), (_STARTED, _THROTTLES)), _LAMBDA, ("sum", "average"),
        note="a throttled request is neither an invocation nor an error",
    ),
    Metric(
        "dynamodb.consumed_write_capacity_units", "AWS/DynamoDB", "ConsumedWriteCapacityUnits", "Count",
        TABLE, "always", Level((Term("units_milli", 1e-3, _WRITES),)), _TABLE, _SUM,
        note="of replicated writes, too",
    ),
    Metric(
        "dynamodb.consumed_read_capacity_units", "AWS/DynamoDB", "ConsumedReadCapacityUnits", "Count",
        TABLE, "always", Level((Term("units_milli", 1e-3, _READS),)), _TABLE, _SUM,
    ),
    Metric(
        "dynamodb.throttled_requests", "AWS/DynamoDB", "ThrottledRequests", "Count", TABLE, "when_non_zero",
        Each(_THROTTLED), _TABLE, _SUM, note="none of them is a user error",
    ),
    Metric(
        "dynamodb.write_throttle_events", "AWS/DynamoDB", "WriteThrottleEvents", "Count", TABLE,
        "when_non_zero", Each((Term("store_throttled", at=_WRITES),)), _TABLE, _SUM,
    ),
    Metric(
        "dynamodb.read_throttle_events", "AWS/DynamoDB", "ReadThrottleEvents", "Count", TABLE,
        "when_non_zero", Each((Term("store_throttled", at=_READS),)), _TABLE, _SUM,
    ),
    Metric(
        "dynamodb.conditional_check_failed_requests", "AWS/DynamoDB", "ConditionalCheckFailedRequests",
        "Count", TABLE, "when_non_zero", Each((Term("refused_conditions"),)), _TABLE, _SUM,
        note="none of them is a user error",
    ),
    Metric(
        "dynamodb.user_errors", "AWS/DynamoDB", "UserErrors", "Count", ACCOUNT, "when_non_zero",
        Each((Term("call_failures", at={"call failure": (ABSENT_CALL, CONFLICT_CALL)}),)), _TABLE, _SUM,
        note="of the account in the region as a whole: calls of a table that is not there, and conflicts "
        "of a strong table",
    ),
    Metric(
        "memorydb.keyspace_hits", "AWS/MemoryDB", "KeyspaceHits", "Count", CACHE, "while_running",
        Level((Term("cache_hits"),)), _CACHE, _SUM, note="a hit rate is metric maths: hits / (hits + misses)",
    ),
    Metric(
        "memorydb.keyspace_misses", "AWS/MemoryDB", "KeyspaceMisses", "Count", CACHE, "while_running",
        Level((Term("cache_misses"),)), _CACHE, _SUM,
    ),
    Metric(
        "memorydb.is_primary", "AWS/MemoryDB", "IsPrimary", "Count", CACHE_NODE, "while_running",
        Seen("is_primary"), _CACHE, _LEVEL, note="a failover is no metric: it shows as a change of this one",
    ),
    Metric(
        "load_balancer.healthy_host_count", "AWS/ApplicationELB", "HealthyHostCount", "Count", BALANCER,
        "while_running", Seen("healthy_hosts"), _BALANCER, ("minimum", "average", "maximum"),
        note="what the balancer believes, which is late",
    ),
    Metric(
        "nodes.cpu_utilization", "AWS/EC2", "CPUUtilization", "Percent", FLEET, "while_running",
        Level(_COMPUTED_S, scale="share of workers' time"),
        "Amazon EC2 user guide, CloudWatch metrics for your instances (detailed monitoring: every minute)",
        _LEVEL, note="computing of the requests that ended in the minute, of all that its workers could do",
    ),
    Metric(
        "nodes.memory_utilization", "CWAgent", "mem_used_percent", "Percent", FLEET, "while_running",
        Level(_HELD, scale="share of nodes' memory"),
        "Amazon CloudWatch user guide, metrics collected by the CloudWatch agent", _LEVEL,
        note="what requests at work and in queues hold, of all nodes' memory; EC2 itself has no such metric",
    ),
    Metric(
        "nodes.queue_length", "custom", "QueueLength", "Count", FLEET, "while_running",
        Level((Term("queue_length"),)), _OWN, _LEVEL, note="a load balancer has no metric of queues",
    ),
    Metric(
        "route53.health_check_status", "AWS/Route53", "HealthCheckStatus", "None", CHECK, "always",
        Seen("health"), _CHECKS, ("minimum", "average", "maximum"), home="us-east-1",
    ),
    Metric(
        "route53.health_check_percentage_healthy", "AWS/Route53", "HealthCheckPercentageHealthy", "Percent",
        CHECK, "always", Seen("healthy_checkers"), _CHECKS, _LEVEL, home="us-east-1",
    ),
    Metric(
        "s3.operations_pending_replication", "AWS/S3", "OperationsPendingReplication", "Count", BUCKET_PAIR,
        "always", Level((Term("backlog"),)), _BUCKETS, ("maximum", "average"), home="the destination",
    ),
    Metric(
        "s3.bytes_pending_replication", "AWS/S3", "BytesPendingReplication", "Bytes", BUCKET_PAIR, "always",
        Level((Term("backlog"),), scale="bytes of an object"), _BUCKETS, ("maximum", "average"),
        home="the destination",
    ),
    Metric(
        "s3.replication_latency", "AWS/S3", "ReplicationLatency", "Seconds", BUCKET_PAIR, "always",
        Level((Term("backlog_age_ns", 1e-9),)), _BUCKETS, ("maximum",), home="the destination",
        note="age of the oldest object that is not there yet",
    ),
)  # fmt: skip
"""In the order of the table in the documentation."""

BY_NAME = {metric.name: metric for metric in METRICS}
