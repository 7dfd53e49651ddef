"""A build with bounds checks refuses every index outside an array, and changes no figure."""

from hashlib import sha256

import pytest

from simulator import load, run
from tests.examples.places import EXPERIMENTS
from tests.kernels.copies import Copy

ONE_INDEX = """
import numpy as np
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import entry
from simulator.kernels.kinds import MOVABLE

@entry("here", int, int)
def get(block, i, j):
    return block.wide[i, j] + block.column[i]

@entry("here", int)
def put(block, i):
    block.wide[i] = 7

@entry("here", int)
def narrow(block, value):
    block.byte[0] = value

rows = np.zeros((3, 4), np.int64)
places = {"wide": MOVABLE, "column": 24} if COLUMNS else {}
block = Block(
    "here", places, rows=rows.view(np.uint8), wide=rows[:, :2], column=rows[:, 3], byte=np.zeros(1, np.int8)
)
put(block, 2)
print(get(block, 2, 1), rows[:, 2].sum())
for kernel, *index in ((get, 3, 0), (get, -1, 0), (get, 0, 2), (put, -1)):
    try:
        kernel(block, *index)
    except IndexError as error:
        print(error)
narrow(block, -128)
try:
    narrow(block, 128)
except OverflowError as error:
    print(error, block.byte)
"""

RUN_ALL = """
from hashlib import sha256
from simulator import load, run
for path in PATHS:
    print(sha256(run(load(path)).to_json().encode()).hexdigest())
"""


@pytest.mark.parametrize("columns", [False, True])
def test_an_index_outside_an_array_is_an_error_that_names_it(copy: Copy, columns: bool) -> None:
    file = copy.root / "one_index.py"
    file.write_text(ONE_INDEX.replace("COLUMNS", str(columns)), encoding="utf-8")
    done = copy.run("import one_index", SIMULATOR_BOUNDS_CHECK="1")
    assert done.stdout.splitlines() == [
        "7 0",
        "index 0 of here.wide is outside the array",
        "index 0 of here.wide is outside the array",
        "index 1 of here.wide is outside the array",
        "index 0 of here.wide is outside the array",
        "a number does not fit into here.byte [-128]",
    ], done.stderr


@pytest.mark.slow
def test_shipped_experiments_stay_within_their_arrays(copy: Copy) -> None:
    """Every hop, every kind of store and compute, lost regions and those that catch up."""
    done = copy.run(
        RUN_ALL.replace("PATHS", repr([str(path) for path in EXPERIMENTS])), SIMULATOR_BOUNDS_CHECK="1"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        sha256(run(load(path)).to_json().encode()).hexdigest() for path in EXPERIMENTS
    ]
