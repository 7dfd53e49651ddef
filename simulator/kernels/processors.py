"""Which processors machine code is for: levels that many share, so that it can be shared, too.

A level is that of the x86-64 psABI, whose third has what every server has had since 2015 (AVX2, BMI); keyed
draws multiply and rotate some tenth faster there. Elsewhere it is what all processors of the architecture can
do. No level contracts products and sums, so results are the same bytes.
"""

import os
import sys
from functools import cache

GENERIC, THIRD = "generic", "x86-64-v3"
LEVELS = (GENERIC, THIRD)
"""By LLVM's names."""

_OF_THIRD = {"avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}
"""Flags by which Linux says that a processor is of the third level."""


@cache
def level() -> str:
    """The highest level of the processor at hand; the lowest if NUMBA_CPU_NAME asks for it."""
    if os.environ.get("NUMBA_CPU_NAME") == GENERIC or not sys.platform.startswith("linux"):
        return GENERIC
    return THIRD if _flags() >= _OF_THIRD else GENERIC


def _flags() -> set[str]:
    """What the first processor can do; nothing where nobody knows, or where it is no x86."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as lines:
            found = next((line for line in lines if line.startswith("flags")), "")
    except OSError:
        return set()
    return {*found.partition(":")[2].split()}
