"""Auto-scaling: when it acts, how much it wants, and what keeps it from acting."""
