"""Exchange with other tools."""
