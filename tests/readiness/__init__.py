"""The readiness of standbys, and what is single."""
