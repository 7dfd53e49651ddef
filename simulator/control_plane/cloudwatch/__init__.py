"""CloudWatch: metrics that are published late and go dark with their region, and alarms that are evaluated."""
