"""CloudWatch: series of points, and how they are published."""
