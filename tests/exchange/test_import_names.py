"""Names, checks, alarms and issuers in drafts."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import SpecError
from simulator.exchange.reading import imported
from simulator.result.imported import Imported
from tests.exchange.drafting import IRELAND, VIRGINIA, of_plan, of_template, said, todos
from tests.exchange.plans import resource

# names


def records(kind: str, directory: Path, **more: str) -> Imported:
    """A name that leads to an HTTP API in each of two regions, by a policy."""
    text = f"""
        Resources:
          Api: {{Type: 'AWS::ApiGatewayV2::Api', Properties: {{Name: api}}}}
          Check:
            Type: AWS::Route53::HealthCheck
            Properties:
              HealthCheckConfig:
                {{Type: HTTPS, RequestInterval: 10, Regions: [us-east-1, eu-west-1, us-west-2]}}
          Names:
            Type: AWS::Route53::RecordSetGroup
            Properties:
              RecordSets:
                - Name: api.example.
                  Type: CNAME
                  TTL: 30
                  SetIdentifier: !Ref AWS::Region
                  HealthCheckId: !Ref Check
                  ResourceRecords: [!Sub '${{Api}}.execute-api.${{AWS::Region}}.amazonaws.com']
                  {kind}
        """
    return of_template(text, directory, IRELAND, VIRGINIA)


@pytest.mark.parametrize(
    ("written", "drafted"),
    [
        ("Weight: !If [Never, 1, 20]", {"policy": "weighted", "weights": {IRELAND: 20, VIRGINIA: 20}}),
        ("Region: !Ref AWS::Region", {"policy": "latency"}),
        ("MultiValueAnswer: true", {"policy": "multivalue"}),
        ("Failover: PRIMARY", {"policy": "failover", "order": [IRELAND, VIRGINIA]}),
        ("GeoLocation: {ContinentCode: !FindInMap [Places, !Ref AWS::Region, Code]}", None),
    ],
)
def test_policies_of_records_are_read(written: str, drafted: dict[str, Any] | None, tmp_path: Path) -> None:
    path = tmp_path / "more.yaml"
    places = f"Mappings: {{Places: {{{IRELAND}: {{Code: EU}}, {VIRGINIA}: {{Code: NA}}}}}}"
    never = "Conditions: {Never: !Equals [a, b]}"
    records(written, tmp_path)
    path.write_text(
        f"{places}\n{never}\n" + textwrap.dedent((tmp_path / "template.yaml").read_text(encoding="utf-8"))
    )
    found = imported([f"{IRELAND}={path}", f"{VIRGINIA}={path}"])
    record = said(found)["dns"]["api.example"]
    expected = {"policy": "geolocation", "geography": {"europe": IRELAND, "north-america": VIRGINIA}}
    assert record == {"service": "api", "ttl": "30 s", "health_check": "api", **(drafted or expected)}
    checkers = said(found)["health_checks"]["api"]["checker_regions"]
    assert checkers == ["us-east-1", "eu-west-1", "us-west-2"]
    assert found.valid


def test_checks_of_alarms_and_of_other_checks_are_read(tmp_path: Path) -> None:
    alarm = {
        "alarm_name": "fails",
        "namespace": "AWS/ApiGateway",
        "metric_name": "5xx",
        "statistic": "Sum",
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 10,
        "period": 60,
        "evaluation_periods": 2,
    }
    whole = {"type": "CALCULATED", "child_health_threshold": 1}
    found = of_plan(
        [
            resource("aws_apigatewayv2_api", "api", {"name": "api"}),
            resource(
                "aws_cloudwatch_metric_alarm", "fails", alarm, {"dimensions": ["aws_apigatewayv2_api.api.id"]}
            ),
            resource(
                "aws_route53_health_check",
                "errors",
                {"type": "CLOUDWATCH_METRIC", "insufficient_data_health_status": "Unhealthy"},
                {"cloudwatch_alarm_name": ["aws_cloudwatch_metric_alarm.fails.alarm_name"]},
            ),
            resource("aws_route53_health_check", "page", {"type": "HTTP"}),
            resource(
                "aws_route53_health_check",
                "whole",
                whole,
                {
                    "child_healthchecks": [
                        "aws_route53_health_check.errors.id",
                        "aws_route53_health_check.page.id",
                    ]
                },
            ),
            resource(
                "aws_route53_record",
                "api",
                {
                    "name": "api.example",
                    "type": "CNAME",
                    "ttl": 60,
                    "latency_routing_policy": [{"region": IRELAND}],
                },
                {
                    "records": ["aws_apigatewayv2_api.api.api_endpoint"],
                    "health_check_id": ["aws_route53_health_check.whole.id"],
                },
            ),
        ],
        tmp_path,
    )
    checks = said(found)["health_checks"]
    assert checks["whole"] == {"children": ["errors", "page"], "at_least": 1}
    assert checks["page"] == {"protocol": "http"}
    assert checks["errors"] == {"alarm": {IRELAND: "fails"}, "insufficient_data": "unhealthy"}
    assert said(found)["alarms"]["fails"]["of"] == f"api@{IRELAND}"
    assert found.valid


def test_checks_of_other_types_and_records_to_other_services_are_told_at_their_lines(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Api: {Type: 'AWS::ApiGatewayV2::Api', Properties: {Name: api}}
          Files: {Type: 'AWS::S3::Bucket', Properties: {BucketName: files}}
          Sorry:
            Type: AWS::CloudFront::Distribution
            Properties:
              DistributionConfig:
                DefaultCacheBehavior: {TargetOriginId: a}
                Origins: [{Id: a, DomainName: !GetAtt Files.RegionalDomainName}]
          Switch:
            Type: AWS::Route53::HealthCheck
            Properties: {HealthCheckConfig: {Type: RECOVERY_CONTROL}}
          Names:
            Type: AWS::Route53::RecordSetGroup
            Properties:
              RecordSets:
                - Name: www.example
                  Type: A
                  Failover: PRIMARY
                  HealthCheckId: !Ref Switch
                  AliasTarget: {DNSName: !GetAtt Api.ApiEndpoint}
                - Name: www.example
                  Type: A
                  Failover: SECONDARY
                  AliasTarget: {DNSName: !GetAtt Sorry.DomainName}
        """,
        tmp_path,
    )
    assert said(found)["dns"]["www.example"]["service"] == "api"
    assert "some of its records lead to Sorry, and a name here to one service" in todos(found)
    assert "its type is RECOVERY_CONTROL, which is not simulated" in todos(found)


# what guards and watches


def test_user_pools_issue_tokens_that_gateways_verify(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          Pool: {Type: 'AWS::Cognito::UserPool', Properties: {UserPoolName: customers}}
          Client:
            Type: AWS::Cognito::UserPoolClient
            Properties:
              UserPoolId: !Ref Pool
              AccessTokenValidity: 30
              TokenValidityUnits: {AccessToken: minutes}
          Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: api}}
          Authorizer:
            Type: AWS::ApiGateway::Authorizer
            Properties: {RestApiId: !Ref Api, ProviderARNs: [!GetAtt Pool.Arn]}
        """,
        tmp_path,
        IRELAND,
        VIRGINIA,
    )
    draft = said(found)
    assert draft["identity"] == {"issuer": [IRELAND, VIRGINIA], "keys": "regional", "access_token": "30 min"}
    assert draft["services"]["api"]["verifies_tokens"] == "gateway"
    assert "what Api AWS::ApiGateway::RestApi (eu-west-1) leads to is not in the files" in todos(found)


@pytest.mark.parametrize(
    ("alarm", "why"),
    [
        ("Metrics: [{Id: a}]", "an alarm on metric maths"),
        ("Namespace: AWS/Kinesis, MetricName: Age", "the simulator has no metric AWS/Kinesis Age"),
        (
            "Namespace: AWS/Lambda, MetricName: Errors, ThresholdMetricId: a",
            "without a threshold that is one",
        ),
        (
            "Namespace: AWS/Lambda, MetricName: Errors, Threshold: 1, ComparisonOperator: LessThanThreshold",
            "what its metric lambda.errors is of was not drafted",
        ),
    ],
)
def test_alarms_that_cannot_be_drafted_say_why(alarm: str, why: str, tmp_path: Path) -> None:
    watching = f"A: {{Type: 'AWS::CloudWatch::Alarm', Properties: {{{alarm}}}}}"
    text = f"Resources: {{Api: {{Type: 'AWS::ApiGateway::RestApi'}}, {watching}}}"
    assert any(why in one for one in of_template(text, tmp_path).unread)


def test_thresholds_keep_their_digits_and_take_the_unit_of_the_metric(tmp_path: Path) -> None:
    found = of_template(
        """
        Resources:
          View: {Type: 'AWS::Lambda::Function', Properties: {FunctionName: view, Runtime: go}}
          Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: !Ref View}}
          Many:
            Type: AWS::CloudWatch::Alarm
            Properties: &alarm
              AlarmName: many
              Namespace: AWS/Lambda
              MetricName: Invocations
              Statistic: Sum
              Dimensions: [{Name: FunctionName, Value: view}]
              ComparisonOperator: GreaterThanOrEqualToThreshold
              Threshold: 12345678
              Period: 300
              EvaluationPeriods: 1
          Slow:
            Type: AWS::CloudWatch::Alarm
            Properties:
              <<: *alarm
              AlarmName: slow
              MetricName: Duration
              Statistic: ''
              ExtendedStatistic: p99
              Threshold: 1500.5
          Warm:
            Type: AWS::CloudWatch::Alarm
            Properties:
              <<: *alarm
              AlarmName: warm
              MetricName: ProvisionedConcurrencyUtilization
              Statistic: Maximum
              Threshold: 0.07
        """,
        tmp_path,
    )
    alarms = said(found)["alarms"]
    assert {name: (one["statistic"], one["threshold"]) for name, one in alarms.items()} == {
        "many": ("sum", ">= 12345678"),
        "slow": ("p99", ">= 1500.5 ms"),
        "warm": ("maximum", ">= 7"),  # AWS tells it from 0 to 1, the simulator in percent
    }
    assert alarms["many"]["period"] == "5 min"
    assert alarms["many"]["of"] == f"view@{IRELAND}"


# templates


def test_what_one_template_exports_another_imports_in_its_region(tmp_path: Path) -> None:
    data, api = tmp_path / "data.yaml", tmp_path / "api.yaml"
    data.write_text(
        textwrap.dedent("""
        Resources: {Orders: {Type: 'AWS::DynamoDB::Table', Properties: {BillingMode: PAY_PER_REQUEST}}}
        Outputs: {Table: {Value: !Ref Orders, Export: {Name: !Sub '${AWS::Region}-orders'}}}
        """),
        encoding="utf-8",
    )
    api.write_text(
        textwrap.dedent("""
        Resources:
          View:
            Type: AWS::Lambda::Function
            Properties:
              Runtime: go
              Environment: {Variables: {TABLE: !ImportValue {'Fn::Sub': '${AWS::Region}-orders'}}}
          Url: {Type: 'AWS::Lambda::Url', Properties: {TargetFunctionArn: !Ref View}}
        """),
        encoding="utf-8",
    )
    found = imported([f"{IRELAND}={data}", f"{IRELAND}={api}"])
    steps = said(found)["services"]["View"]["operations"]["view"]
    assert [next(iter(step)) for step in steps] == ["compute", "read", "write"]


@pytest.mark.parametrize("default", ["true", "'true'"])
def test_a_parameter_is_compared_with_yes_as_a_text(default: str, tmp_path: Path) -> None:
    found = of_template(
        f"""
        Parameters: {{Copied: {{Type: String, Default: {default}}}}}
        Conditions: {{Copied: !Equals [!Ref Copied, true]}}
        Resources:
          Orders:
            Type: AWS::DynamoDB::Table
            Condition: Copied
            Properties: {{TableName: !Sub 'orders-${{Copied}}', BillingMode: PAY_PER_REQUEST}}
        """,
        tmp_path,
    )
    assert [*said(found)["tables"]] == ["orders-true"]


def test_a_function_with_other_arguments_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="Fn::FindInMap has other arguments than it takes"):
        of_template(
            "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !FindInMap x}}}", tmp_path
        )
