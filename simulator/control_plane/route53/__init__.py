"""Route 53: answers, health checks, record changes."""
