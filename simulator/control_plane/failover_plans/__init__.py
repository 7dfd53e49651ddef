"""Failover plans: triggers, decisions, and steps that somebody carries out."""
