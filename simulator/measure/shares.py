"""Shares and ratios of counts; None where there is nothing to divide by."""

from typing import Any


def share(part: Any, whole: Any) -> float | None:
    """`part / whole`; None if `whole` is 0."""
    return float(part / whole) if whole else None
