"""CloudWatch: metrics that are published late and dark with their region, and alarms on them."""
