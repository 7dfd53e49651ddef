"""Shares and ratios of counts, None where there is nothing to divide by; sums of times as one number."""

from typing import Any

import numpy as np


def share(part: Any, whole: Any) -> float | None:
    """`part / whole`; None if `whole` is 0."""
    return float(part / whole) if whole else None


def exact_ns(total: Any) -> Any:
    """A time that is kept in seconds and nanoseconds (last axis), as integers (ns) without a limit."""
    parts = np.asarray(total).astype(object)
    return parts[..., 0] * 10**9 + parts[..., 1]
