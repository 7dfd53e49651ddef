"""CloudWatch: metrics that are published, and alarms that are evaluated."""
