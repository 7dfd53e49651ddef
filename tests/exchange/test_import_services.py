"""Services in drafts: functions, tasks and nodes, and the stores that they refer to."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import UsageError
from tests.exchange.drafting import IRELAND, VIRGINIA, of_plan, of_template, said, todos
from tests.exchange.plans import resource

# services


SAM = """
    Transform: AWS::Serverless-2016-10-31
    Globals:
      Function: {Runtime: python3.13, MemorySize: 256, Environment: {Variables: {TABLE: !Ref Orders}}}
    Parameters: {Warm: {Type: Number}}
    Conditions: {Large: !Equals [!Ref Warm, 5]}
    Resources:
      Orders: {Type: 'AWS::Serverless::SimpleTable'}
      Create:
        Type: AWS::Serverless::Function
        Properties:
          Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
          ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: !Ref Warm}
          Events: {Post: {Type: Api, Properties: {Path: /orders, Method: post}}}
      View:
        Type: AWS::Serverless::Function
        Properties:
          Policies: [{DynamoDBReadPolicy: {TableName: !Ref Orders}}]
          MemorySize: !If [Large, 512, 256]
          Events: {Get: {Type: Api, Properties: {Path: /orders, Method: get}}}
      Nightly:
        Type: AWS::Serverless::Function
        Properties: {Events: {Night: {Type: Schedule, Properties: {Schedule: rate(1 day)}}}}
"""


def test_functions_of_a_serverless_application_are_behind_its_implicit_api(tmp_path: Path) -> None:
    found = of_template(SAM, tmp_path)
    service = said(found)["services"]["ServerlessRestApi"]
    assert service["gateway"] == {}
    keys = {name: [next(iter(step)) for step in steps] for name, steps in service["operations"].items()}
    assert keys == {"create": ["compute", "read", "write"], "view": ["compute", "read"]}
    assert found.unread == ("Nightly AWS::Serverless::Function: nothing that was drafted leads to it",)


def test_a_parameter_without_a_value_is_told_and_one_with_a_value_is_used(tmp_path: Path) -> None:
    silent = of_template(SAM, tmp_path)
    assert "ProvisionedConcurrentExecutions of Create AWS::Serverless::Function has a value" in todos(silent)
    assert any(
        one.startswith("condition Large holds: its parameters have no value") for one in silent.assumed
    )
    told = of_template(SAM, tmp_path, Warm="5")
    compute = said(told)["services"]["ServerlessRestApi"]["compute"]
    assert compute == {"lambda": {"runtime": "python3.13", "memory": "256 MB", "provisioned": 5}}
    assert not any("condition" in one for one in told.assumed)
    with pytest.raises(UsageError, match="no template has a parameter Wram; they have Warm"):
        of_template(SAM, tmp_path, Wram="5")


def test_a_store_that_is_not_wherever_its_service_runs_is_no_step(tmp_path: Path) -> None:
    function = {"runtime": "python3.13", "function_name": "view"}
    api, url = {"name": "api"}, ["aws_apigatewayv2_api.{}.id"]

    def site(alias: str, provider: str) -> list[dict[str, Any]]:
        return [
            resource("aws_apigatewayv2_api", alias, api, provider=provider),
            resource(
                "aws_lambda_function",
                alias,
                function,
                {"environment": [{"variables": ["aws_dynamodb_table.orders.name"]}]},
                provider=provider,
            ),
            resource(
                "aws_apigatewayv2_integration",
                alias,
                {},
                {
                    "api_id": [one.format(alias) for one in url],
                    "integration_uri": [f"aws_lambda_function.{alias}.invoke_arn"],
                },
                provider=provider,
            ),
        ]

    table = resource("aws_dynamodb_table", "orders", {"name": "orders", "billing_mode": "PAY_PER_REQUEST"})
    found = of_plan([table, *site("eu", "aws"), *site("us", "aws.us")], tmp_path, us=VIRGINIA)
    service = said(found)["services"]["api"]
    assert service["regions"] == [IRELAND, VIRGINIA]
    assert service["gateway"] == {"kind": "http"}
    assert service["operations"]["view"] == [{"compute": {"median": "20 ms", "p99": "200 ms"}}]
    assert f"it refers to orders, which is in {IRELAND} and not in {VIRGINIA}" in todos(found)


def test_equal_names_and_tags_are_no_references(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Table: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: orders, BillingMode: PAY_PER_REQUEST}}
          Function:
            Type: AWS::Lambda::Function
            Properties: {FunctionName: orders, Runtime: go, Tags: [{Key: team, Value: orders}]}
          Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: !GetAtt Function.Arn}}
        """,
        tmp_path,
    )
    operations = said(found)["services"]["orders-2"]["operations"]
    assert operations == {"orders": [{"compute": {"median": "20 ms", "p99": "200 ms"}}]}


FLEET = """
    Resources:
      Balancer: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Name: front}}
      Group: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {HealthCheckIntervalSeconds: 15}}
      Listener:
        Type: AWS::ElasticLoadBalancingV2::Listener
        Properties:
          LoadBalancerArn: !Ref Balancer
          DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]
      Carts: {Type: 'AWS::DynamoDB::Table', Properties: {BillingMode: PAY_PER_REQUEST}}
      Role:
        Type: AWS::IAM::Role
        Properties:
          Policies:
            - PolicyDocument: {Statement: [{Action: ['dynamodb:Query'], Resource: !GetAtt Carts.Arn}]}
      Task: {Type: 'AWS::ECS::TaskDefinition', Properties: {TaskRoleArn: !GetAtt Role.Arn}}
      Left: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: eu-west-1a}}
      Right: {Type: 'AWS::EC2::Subnet', Properties: {AvailabilityZone: eu-west-1b}}
      Shop:
        Type: AWS::ECS::Service
        Properties:
          ServiceName: shop
          DesiredCount: 5
          TaskDefinition: !Ref Task
          LoadBalancers: [{TargetGroupArn: !Ref Group}]
          NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref Left, !Ref Right]}}
"""


def test_tasks_behind_a_load_balancer_are_nodes_in_the_zones_of_their_subnets(tmp_path: Path) -> None:
    found = of_template(FLEET, tmp_path)
    draft = said(found)
    assert draft["regions"] == {IRELAND: {"zones": 2}}
    service = draft["services"]["shop"]
    assert service["compute"] == {"nodes": {"per_zone": 3, "check": {"interval": "15 s"}}}
    assert [next(iter(step)) for step in service["operations"]["shop"]] == ["compute", "read"]
    assert "5 nodes are not the same in each of 2 zones: 3 a zone are drafted" in todos(found)
    assert draft["dns"] == {"shop.unknown.example": {"service": "shop", "policy": "simple"}}
    assert "no record of the files leads to this service" in todos(found)
    assert found.valid


def test_instances_in_different_zones_are_spread_over_them_all(tmp_path: Path) -> None:
    group = ["aws_lb_target_group.web.arn"]
    listener = {"load_balancer_arn": ["aws_lb.web.arn"], "default_action": [{"target_group_arn": group}]}
    instances = [
        one
        for name, zone in (("left", "a"), ("right", "b"), ("third", "b"))
        for one in (
            resource("aws_instance", name, {"availability_zone": f"{IRELAND}{zone}"}),
            resource(
                "aws_lb_target_group_attachment",
                name,
                {},
                {"target_group_arn": group, "target_id": [f"aws_instance.{name}.id"]},
            ),
        )
    ]
    found = of_plan(
        [
            resource("aws_lb", "web", {"name": "web"}),
            resource("aws_lb_target_group", "web"),
            resource("aws_lb_listener", "web", {}, listener),
            *instances,
        ],
        tmp_path,
    )
    assert said(found)["regions"] == {IRELAND: {"zones": 2}}
    assert said(found)["services"]["web"]["compute"] == {"nodes": {"per_zone": 2}}
    assert "3 nodes are not the same in each of 2 zones: 2 a zone are drafted" in todos(found)


def test_node_groups_of_a_cluster_are_one_service(tmp_path: Path) -> None:
    nodes = {
        "node_group_name": "workers",
        "scaling_config": [{"desired_size": 4, "min_size": 2, "max_size": 9}],
    }
    found = of_plan(
        [
            resource("aws_eks_cluster", "this", {"name": "kube"}),
            *(
                resource("aws_eks_node_group", name, nodes, {"cluster_name": ["aws_eks_cluster.this.name"]})
                for name in ("spot", "demand")
            ),
        ],
        tmp_path,
    )
    assert said(found)["services"]["kube"]["compute"] == {"nodes": {"per_zone": 3}}  # 8 in 3 zones
    assert any("3 zones in eu-west-1, since no file tells its subnets" in one for one in found.assumed)


def test_urls_of_functions_are_found_behind_a_network_and_buckets_by_names_that_are_partly_unknown(
    tmp_path: Path,
) -> None:
    found = of_template(
        """
        Parameters: {Name: {Type: String}}
        Resources:
          View:
            Type: AWS::Serverless::Function
            Properties: {Runtime: nodejs22.x, FunctionUrlConfig: {AuthType: NONE}}
          Front:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                DefaultCacheBehavior: {TargetOriginId: a}
                Origins: [{Id: a, DomainName: !Select [2, !Split ['/', !GetAtt ViewUrl.FunctionUrl]]}]
          Files: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub 'files-${Name}'}}
          Site:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                DefaultCacheBehavior: {TargetOriginId: a}
                Origins: [{Id: a, DomainName: !Sub 'files-${Name}.s3.${AWS::Region}.amazonaws.com'}]
          Names:
            Type: AWS::Route53::RecordSetGroup
            Properties:
              RecordSets:
                - {Name: a.example, Type: A, AliasTarget: {DNSName: !GetAtt Front.DomainName}}
                - {Name: !Sub '${Name}.example', Type: A, AliasTarget: {DNSName: !GetAtt Site.DomainName}}
        """,
        tmp_path,
    )
    dns = said(found)["dns"]
    assert {name: one["service"] for name, one in dns.items()} == {
        "a.example": "View",
        "names-1.unknown.example": "Site",
    }
    assert "its name is not in the files but for ${Name}.example" in todos(found)
    assert said(found)["services"]["Site"]["operations"] == {"site_get": [{"get": "Files"}]}
    assert any(
        one.startswith("Front AWS::CloudFront::Distribution: a content network") for one in found.unread
    )


def test_a_function_that_calls_an_api_is_not_behind_it_and_a_balancer_behind_one_is_no_service(
    tmp_path: Path,
) -> None:
    found = of_template(
        FLEET
        + """
      Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: door, ProtocolType: WEBSOCKET}}
      Through:
        Type: AWS::ApiGatewayV2::Integration
        Properties: {ApiId: !Ref Api, IntegrationUri: !Ref Listener, IntegrationType: HTTP_PROXY}
      Caller:
        Type: AWS::Lambda::Function
        Properties: {Runtime: go, Environment: {Variables: {API: !Ref Api}}}
""",
        tmp_path,
    )
    services = said(found)["services"]
    assert [*services] == ["door"]
    assert [*services["door"]["operations"]] == ["shop"]
    assert services["door"]["compute"] == {"nodes": {"per_zone": 3, "check": {"interval": "15 s"}}}
    assert "an API of WebSockets is drafted as one of requests" in todos(found)
    assert found.unread == ("Caller AWS::Lambda::Function: nothing that was drafted leads to it",)


def test_permissions_count_for_the_store_that_they_are_for(tmp_path: Path) -> None:
    """A role that reads one table, writes another and puts objects: only what it says is drafted of each."""
    found = of_template(
        """
        Resources:
          Prices: {Type: 'AWS::Serverless::SimpleTable', Properties: {TableName: prices}}
          Orders: {Type: 'AWS::Serverless::SimpleTable', Properties: {TableName: orders}}
          Files: {Type: 'AWS::S3::Bucket', Properties: {BucketName: files}}
          Role:
            Type: AWS::IAM::Role
            Properties:
              Policies:
                - PolicyDocument:
                    Statement:
                      - {Action: 'dynamodb:GetItem', Resource: !GetAtt Prices.Arn}
                      - {Action: 'dynamodb:PutItem', Resource: 'arn:aws:dynamodb:*:*:table/orders'}
                      - {Action: ['s3:PutObject'], Resource: !Sub '${Files.Arn}/*'}
          Shop: {Type: 'AWS::Lambda::Function', Properties: {Runtime: go, Role: !GetAtt Role.Arn}}
          Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: !Ref Shop}}
        """,
        tmp_path,
    )
    steps = said(found)["services"]["Shop"]["operations"]["shop"]
    assert steps[1:] == [
        {"read": "prices"},
        {"read": "orders"},
        {"write": "orders"},
        {"get": "files"},
        {"put": "files"},
    ]


def test_a_permission_for_everything_is_one_to_write_each(tmp_path: Path) -> None:
    """In a plan the statements stand in a text."""
    statements = [
        {"Action": ["dynamodb:GetItem"], "Resource": "arn:aws:dynamodb:eu-west-1:1:table/prices"},
        {"Action": ["dynamodb:UpdateItem"], "Resource": "*"},
    ]
    found = of_plan(
        [
            resource("aws_dynamodb_table", "prices", {"name": "prices", "billing_mode": "PAY_PER_REQUEST"}),
            resource("aws_iam_role", "shop", {"name": "shop"}),
            resource(
                "aws_iam_role_policy",
                "shop",
                {"policy": json.dumps({"Statement": statements})},
                {"role": ["aws_iam_role.shop.id"]},
            ),
            resource("aws_lambda_function", "shop", {"runtime": "go"}, {"role": ["aws_iam_role.shop.arn"]}),
            resource(
                "aws_lambda_function_url", "shop", {}, {"function_name": ["aws_lambda_function.shop.arn"]}
            ),
        ],
        tmp_path,
    )
    steps = said(found)["services"]["shop"]["operations"]["shop"]
    assert steps[1:] == [{"read": "prices"}, {"write": "prices"}]


# what is left out


def test_what_is_in_one_of_two_regions_alone_is_told_with_its_place(tmp_path: Path) -> None:
    found = of_template(
        """
        Conditions: {First: !Equals [!Ref AWS::Region, eu-west-1]}
        Resources:
          Fn::ForEach::Tables: [Name, [a, b], {'${Name}': {Type: 'AWS::DynamoDB::Table'}}]
          Files: {Type: 'AWS::S3::Bucket', Condition: First}
          Copies: {Type: 'AWS::S3::Bucket'}
        """,
        tmp_path,
        IRELAND,
        VIRGINIA,
    )
    assert f"Files AWS::S3::Bucket ({VIRGINIA}) is not there: condition First does not hold" in found.assumed
    assert f"Fn::ForEach::Tables ({IRELAND}) is left out: a macro makes resources of it" in found.assumed
    assert not any(IRELAND in one for one in found.assumed if "Files" in one)


def test_instances_and_limits_that_nothing_leads_to_or_tells_are_not_hidden(tmp_path: Path) -> None:
    found = of_template(
        """
        Parameters: {Most: {Type: Number}}
        Resources:
          Lonely: {Type: 'AWS::EC2::Instance'}
          Acl:
            Type: AWS::WAFv2::WebACL
            Properties:
              Scope: REGIONAL
              Rules:
                - {Name: flood, Statement: {RateBasedStatement: {Limit: !Ref Most, AggregateKeyType: IP}}}
                - {Name: lands, Statement: {GeoMatchStatement: {CountryCodes: [FR]}}}
        """,
        tmp_path,
    )
    assert "Lonely AWS::EC2::Instance: nothing that was drafted leads to it" in found.unread
    assert "Acl AWS::WAFv2::WebACL: rule flood, whose limit is not in the file" in found.unread
    assert "Acl AWS::WAFv2::WebACL: rule lands, which is none by rate" in found.unread


@pytest.mark.parametrize(
    ("method", "resource_path", "is_all"),
    [("'*'", "'/*'", True), ("GET", "'/*'", False), ("'*'", "/~1orders", False)],
)
def test_the_limit_of_a_stage_counts_if_it_is_for_all_its_methods(
    method: str, resource_path: str, is_all: bool, tmp_path: Path
) -> None:
    limit = f"HttpMethod: {method}, ResourcePath: {resource_path}"
    found = of_template(
        f"""
        Resources:
          Door: {{Type: 'AWS::ApiGateway::RestApi', Properties: {{Name: door}}}}
          Live:
            Type: AWS::ApiGateway::Stage
            Properties:
              RestApiId: !Ref Door
              MethodSettings: [{{{limit}, ThrottlingRateLimit: 50, ThrottlingBurstLimit: 80}}]
        """,
        tmp_path,
    )
    limited = said(found)["services"]["door"]["gateway"].get("limit")
    assert limited == ({"rate": "50/s", "burst": 80} if is_all else None)
    assert any("a limit of one method" in one for one in found.unread) is not is_all
