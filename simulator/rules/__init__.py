"""Findings without a run: settings that defeat their purpose, each by a rule with a name and a remedy."""
