"""Whatever is done to a file, it ends in a run or in problems with places: no traceback, no hang, no crash.

More of them: `python -m tests.fuzz 10000 1`, or SIMULATOR_FUZZ=10000 for the test of the middle tier.
"""

import os

import pytest

from tests.fuzz.__main__ import main

CASES = int(os.environ.get("SIMULATOR_FUZZ", "2000"))


def test_a_few_spoiled_files_end_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(25, 1_000_000) == 0, capfd.readouterr().out


@pytest.mark.middle
def test_many_spoiled_files_end_well(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(CASES, 1) == 0, capfd.readouterr().out
