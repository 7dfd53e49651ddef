"""Systems as infrastructure files declare them: our own, in the shapes of public reference designs."""

from typing import Any

from tests.exchange.plans import module, plan, resource


def _api(alias: str, region: str) -> list[dict[str, Any]]:
    """A REST API, two functions and their permissions, and the record of a region."""
    orders = "arn:aws:dynamodb:*:*:table/orders"

    def here(type_: str, name: str, values: Any = None, refers: Any = None, mode: str = "managed") -> Any:
        return resource(type_, name, values, refers, provider=alias, mode=mode)

    function = {"memory_size": 512, "runtime": "python3.12", "reserved_concurrent_executions": -1}
    return [
        here("aws_iam_role", "place", {"name": f"place-{region}"}),
        here("aws_iam_role", "list", {"name": f"list-{region}"}),
        here(
            "aws_iam_role_policy",
            "place",
            {"policy": f'{{"Action":["dynamodb:PutItem","dynamodb:GetItem"],"Resource":"{orders}"}}'},
            {"role": ["aws_iam_role.place.id"]},
        ),
        here(
            "aws_iam_role_policy",
            "list",
            {},
            {"role": ["aws_iam_role.list.id"], "policy": ["data.aws_iam_policy_document.list.json"]},
        ),
        here(
            "aws_iam_policy_document",
            "list",
            {},
            {"statement": [{"actions": "dynamodb:Query", "resources": ["var.table_arn"]}]},
            mode="data",
        ),
        here(
            "aws_lambda_function",
            "place",
            {**function, "function_name": "place-order"},
            {"role": ["aws_iam_role.place.arn"], "environment": [{"variables": ["var.table_name"]}]},
        ),
        here(
            "aws_lambda_function",
            "list",
            {**function, "function_name": "list-orders"},
            {"role": ["aws_iam_role.list.arn"]},
        ),
        here(
            "aws_lambda_provisioned_concurrency_config",
            "place",
            {"provisioned_concurrent_executions": 10},
            {"function_name": ["aws_lambda_function.place.function_name"]},
        ),
        here("aws_api_gateway_rest_api", "this", {"name": "orders-api"}),
        *(
            here(
                "aws_api_gateway_integration",
                name,
                {"type": "AWS_PROXY"},
                {
                    "rest_api_id": ["aws_api_gateway_rest_api.this.id"],
                    "uri": [f"aws_lambda_function.{name}.invoke_arn"],
                },
            )
            for name in ("place", "list")
        ),
        here("aws_api_gateway_deployment", "this", {}, {"rest_api_id": ["aws_api_gateway_rest_api.this.id"]}),
        here("aws_api_gateway_stage", "live", {}, {"rest_api_id": ["aws_api_gateway_rest_api.this.id"]}),
        here(
            "aws_api_gateway_method_settings",
            "all",
            {
                "method_path": "*/*",
                "settings": [{"throttling_rate_limit": 500, "throttling_burst_limit": 1000}],
            },
            {"rest_api_id": ["aws_api_gateway_rest_api.this.id"]},
        ),
        here("aws_api_gateway_domain_name", "this", {"domain_name": "api.shop.example"}),
        here(
            "aws_api_gateway_base_path_mapping",
            "this",
            {},
            {
                "api_id": ["aws_api_gateway_rest_api.this.id"],
                "domain_name": ["aws_api_gateway_domain_name.this.domain_name"],
            },
        ),
        here(
            "aws_route53_health_check",
            "this",
            {"type": "HTTPS", "request_interval": 10, "failure_threshold": 2, "resource_path": "/health"},
            {"fqdn": ["aws_api_gateway_rest_api.this.id"]},
        ),
        here(
            "aws_route53_record",
            "this",
            {
                "name": "api.shop.example",
                "type": "A",
                "set_identifier": region,
                "latency_routing_policy": [{"region": region}],
                "alias": [{"evaluate_target_health": True}],
            },
            {
                "alias": [{"name": ["aws_api_gateway_domain_name.this.regional_domain_name"]}],
                "health_check_id": ["aws_route53_health_check.this.id"],
            },
        ),
        here(
            "aws_cloudwatch_metric_alarm",
            "errors",
            {
                "alarm_name": f"orders-errors-{region}",
                "namespace": "AWS/ApiGateway",
                "metric_name": "5XXError",
                "statistic": "Sum",
                "comparison_operator": "GreaterThanThreshold",
                "threshold": 20,
                "period": 60,
                "evaluation_periods": 5,
                "datapoints_to_alarm": 3,
                "treat_missing_data": "notBreaching",
                "dimensions": {"ApiName": "orders-api"},
            },
        ),
        here("aws_cloudwatch_log_group", "place", {"name": "/aws/lambda/place-order"}),
        here("aws_kinesis_stream", "audit", {"name": "audit"}),
    ]


def serverless() -> str:
    """An API that is active in two regions, one module for each, on a global table."""
    table = resource(
        "aws_dynamodb_table",
        "orders",
        {
            "name": "orders",
            "billing_mode": "PAY_PER_REQUEST",
            "point_in_time_recovery": [{"enabled": True}],
            "replica": [{"region_name": "us-east-1", "point_in_time_recovery": True}],
            "global_secondary_index": [{"name": "by-customer"}],
            "stream_enabled": True,
        },
    )
    given = {"table_arn": ["aws_dynamodb_table.orders.arn"], "table_name": ["aws_dynamodb_table.orders.name"]}
    return plan(
        [table],
        {"aws": "eu-west-1", "aws.us": "us-east-1"},
        {
            "eu": module(_api("aws", "eu-west-1"), given=given),
            "us": module(_api("aws.us", "us-east-1"), given=given),
        },
    )


def _network(provider: str) -> dict[str, Any]:
    """A module with three subnets, which it gives back."""
    subnets = resource(
        "aws_subnet", "private", {}, {"vpc_id": ["aws_vpc.this.id"]}, provider=provider, instances=[0, 1, 2]
    )
    vpc = resource("aws_vpc", "this", {"cidr_block": "10.0.0.0/16"}, provider=provider)
    return module([vpc, subnets], outputs={"subnets": ["aws_subnet.private"]})


def _tier(place: str, provider: str, nodes: int, turn: str) -> list[dict[str, Any]]:
    """Load balancer, fleet, cluster of the database, and record of a region; names end in the place."""

    def here(type_: str, name: str, values: Any = None, refers: Any = None) -> Any:
        return resource(type_, f"{name}_{place}", values, refers, provider=provider)

    cluster = {"engine": "aurora-postgresql", "backup_retention_period": 7}
    if turn == "PRIMARY":
        cluster["master_username"] = "app"
    record = {
        "name": "www.shop.example",
        "type": "A",
        "failover_routing_policy": [{"type": turn}],
        "alias": [{"evaluate_target_health": turn == "SECONDARY"}],
    }
    checked = {"health_check_id": ["aws_route53_health_check.www.id"]} if turn == "PRIMARY" else {}
    return [
        here("aws_lb", "web", {"name": "web", "load_balancer_type": "application"}),
        here(
            "aws_lb_target_group",
            "web",
            {
                "health_check": [
                    {"interval": 10, "timeout": 5, "unhealthy_threshold": 2, "healthy_threshold": 3}
                ]
            },
        ),
        here(
            "aws_lb_listener",
            "web",
            {"port": 443},
            {
                "load_balancer_arn": [f"aws_lb.web_{place}.arn"],
                "default_action": [{"target_group_arn": [f"aws_lb_target_group.web_{place}.arn"]}],
            },
        ),
        here("aws_launch_template", "web", {}, {"user_data": [f"aws_rds_cluster.shop_{place}.endpoint"]}),
        here(
            "aws_autoscaling_group",
            "web",
            {"name": "web", "desired_capacity": nodes, "min_size": nodes, "max_size": 24},
            {
                "vpc_zone_identifier": [f"module.network_{place}.subnets"],
                "target_group_arns": [f"aws_lb_target_group.web_{place}.arn"],
                "launch_template": [{"id": [f"aws_launch_template.web_{place}.id"]}],
            },
        ),
        here(
            "aws_autoscaling_policy",
            "cpu",
            {
                "policy_type": "TargetTrackingScaling",
                "target_tracking_configuration": [
                    {
                        "target_value": 50,
                        "predefined_metric_specification": [
                            {"predefined_metric_type": "ASGAverageCPUUtilization"}
                        ],
                    }
                ],
            },
            {"autoscaling_group_name": [f"aws_autoscaling_group.web_{place}.name"]},
        ),
        here(
            "aws_rds_cluster",
            "shop",
            cluster,
            {"global_cluster_identifier": ["aws_rds_global_cluster.shop.id"]},
        ),
        here(
            "aws_rds_cluster_instance",
            "shop",
            {},
            {"cluster_identifier": [f"aws_rds_cluster.shop_{place}.id"]},
        ),
        here(
            "aws_route53_record",
            "www",
            record,
            {"alias": [{"name": [f"aws_lb.web_{place}.dns_name"]}], **checked},
        ),
        here(
            "aws_wafv2_web_acl",
            "front",
            {
                "name": "front",
                "scope": "REGIONAL",
                "rule": [
                    {
                        "name": "flood",
                        "action": [{"block": [{}], "count": []}],
                        "statement": [
                            {"rate_based_statement": [{"limit": 2000, "aggregate_key_type": "IP"}]}
                        ],
                    }
                ],
            },
        ),
        here(
            "aws_wafv2_web_acl_association",
            "front",
            {},
            {
                "resource_arn": [f"aws_lb.web_{place}.arn"],
                "web_acl_arn": [f"aws_wafv2_web_acl.front_{place}.arn"],
            },
        ),
        here(
            "aws_cloudwatch_metric_alarm",
            "hosts",
            {
                "alarm_name": f"web-hosts-{place}",
                "namespace": "AWS/ApplicationELB",
                "metric_name": "HealthyHostCount",
                "statistic": "Minimum",
                "comparison_operator": "LessThanThreshold",
                "threshold": 2,
                "period": 60,
                "evaluation_periods": 2,
                "treat_missing_data": "breaching",
            },
            {"dimensions": [f"aws_lb.web_{place}.arn_suffix", f"aws_lb_target_group.web_{place}.arn_suffix"]},
        ),
    ]


def web_tier() -> str:
    """A web tier with a standby that is a third as large, an Aurora Global Database, and failover by name."""
    check = {
        "type": "HTTPS_STR_MATCH",
        "request_interval": 30,
        "failure_threshold": 3,
        "resource_path": "/health",
    }
    return plan(
        [
            resource("aws_rds_global_cluster", "shop", {"global_cluster_identifier": "shop"}),
            resource("aws_route53_health_check", "www", check),
            *_tier("paris", "aws", 9, "PRIMARY"),
            *_tier("stockholm", "aws.standby", 4, "SECONDARY"),
        ],
        {"aws": "eu-west-3", "aws.standby": "eu-north-1"},
        {"network_paris": _network("aws"), "network_stockholm": _network("aws.standby")},
    )
