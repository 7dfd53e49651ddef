"""Templates of AWS CloudFormation, as JSON or YAML."""
