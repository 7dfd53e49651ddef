"""What this machine has room for: asked when a run is checked, and before it begins."""

import os
from collections.abc import Iterable
from dataclasses import replace

from simulator.errors import SpecError
from simulator.language.checks.cost import Cost, about


def check_memory(costs: Iterable[Cost]) -> None:
    """Refuse a run for which this machine has too little memory, at the place that needs the most of it."""
    found, there = [*costs], memory_bytes()
    if there is not None and sum(cost.bytes for cost in found) > there:
        largest = max(found, key=lambda cost: cost.bytes).too_large
        raise SpecError(
            replace(largest, message=f"{largest.message} (this machine has {about(there / 2**30)} GB)")
        )


def memory_bytes() -> int | None:
    """The memory of this machine; None if it does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
