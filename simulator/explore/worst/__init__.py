"""The search for the outage that hurts an objective most."""
