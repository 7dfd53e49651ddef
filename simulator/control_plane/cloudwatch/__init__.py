"""CloudWatch: metrics that are published late, and alarms that are evaluated."""
