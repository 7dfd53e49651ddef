"""Which types of Terraform's AWS provider are what here, and where their fields stand.

Source: documentation of the provider hashicorp/aws, by resource.
"""

from collections.abc import Mapping

from simulator.exchange.found import Row

_SUBNETS = "availability_zones|vpc_zone_identifier"
_METRIC = "predefined_metric_specification.predefined_metric_type"

KINDS: Mapping[str, Row] = {
    "aws_dynamodb_table": Row(
        "table",
        {
            "name": "name",
            "billing": "billing_mode",
            "write": "write_capacity",
            "read": "read_capacity",
            "recovery": "point_in_time_recovery.enabled",
            "recovery_days": "point_in_time_recovery.recovery_period_in_days",
            "replicas": "replica.*.region_name",
            "replica_recovery": "replica.*.point_in_time_recovery",
            "strong": "replica.*.consistency_mode",
            "witness": "global_table_witness.region_name",
            "indexes": "global_secondary_index.*.name",
            "expires": "ttl.enabled",
        },
    ),
    "aws_dynamodb_table_replica": Row("table_replica", {"recovery": "point_in_time_recovery"}),
    "aws_dynamodb_global_table": Row("global_table", {"name": "name", "replicas": "replica.*.region_name"}),
    "aws_s3_bucket": Row(
        "bucket",
        {
            "name": "bucket",
            "targets": "replication_configuration.rules.*.destination.bucket",
            "time_control": "replication_configuration.rules.*.destination.replication_time.status",
        },
    ),
    "aws_s3_bucket_replication_configuration": Row(
        "bucket_replication",
        {
            "source": "bucket",
            "targets": "rule.*.destination.bucket",
            "time_control": "rule.*.destination.replication_time.status",
        },
    ),
    "aws_memorydb_cluster": Row(
        "cache", {"name": "name", "replicas": "num_replicas_per_shard", "whole": "multi_region_cluster_name"}
    ),
    "aws_memorydb_multi_region_cluster": Row("cache_group", {"name": "multi_region_cluster_name_suffix"}),
    "aws_elasticache_replication_group": Row(
        "datastore",
        {
            "name": "replication_group_id",
            "whole": "global_replication_group_id",
            "replicas": "replicas_per_node_group",
        },
    ),
    "aws_elasticache_cluster": Row("datastore", {"name": "cluster_id"}),
    "aws_elasticache_global_replication_group": Row(
        "datastore_group",
        {"name": "global_replication_group_id_suffix", "primary": "primary_replication_group_id"},
    ),
    "aws_rds_global_cluster": Row("aurora_group", {"name": "global_cluster_identifier"}),
    "aws_rds_cluster": Row(
        "aurora",
        {
            "name": "cluster_identifier",
            "whole": "global_cluster_identifier",
            "master": "master_username|manage_master_user_password|master_password",
            "source": "replication_source_identifier",
            "recovery_days": "backup_retention_period",
        },
    ),
    "aws_db_instance": Row(
        "rds",
        {
            "name": "identifier",
            "source": "replicate_source_db",
            "recovery_days": "backup_retention_period",
            "engine": "engine",
        },
    ),
    "aws_lambda_function": Row(
        "function",
        {
            "name": "function_name",
            "memory": "memory_size",
            "runtime": "runtime",
            "reserved": "reserved_concurrent_executions",
        },
    ),
    "aws_lambda_provisioned_concurrency_config": Row(
        "provisioned", {"provisioned": "provisioned_concurrent_executions"}
    ),
    "aws_lambda_alias": Row("alias"),
    "aws_lambda_function_url": Row("function_url"),
    "aws_api_gateway_rest_api": Row("rest_api", {"name": "name"}),
    "aws_apigatewayv2_api": Row("http_api", {"name": "name", "protocol": "protocol_type"}),
    "aws_api_gateway_method_settings": Row(
        "throttle",
        {
            "rate": "settings.throttling_rate_limit",
            "burst": "settings.throttling_burst_limit",
            "resource": "method_path",
        },
    ),
    "aws_apigatewayv2_stage": Row(
        "throttle",
        {
            "rate": "default_route_settings.throttling_rate_limit",
            "burst": "default_route_settings.throttling_burst_limit",
        },
    ),
    "aws_api_gateway_usage_plan": Row(
        "usage_plan", {"rate": "throttle_settings.rate_limit", "burst": "throttle_settings.burst_limit"}
    ),
    "aws_api_gateway_integration": Row("integration"),
    "aws_apigatewayv2_integration": Row("integration"),
    "aws_api_gateway_authorizer": Row("authorizer"),
    "aws_apigatewayv2_authorizer": Row("authorizer"),
    "aws_api_gateway_stage": Row("stage"),
    "aws_api_gateway_deployment": Row("stage"),
    "aws_api_gateway_domain_name": Row("domain", {"name": "domain_name"}),
    "aws_apigatewayv2_domain_name": Row("domain", {"name": "domain_name"}),
    "aws_api_gateway_base_path_mapping": Row("mapping"),
    "aws_apigatewayv2_api_mapping": Row("mapping"),
    "aws_lb": Row("balancer", {"name": "name"}),
    "aws_alb": Row("balancer", {"name": "name"}),
    "aws_lb_listener": Row("listener"),
    "aws_alb_listener": Row("listener"),
    "aws_lb_listener_rule": Row("listener"),
    "aws_alb_listener_rule": Row("listener"),
    **dict.fromkeys(
        ("aws_lb_target_group", "aws_alb_target_group"),
        Row(
            "target_group",
            {
                "interval": "health_check.interval",
                "timeout": "health_check.timeout",
                "unhealthy": "health_check.unhealthy_threshold",
                "healthy": "health_check.healthy_threshold",
            },
        ),
    ),
    "aws_lb_target_group_attachment": Row("attachment"),
    "aws_autoscaling_attachment": Row("attachment"),
    "aws_autoscaling_group": Row(
        "fleet",
        {
            "name": "name",
            "nodes": "desired_capacity|min_size",
            "min": "min_size",
            "max": "max_size",
            "zones": _SUBNETS,
            "warm_up": "default_instance_warmup",
        },
    ),
    "aws_autoscaling_policy": Row(
        "scaling_policy",
        {
            "metric": f"target_tracking_configuration.{_METRIC}",
            "target": "target_tracking_configuration.target_value",
        },
    ),
    "aws_ecs_service": Row(
        "fleet", {"name": "name", "nodes": "desired_count", "zones": "network_configuration.subnets"}
    ),
    "aws_eks_node_group": Row(
        "node_group",
        {
            "name": "node_group_name",
            "nodes": "scaling_config.desired_size",
            "min": "scaling_config.min_size",
            "max": "scaling_config.max_size",
            "zones": "subnet_ids",
        },
    ),
    "aws_eks_cluster": Row("cluster", {"name": "name"}),
    "aws_instance": Row("fleet", {"name": "tags.Name", "zones": "availability_zone"}),
    "aws_appautoscaling_target": Row(
        "scaling_target",
        {
            "of": "resource_id",
            "dimension": "scalable_dimension",
            "min": "min_capacity",
            "max": "max_capacity",
        },
    ),
    "aws_appautoscaling_policy": Row(
        "scaling_policy",
        {
            "metric": f"target_tracking_scaling_policy_configuration.{_METRIC}",
            "target": "target_tracking_scaling_policy_configuration.target_value",
        },
    ),
    "aws_route53_record": Row(
        "record",
        {
            "name": "name",
            "type": "type",
            "ttl": "ttl",
            "alias": "alias.name",
            "follows": "alias.evaluate_target_health",
            "values": "records",
            "check": "health_check_id",
            "failover": "failover_routing_policy.type",
            "weight": "weighted_routing_policy.weight",
            "latency": "latency_routing_policy.region",
            "country": "geolocation_routing_policy.country",
            "continent": "geolocation_routing_policy.continent",
            "multivalue": "multivalue_answer_routing_policy",
            "proximity": "geoproximity_routing_policy|cidr_routing_policy",
        },
    ),
    "aws_route53_health_check": Row(
        "health_check",
        {
            "type": "type",
            "interval": "request_interval",
            "failures": "failure_threshold",
            "checkers": "regions",
            "inverted": "invert_healthcheck",
            "disabled": "disabled",
            "children": "child_healthchecks",
            "at_least": "child_health_threshold",
            "alarm": "cloudwatch_alarm_name",
            "without_data": "insufficient_data_health_status",
            "path": "resource_path",
        },
    ),
    "aws_cloudfront_distribution": Row(
        "cdn",
        {
            "origin_ids": "origin.*.origin_id",
            "origins": "origin.*.domain_name",
            "groups": "origin_group.*.origin_id",
            "members": "origin_group.*.member.*.origin_id",
            "target": "default_cache_behavior.target_origin_id",
            "ttl": "default_cache_behavior.default_ttl",
            "attempts": "origin.*.connection_attempts",
            "connect": "origin.*.connection_timeout",
        },
    ),
    "aws_wafv2_web_acl": Row(
        "web_acl",
        {
            "name": "name",
            "scope": "scope",
            "rules": "rule.*.name",
            "limits": "rule.*.statement.rate_based_statement.limit",
            "windows": "rule.*.statement.rate_based_statement.evaluation_window_sec",
            "counts": "rule.*.action.count",
            "narrowed": "rule.*.statement.rate_based_statement.scope_down_statement",
            "keyed": "rule.*.statement.rate_based_statement.aggregate_key_type",
        },
    ),
    "aws_wafv2_web_acl_association": Row("acl_association"),
    "aws_cloudwatch_metric_alarm": Row(
        "alarm",
        {
            "name": "alarm_name",
            "namespace": "namespace",
            "metric": "metric_name",
            "comparison": "comparison_operator",
            "threshold": "threshold",
            "period": "period",
            "periods": "evaluation_periods",
            "points": "datapoints_to_alarm",
            "missing": "treat_missing_data",
            "statistic": "statistic|extended_statistic",
            "dimensions": "dimensions",
            "tells": "alarm_actions",
            "maths": "metric_query",
        },
    ),
    "aws_cognito_user_pool": Row("user_pool", {"name": "name"}),
    "aws_cognito_user_pool_client": Row(
        "pool_client", {"valid": "access_token_validity", "unit": "token_validity_units.access_token"}
    ),
    "aws_iam_role": Row("iam"),
    "aws_iam_role_policy": Row("iam"),
    "aws_iam_policy": Row("iam"),
    "aws_iam_policy_attachment": Row("iam"),
    "aws_iam_role_policy_attachment": Row("iam"),
    "aws_iam_policy_document": Row("iam"),
    "aws_iam_instance_profile": Row("iam"),
    "aws_launch_template": Row("iam"),
    "aws_launch_configuration": Row("iam"),
    "aws_ecs_task_definition": Row("iam"),
    "aws_subnet": Row("subnet", {"zone": "availability_zone"}),
    "aws_ssm_parameter": Row("plumbing"),
}
