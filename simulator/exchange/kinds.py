"""Types that are read for what they refer to, or have no part in the model: nothing is lost without them."""

PLUMBING = (
    "cloudtrail", "ec2::", "ecr", "eip", "iam", "internet_gateway", "internetgateway", "key_pair",
    "kms", "lambda_permission", "lambda::permission", "lambda_layer", "lambda::layer", "logs::", "log_group",
    "nat_gateway", "network_acl", "network_interface", "null_resource", "random_", "route_table",
    "s3_bucket_acl", "s3_bucket_ownership", "s3_bucket_policy", "s3::bucketpolicy", "s3_bucket_public_access",
    "s3_bucket_server_side", "s3_bucket_versioning", "s3_bucket_lifecycle", "s3_object", "security_group",
    "sns_topic", "sns::", "subnet_group", "subnetgroup", "subnet", "vpc", "route53_zone",
    "route53::hostedzone",
    "origin_access", "originaccess", "api_gateway_method", "apigateway::method", "apigateway::resource",
    "api_gateway_resource", "apigatewayv2_route", "apigatewayv2::route", "apigateway::account",
    "api_gateway_account", "parameter_group", "parametergroup", "rds_cluster_instance", "archive_file",
    "ecs_cluster", "ecs::cluster", "cloudfront_function", "secretsmanager", "ssm_parameter",
    "local_file", "tls_", "certificate", "launch_template", "cdk::metadata",
)  # fmt: skip
"""Parts of the names of such types, in lower case."""
_ANSWERING = ("ec2::ec2fleet", "ec2::spotfleet", "vpc_lattice", "vpclattice")
"""And of those that are none all the same, for they answer requests or lead them."""
JOINTS = (
    "alias", "authorizer", "cluster", "data", "domain", "iam", "integration", "listener", "mapping",
    "plumbing", "stage", "subnet", "target_group", "attachment",
)  # fmt: skip
"""Kinds that only join others, and are nothing by themselves."""


def is_plumbing(type_: str) -> bool:
    """Whether a type has no part in the model, as far as anybody's requests are concerned."""
    lowered = type_.lower()
    if any(part in lowered for part in _ANSWERING):
        return False
    return lowered == "aws_route" or any(part in lowered for part in PLUMBING)
