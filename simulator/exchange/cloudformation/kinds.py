"""Which types of CloudFormation are what here, and where their fields stand.

Source: AWS CloudFormation template reference, and that of AWS SAM, by type.
"""

from collections.abc import Mapping

from simulator.exchange.found import Row

_TRACKED = "PredefinedMetricSpecification.PredefinedMetricType"
_UNITS = "WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings"
_DESTINATION = "ReplicationConfiguration.Rules.*.Destination"
_BEHAVIOUR = "DistributionConfig.DefaultCacheBehavior"
_RATED = "Rules.*.Statement.RateBasedStatement"
_CHECK = "HealthCheckConfig"

KINDS: Mapping[str, Row] = {
    "AWS::DynamoDB::Table": Row(
        "table",
        {
            "name": "TableName",
            "billing": "BillingMode",
            "write": "ProvisionedThroughput.WriteCapacityUnits",
            "read": "ProvisionedThroughput.ReadCapacityUnits",
            "recovery": "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
            "recovery_days": "PointInTimeRecoverySpecification.RecoveryPeriodInDays",
            "indexes": "GlobalSecondaryIndexes.*.IndexName",
            "expires": "TimeToLiveSpecification.Enabled",
        },
    ),
    "AWS::DynamoDB::GlobalTable": Row(
        "table",
        {
            "name": "TableName",
            "billing": "BillingMode",
            "write": f"{_UNITS}.SeedCapacity|{_UNITS}.MinCapacity",
            "read": "Replicas.ReadProvisionedThroughputSettings.ReadCapacityUnits|"
            "Replicas.ReadProvisionedThroughputSettings.ReadCapacityAutoScalingSettings.MinCapacity",
            "replica_reads": "Replicas.*.ReadProvisionedThroughputSettings.ReadCapacityUnits",
            "scaled": f"{_UNITS}.TargetTrackingScalingPolicyConfiguration",
            "replicas": "Replicas.*.Region",
            "replica_recovery": "Replicas.*.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
            "strong": "MultiRegionConsistency",
            "witness": "GlobalTableWitnesses.Region",
            "indexes": "GlobalSecondaryIndexes.*.IndexName",
            "expires": "TimeToLiveSpecification.Enabled",
        },
    ),
    "AWS::Serverless::SimpleTable": Row(
        "table",
        {
            "name": "TableName",
            "write": "ProvisionedThroughput.WriteCapacityUnits",
            "read": "ProvisionedThroughput.ReadCapacityUnits",
        },
    ),
    "AWS::S3::Bucket": Row(
        "bucket",
        {
            "name": "BucketName",
            "targets": f"{_DESTINATION}.Bucket",
            "time_control": f"{_DESTINATION}.ReplicationTime.Status",
        },
    ),
    "AWS::MemoryDB::Cluster": Row(
        "cache", {"name": "ClusterName", "replicas": "NumReplicasPerShard", "whole": "MultiRegionClusterName"}
    ),
    "AWS::MemoryDB::MultiRegionCluster": Row("cache_group", {"name": "MultiRegionClusterNameSuffix"}),
    "AWS::ElastiCache::ReplicationGroup": Row(
        "datastore",
        {
            "name": "ReplicationGroupId",
            "whole": "GlobalReplicationGroupId",
            "replicas": "ReplicasPerNodeGroup",
        },
    ),
    "AWS::ElastiCache::CacheCluster": Row("datastore", {"name": "ClusterName"}),
    "AWS::ElastiCache::GlobalReplicationGroup": Row(
        "datastore_group", {"name": "GlobalReplicationGroupIdSuffix", "primary": "Members.ReplicationGroupId"}
    ),
    "AWS::RDS::GlobalCluster": Row("aurora_group", {"name": "GlobalClusterIdentifier"}),
    "AWS::RDS::DBCluster": Row(
        "aurora",
        {
            "name": "DBClusterIdentifier",
            "whole": "GlobalClusterIdentifier",
            "master": "MasterUsername|ManageMasterUserPassword|MasterUserPassword",
            "source": "ReplicationSourceIdentifier",
            "recovery_days": "BackupRetentionPeriod",
        },
    ),
    "AWS::RDS::DBInstance": Row(
        "rds",
        {
            "name": "DBInstanceIdentifier",
            "source": "SourceDBInstanceIdentifier",
            "recovery_days": "BackupRetentionPeriod",
            "engine": "Engine",
            "cluster": "DBClusterIdentifier",
        },
    ),
    "AWS::Lambda::Function": Row(
        "function",
        {
            "name": "FunctionName",
            "memory": "MemorySize",
            "runtime": "Runtime",
            "reserved": "ReservedConcurrentExecutions",
        },
    ),
    "AWS::Serverless::Function": Row(
        "function",
        {
            "name": "FunctionName",
            "memory": "MemorySize",
            "runtime": "Runtime",
            "reserved": "ReservedConcurrentExecutions",
            "provisioned": "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
            "policies": "Policies",
            "events": "Events",
        },
    ),
    "AWS::Lambda::Alias": Row(
        "alias", {"provisioned": "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"}
    ),
    "AWS::Lambda::Version": Row(
        "alias", {"provisioned": "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"}
    ),
    "AWS::Lambda::Url": Row("function_url"),
    "AWS::ApiGateway::RestApi": Row("rest_api", {"name": "Name"}),
    "AWS::Serverless::Api": Row("rest_api", {"name": "Name"}),
    "AWS::ApiGatewayV2::Api": Row("http_api", {"name": "Name", "protocol": "ProtocolType"}),
    "AWS::Serverless::HttpApi": Row("http_api", {"name": "Name"}),
    "AWS::ApiGateway::Stage": Row(
        "throttle",
        {
            "rate": "MethodSettings.ThrottlingRateLimit",
            "burst": "MethodSettings.ThrottlingBurstLimit",
            "method": "MethodSettings.HttpMethod",
            "resource": "MethodSettings.ResourcePath",
        },
    ),
    "AWS::ApiGatewayV2::Stage": Row(
        "throttle",
        {
            "rate": "DefaultRouteSettings.ThrottlingRateLimit",
            "burst": "DefaultRouteSettings.ThrottlingBurstLimit",
        },
    ),
    "AWS::ApiGateway::UsagePlan": Row(
        "usage_plan", {"rate": "Throttle.RateLimit", "burst": "Throttle.BurstLimit"}
    ),
    "AWS::ApiGateway::Method": Row("integration"),
    "AWS::ApiGatewayV2::Integration": Row("integration"),
    "AWS::ApiGateway::Authorizer": Row("authorizer"),
    "AWS::ApiGatewayV2::Authorizer": Row("authorizer"),
    "AWS::ApiGateway::Deployment": Row("stage"),
    "AWS::ApiGateway::DomainName": Row("domain", {"name": "DomainName"}),
    "AWS::ApiGatewayV2::DomainName": Row("domain", {"name": "DomainName"}),
    "AWS::ApiGateway::BasePathMapping": Row("mapping"),
    "AWS::ApiGatewayV2::ApiMapping": Row("mapping"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Row("balancer", {"name": "Name"}),
    "AWS::ElasticLoadBalancingV2::Listener": Row("listener"),
    "AWS::ElasticLoadBalancingV2::ListenerRule": Row("listener"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Row(
        "target_group",
        {
            "interval": "HealthCheckIntervalSeconds",
            "timeout": "HealthCheckTimeoutSeconds",
            "unhealthy": "UnhealthyThresholdCount",
            "healthy": "HealthyThresholdCount",
        },
    ),
    "AWS::AutoScaling::AutoScalingGroup": Row(
        "fleet",
        {
            "name": "AutoScalingGroupName",
            "nodes": "DesiredCapacity|MinSize",
            "min": "MinSize",
            "max": "MaxSize",
            "zones": "AvailabilityZones|VPCZoneIdentifier",
        },
    ),
    "AWS::AutoScaling::ScalingPolicy": Row(
        "scaling_policy",
        {
            "metric": f"TargetTrackingConfiguration.{_TRACKED}",
            "target": "TargetTrackingConfiguration.TargetValue",
        },
    ),
    "AWS::ECS::Service": Row(
        "fleet",
        {
            "name": "ServiceName",
            "nodes": "DesiredCount",
            "zones": "NetworkConfiguration.AwsvpcConfiguration.Subnets",
        },
    ),
    "AWS::EKS::Nodegroup": Row(
        "node_group",
        {
            "name": "NodegroupName",
            "nodes": "ScalingConfig.DesiredSize",
            "min": "ScalingConfig.MinSize",
            "max": "ScalingConfig.MaxSize",
            "zones": "Subnets",
        },
    ),
    "AWS::EKS::Cluster": Row("cluster", {"name": "Name"}),
    "AWS::EC2::Instance": Row("fleet", {"zones": "AvailabilityZone"}),
    "AWS::ApplicationAutoScaling::ScalableTarget": Row(
        "scaling_target",
        {
            "of": "ResourceId",
            "dimension": "ScalableDimension",
            "min": "MinCapacity",
            "max": "MaxCapacity",
        },
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Row(
        "scaling_policy",
        {
            "metric": f"TargetTrackingScalingPolicyConfiguration.{_TRACKED}",
            "target": "TargetTrackingScalingPolicyConfiguration.TargetValue",
        },
    ),
    "AWS::Route53::RecordSet": Row(
        "record",
        {
            "name": "Name",
            "type": "Type",
            "ttl": "TTL",
            "alias": "AliasTarget.DNSName",
            "follows": "AliasTarget.EvaluateTargetHealth",
            "values": "ResourceRecords",
            "check": "HealthCheckId",
            "failover": "Failover",
            "weight": "Weight",
            "latency": "Region",
            "country": "GeoLocation.CountryCode",
            "continent": "GeoLocation.ContinentCode",
            "multivalue": "MultiValueAnswer",
            "proximity": "GeoProximityLocation|CidrRoutingConfig",
        },
    ),
    "AWS::Route53::HealthCheck": Row(
        "health_check",
        {
            "type": f"{_CHECK}.Type",
            "interval": f"{_CHECK}.RequestInterval",
            "failures": f"{_CHECK}.FailureThreshold",
            "checkers": f"{_CHECK}.Regions",
            "inverted": f"{_CHECK}.Inverted",
            "disabled": f"{_CHECK}.Disabled",
            "children": f"{_CHECK}.ChildHealthChecks",
            "at_least": f"{_CHECK}.HealthThreshold",
            "alarm": f"{_CHECK}.AlarmIdentifier.Name",
            "without_data": f"{_CHECK}.InsufficientDataHealthStatus",
            "path": f"{_CHECK}.ResourcePath",
        },
    ),
    "AWS::CloudFront::Distribution": Row(
        "cdn",
        {
            "origin_ids": "DistributionConfig.Origins.*.Id",
            "origins": "DistributionConfig.Origins.*.DomainName",
            "groups": "DistributionConfig.OriginGroups.Items.*.Id",
            "members": "DistributionConfig.OriginGroups.Items.*.Members.Items.*.OriginId",
            "target": f"{_BEHAVIOUR}.TargetOriginId",
            "ttl": f"{_BEHAVIOUR}.DefaultTTL",
            "attempts": "DistributionConfig.Origins.*.ConnectionAttempts",
            "connect": "DistributionConfig.Origins.*.ConnectionTimeout",
        },
    ),
    "AWS::WAFv2::WebACL": Row(
        "web_acl",
        {
            "name": "Name",
            "scope": "Scope",
            "rules": "Rules.*.Name",
            "limits": f"{_RATED}.Limit",
            "windows": f"{_RATED}.EvaluationWindowSec",
            "counts": "Rules.*.Action.Count",
            "narrowed": f"{_RATED}.ScopeDownStatement",
            "keyed": f"{_RATED}.AggregateKeyType",
        },
    ),
    "AWS::WAFv2::WebACLAssociation": Row("acl_association"),
    "AWS::CloudWatch::Alarm": Row(
        "alarm",
        {
            "name": "AlarmName",
            "namespace": "Namespace",
            "metric": "MetricName",
            "comparison": "ComparisonOperator",
            "threshold": "Threshold",
            "period": "Period",
            "periods": "EvaluationPeriods",
            "points": "DatapointsToAlarm",
            "missing": "TreatMissingData",
            "statistic": "Statistic|ExtendedStatistic",
            "dimensions": "Dimensions",
            "tells": "AlarmActions",
            "maths": "Metrics",
        },
    ),
    "AWS::Cognito::UserPool": Row("user_pool", {"name": "UserPoolName"}),
    "AWS::Cognito::UserPoolClient": Row(
        "pool_client", {"valid": "AccessTokenValidity", "unit": "TokenValidityUnits.AccessToken"}
    ),
    "AWS::IAM::Role": Row("iam"),
    "AWS::IAM::Policy": Row("iam"),
    "AWS::IAM::ManagedPolicy": Row("iam"),
    "AWS::IAM::RolePolicy": Row("iam"),
    "AWS::IAM::InstanceProfile": Row("iam"),
    "AWS::EC2::LaunchTemplate": Row("iam"),
    "AWS::AutoScaling::LaunchConfiguration": Row("iam"),
    "AWS::ECS::TaskDefinition": Row("iam"),
    "AWS::EC2::Subnet": Row("subnet", {"zone": "AvailabilityZone"}),
}
