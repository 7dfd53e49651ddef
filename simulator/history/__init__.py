"""The quiet weeks before a run, from which its alarms have learned."""
