"""Several points together, and a statistic of them."""

import numpy as np
from numpy.typing import NDArray

COUNT, TOTAL, LOW, HIGH = range(4)
"""What a point holds, in this order."""

_PLACES = {"sample_count": COUNT, "sum": TOTAL, "minimum": LOW, "maximum": HIGH}


def of_one(point: tuple[float, ...], statistic: str) -> float | None:
    """A statistic of one point."""
    if statistic == "average":
        return point[TOTAL] / point[COUNT] if point[COUNT] else None
    return point[_PLACES[statistic]]


def value_of(points: list[tuple[float, ...] | None], statistic: str) -> float | None:
    """A statistic of several points together; None if none is there."""
    there = [point for point in points if point is not None]
    if not there:
        return None
    if statistic == "minimum":
        return min(point[LOW] for point in there)
    if statistic == "maximum":
        return max(point[HIGH] for point in there)
    count, total = sum(point[COUNT] for point in there), sum(point[TOTAL] for point in there)
    if statistic == "average":
        return total / count if count else None
    return total if statistic == "sum" else count


def aggregate(values: NDArray[np.float64], there: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    """Count, total, least and greatest of several points; NaN where none is there."""
    kept = np.where(there, values, 0.0)
    low = np.where(there, values[LOW], np.inf).min(axis=axis)
    high = np.where(there, values[HIGH], -np.inf).max(axis=axis)
    found = np.stack([kept[COUNT].sum(axis=axis), kept[TOTAL].sum(axis=axis), low, high])
    return np.where(there.any(axis=axis), found, np.nan)
