"""States of alarms, and what alarms do about data points that are not there.

Source: Amazon CloudWatch user guide, *Using Amazon CloudWatch alarms* and *Configuring how CloudWatch alarms
treat missing data*.
"""

OK, ALARM, INSUFFICIENT_DATA = range(3)
STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")
"""Words of the states, by number."""

MISSING, IGNORE, BREACHING, NOT_BREACHING = range(4)
POLICIES = ("missing", "ignore", "breaching", "not_breaching")
"""Words of what is done about a point that is missing, by number."""
