"""Kinds of distribution, as plans number them, and their parameters a and b."""

CONSTANT = 0  # a = value
LOGNORMAL = 1  # a = ln(median), b = sigma
EXPONENTIAL = 2  # a = mean
UNIFORM = 3  # a = low, b = high
LOG_UNIFORM = 4  # a = ln(low), b = ln(high)
