"""Auto-scaling: capacity that follows a metric, an alarm or the clock (docs/scaling.md)."""
