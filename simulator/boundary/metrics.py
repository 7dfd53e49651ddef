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
    CACHE_PAIR,
    CALCULATED_CHECK,
    CANARY,
    CDN,
    CHECK,
    ENDPOINT_CHECK,
    FLEET,
    FUNCTION,
    GATEWAY,
    MICROSECOND,
    MILLISECOND,
    SECOND,
    TABLE,
    TABLE_OPERATION,
    TABLE_PAIR,
    WEB_ACL,
    Each,
    Level,
    Mean,
    Metric,
    Seen,
    Share,
    Term,
    Timed,
)
from simulator.boundary.outcomes import ABSENT_CALL, CONFLICT_CALL, OWN_5XX, STATUS_4XX, STATUS_5XX, SUCCEEDED

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
_STARTED, _THROTTLES, _AT_DOOR = Term("started"), Term("lambda_throttled"), Term("door_errors")
_INVOKED = (_STARTED, _AT_DOOR)
_ANSWERS = (Term("answers"),)
_PROVISIONED = "AWS Lambda developer guide, monitoring concurrency: provisioned concurrency metrics"
_INSIGHTS = "Amazon CloudWatch user guide, metrics collected by Lambda Insights"
_API = "Amazon API Gateway developer guide, metrics and dimensions"
_EDGES = "Amazon CloudFront developer guide, viewing CloudFront and edge function metrics"
_TIMES = ("average", "p50", "p90", "p99", "maximum", "minimum", "sample_count")
_RATE = ("sum", "average", "sample_count")
_COMPUTED_MS = (
    Term("compute_time", 1e3, {"part of a time": (0,)}),
    Term("compute_time", 1e-6, {"part of a time": (1,)}),
)

_WEB_ACLS = "AWS WAF developer guide, AWS WAF metrics and dimensions"


def _status(*statuses: int, times: float = 1.0) -> tuple[Term, ...]:
    return (Term("answers", times, {"status": statuses}),)


_CANARIES = "Amazon CloudWatch user guide, CloudWatch metrics published by canaries"
_RUNS = (Term("actions_by_mix"),)
_GOOD_RUNS = (Term("actions_by_mix", 100.0, {"outcome": (SUCCEEDED,)}),)
_BAD = (STATUS_5XX, OWN_5XX)

METRICS = (
    Metric(
        "lambda.invocations", "AWS/Lambda", "Invocations", "Count", FUNCTION, "when_something_arrives",
        Each(_INVOKED), _LAMBDA, _SUM, note="a throttled request is none",
    ),
    Metric(
        "lambda.errors", "AWS/Lambda", "Errors", "Count", FUNCTION, "when_something_arrives",
        Share((Term("work_errors"), _AT_DOOR), _INVOKED), _LAMBDA, _RATE,
        note="of the minute in which the invocation began; the average is the error rate",
    ),
    Metric(
        "lambda.throttles", "AWS/Lambda", "Throttles", "Count", FUNCTION, "when_something_arrives",
        Share((_THROTTLES,), (*_INVOKED, _THROTTLES)), _LAMBDA, _RATE,
        note="a throttled request is neither an invocation nor an error",
    ),
    Metric(
        "lambda.duration", "AWS/Lambda", "Duration", "Milliseconds", FUNCTION, "when_something_arrives",
        Timed("work", MILLISECOND), _LAMBDA, _TIMES, note="without the initialization of a cold start",
    ),
    Metric(
        "lambda.concurrent_executions", "AWS/Lambda", "ConcurrentExecutions", "Count", FUNCTION,
        "when_something_arrives", Level((Term("peak_at_work"),)), _LAMBDA, ("maximum",),
    ),
    Metric(
        "lambda.provisioned_concurrency_utilization", "AWS/Lambda", "ProvisionedConcurrencyUtilization",
        "Percent", FUNCTION, "when_something_arrives",
        Level((Term("peak_at_work", 100.0),), among="environments kept warm", most=100.0), _PROVISIONED,
        ("maximum",), note="the most at once, of the environments kept warm; AWS tells it from 0 to 1",
    ),
    Metric(
        "lambda_insights.cpu_total_time", "LambdaInsights", "cpu_total_time", "Milliseconds", FUNCTION,
        "when_something_arrives", Mean(_COMPUTED_MS, (_STARTED,)), _INSIGHTS, ("average", "sum"),
        note="computing of the work that ended in the minute; there is no CPU percentage",
    ),
    Metric(
        "lambda_insights.used_memory_max", "LambdaInsights", "used_memory_max", "Megabytes", FUNCTION,
        "when_something_arrives", Mean((_STARTED,), (_STARTED,), scale="megabytes of a function"), _INSIGHTS,
        _LEVEL, note="as the file says, or *assumed*: the simulator does not know what a function holds",
    ),
    Metric(
        "lambda_insights.memory_utilization", "LambdaInsights", "memory_utilization", "Percent", FUNCTION,
        "when_something_arrives", Mean((_STARTED,), (_STARTED,), scale="percent of a function's memory"),
        _INSIGHTS, _LEVEL, note="used_memory_max of the function's memory",
    ),
    Metric(
        "api_gateway.count", "AWS/ApiGateway", "Count", "Count", GATEWAY, "when_something_arrives",
        Each(_ANSWERS), _API, _SUM,
    ),
    Metric(
        "api_gateway.4xx_error", "AWS/ApiGateway", "4XXError", "Count", GATEWAY, "when_something_arrives",
        Share(_status(STATUS_4XX), _ANSWERS), _API, _RATE, note="4xx of an HTTP API; the average is the rate",
    ),
    Metric(
        "api_gateway.5xx_error", "AWS/ApiGateway", "5XXError", "Count", GATEWAY, "when_something_arrives",
        Share(_status(*_BAD), _ANSWERS), _API, _RATE,
        note="5xx of an HTTP API; the average is the rate. Throttled functions are among them, as "
        "users see it",
    ),
    Metric(
        "api_gateway.latency", "AWS/ApiGateway", "Latency", "Milliseconds", GATEWAY,
        "when_something_arrives", Timed("front", MILLISECOND), _API, _TIMES,
    ),
    Metric(
        "api_gateway.integration_latency", "AWS/ApiGateway", "IntegrationLatency", "Milliseconds", GATEWAY,
        "when_something_arrives", Timed("integration", MILLISECOND), _API, _TIMES,
        note="until the compute answers: a request that times out has none",
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
        "dynamodb.system_errors", "AWS/DynamoDB", "SystemErrors", "Count", TABLE_OPERATION, "when_non_zero",
        Each((Term("store_errors"),)), _TABLE, _SUM,
        note="of a table and operation: of the table alone there is no such metric",
    ),
    Metric(
        "dynamodb.successful_request_latency", "AWS/DynamoDB", "SuccessfulRequestLatency", "Milliseconds",
        TABLE_OPERATION, "when_something_arrives", Timed("served", MILLISECOND), _TABLE, _TIMES,
        note="of successes only, inside the service: an outage looks fast",
    ),
    Metric(
        "dynamodb.replication_latency", "AWS/DynamoDB", "ReplicationLatency", "Milliseconds", TABLE_PAIR,
        "when_something_arrives", Timed("lag", MILLISECOND), _TABLE, ("average", "maximum", "minimum"),
        period_min=5,
        note="of copies that arrived: a table that is cut off has none, and its backlog has no metric",
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
        "memorydb.successful_read_request_latency", "AWS/MemoryDB", "SuccessfulReadRequestLatency",
        "Microseconds", CACHE, "when_something_arrives", Timed("read", MICROSECOND), _CACHE, _TIMES,
    ),
    Metric(
        "memorydb.successful_write_request_latency", "AWS/MemoryDB", "SuccessfulWriteRequestLatency",
        "Microseconds", CACHE, "when_something_arrives", Timed("written", MICROSECOND), _CACHE, _TIMES,
        note="of increments; what is filled in after a miss takes no call of its own",
    ),
    Metric(
        "memorydb.engine_cpu_utilization", "AWS/MemoryDB", "EngineCPUUtilization", "Percent", CACHE,
        "while_running", Level((Term("call_tries"),), scale="share of an engine's time"), _CACHE, _LEVEL,
        note="calls, at so much of the engine's one thread for each (*assumed*)",
    ),
    Metric(
        "memorydb.cpu_utilization", "AWS/MemoryDB", "CPUUtilization", "Percent", CACHE, "while_running",
        Level((Term("call_tries"),), scale="share of a node's time"), _CACHE, _LEVEL,
        note="the same of all cores of a node",
    ),
    Metric(
        "memorydb.multi_region_cluster_replication_lag", "AWS/MemoryDB", "MultiRegionClusterReplicationLag",
        "Milliseconds", CACHE_PAIR, "when_something_arrives", Timed("lag", MILLISECOND), _CACHE,
        ("average", "maximum", "minimum"),
    ),
    Metric(
        "memorydb.is_primary", "AWS/MemoryDB", "IsPrimary", "Count", CACHE_NODE, "while_running",
        Seen("is_primary"), _CACHE, _LEVEL, note="a failover is no metric: it shows as a change of this one",
    ),
    Metric(
        "load_balancer.request_count", "AWS/ApplicationELB", "RequestCount", "Count", BALANCER,
        "when_something_arrives", Each(_ANSWERS), _BALANCER, _SUM,
    ),
    Metric(
        "load_balancer.request_count_per_target", "AWS/ApplicationELB", "RequestCountPerTarget", "Count",
        BALANCER, "when_something_arrives", Level(_ANSWERS, among="nodes"), _BALANCER, _SUM,
    ),
    Metric(
        "load_balancer.target_5xx_count", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Count",
        BALANCER, "when_non_zero", Each(_status(STATUS_5XX)), _BALANCER, _SUM,
    ),
    Metric(
        "load_balancer.elb_5xx_count", "AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Count", BALANCER,
        "when_non_zero", Each(_status(OWN_5XX)), _BALANCER, _SUM,
        note="502 of a target that refuses, 504 of one that is silent",
    ),
    Metric(
        "load_balancer.target_response_time", "AWS/ApplicationELB", "TargetResponseTime", "Seconds",
        BALANCER, "when_something_arrives", Timed("integration", SECOND), _BALANCER, _TIMES,
    ),
    Metric(
        "load_balancer.healthy_host_count", "AWS/ApplicationELB", "HealthyHostCount", "Count", BALANCER,
        "while_running", Seen("healthy_hosts"), _BALANCER, ("minimum", "average", "maximum"),
        note="what the balancer believes, which is late",
    ),
    Metric(
        "nodes.cpu_utilization", "AWS/EC2", "CPUUtilization", "Percent", FLEET, "while_running",
        Level(_COMPUTED_S, scale="share of workers' time", among="nodes"),
        "Amazon EC2 user guide, CloudWatch metrics for your instances (detailed monitoring: every minute)",
        _LEVEL, note="computing of the requests that ended in the minute, of all that its workers could do",
    ),
    Metric(
        "nodes.memory_utilization", "CWAgent", "mem_used_percent", "Percent", FLEET, "while_running",
        Level(_HELD, scale="share of a node's memory", among="nodes", base="memory at rest"),
        "Amazon CloudWatch user guide, metrics collected by the CloudWatch agent", _LEVEL,
        note="what requests at work and in queues hold, and nodes at rest, of all nodes' memory; EC2 itself "
        "has no such metric",
    ),
    Metric(
        "nodes.worker_utilization", "custom", "WorkerUtilization", "Percent", FLEET, "while_running",
        Level((Term("at_work"),), scale="share of workers", among="nodes"), _OWN, _LEVEL,
        note="workers that have a request, waiting for a store included, which takes no CPU",
    ),
    Metric(
        "nodes.queue_length", "custom", "QueueLength", "Count", FLEET, "while_running",
        Level((Term("queue_length"),)), _OWN, _LEVEL, note="a load balancer has no metric of queues",
    ),
    Metric(
        "cloudfront.requests", "AWS/CloudFront", "Requests", "Count", CDN, "when_something_arrives",
        Each(_ANSWERS), _EDGES, _SUM, home="us-east-1",
    ),
    Metric(
        "cloudfront.5xx_error_rate", "AWS/CloudFront", "5xxErrorRate", "Percent", CDN,
        "when_something_arrives", Mean(_status(*_BAD, times=100.0), _ANSWERS), _EDGES, ("average",),
        home="us-east-1",
    ),
    Metric(
        "waf.allowed_requests", "AWS/WAFV2", "AllowedRequests", "Count", WEB_ACL, "when_non_zero",
        Each((Term("acl_allowed"),)), _WEB_ACLS, _SUM,
    ),
    Metric(
        "waf.blocked_requests", "AWS/WAFV2", "BlockedRequests", "Count", WEB_ACL, "when_non_zero",
        Each((Term("acl_blocked"),)), _WEB_ACLS, _SUM,
        note="of all its rules together; each web ACL has its own, so an attack on several shows in parts",
    ),
    Metric(
        "waf.counted_requests", "AWS/WAFV2", "CountedRequests", "Count", WEB_ACL, "when_non_zero",
        Each((Term("acl_counted"),)), _WEB_ACLS, _SUM, note="what became of them is in the other two",
    ),
    Metric(
        "canary.success_percent", "CloudWatchSynthetics", "SuccessPercent", "Percent", CANARY,
        "when_something_arrives", Mean(_GOOD_RUNS, _RUNS), _CANARIES, ("average", "minimum", "maximum"),
        note="of the runs that ended in the minute; one that fails by itself is none that succeeds",
    ),
    Metric(
        "canary.failed", "CloudWatchSynthetics", "Failed", "Count", CANARY, "when_non_zero",
        Level(_RUNS), _CANARIES, _SUM, note="runs that failed by themselves",
    ),
    Metric(
        "canary.duration", "CloudWatchSynthetics", "Duration", "Milliseconds", CANARY,
        "when_something_arrives", Timed("population", MILLISECOND), _CANARIES, _TIMES,
    ),
    Metric(
        "route53.health_check_status", "AWS/Route53", "HealthCheckStatus", "None", CHECK, "always",
        Seen("health"), _CHECKS, ("minimum", "average", "maximum"), home="us-east-1",
    ),
    Metric(
        "route53.health_check_percentage_healthy", "AWS/Route53", "HealthCheckPercentageHealthy", "Percent",
        ENDPOINT_CHECK, "always", Seen("healthy_checkers"), _CHECKS, _LEVEL, home="us-east-1",
    ),
    Metric(
        "route53.child_health_check_healthy_count", "AWS/Route53", "ChildHealthCheckHealthyCount", "Count",
        CALCULATED_CHECK, "always", Seen("healthy_children"), _CHECKS, _LEVEL, home="us-east-1",
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
