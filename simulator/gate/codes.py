"""The exit codes that a gate keeps, by what its user wants to fail because of."""

from simulator.errors import EXIT_DEFECT, EXIT_INCONCLUSIVE, EXIT_INVALID, EXIT_MET, EXIT_MISSED

FAIL_ON = {
    "missed": (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED),
    "inconclusive": (EXIT_DEFECT, EXIT_INVALID, EXIT_MISSED, EXIT_INCONCLUSIVE),
    "never": (EXIT_DEFECT, EXIT_INVALID),
}
"""What makes a gate fail, by the word of `--fail-on`: the exit codes that are kept; others become 0.

What could not be judged, because it is invalid or the simulator has a defect, always fails.
"""


def kept_code(code: int, fail_on: str) -> int:
    """An exit code, or 0 if nobody wants to fail because of it."""
    return code if code in FAIL_ON[fail_on] else EXIT_MET
