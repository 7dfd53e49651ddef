"""End to end: whatever machine code is in the cache, an edited package gives the right figures."""

import shutil
from pathlib import Path

import pytest

from simulator.kernels.places import kept_in
from simulator.pipeline import warm_up
from tests.kernels.copies import BEGUN, Copy
from tests.small import HERE, experiment, topology, write

RUN = """
from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import read_experiment
from simulator.lowering.whole import lower
from simulator.simulation import simulate
loaded = read_experiment("experiment.yaml")
plan = lower(loaded.experiment, loaded.topology, 1)
tallies = simulate(plan, CompiledPlane(plan.data)).tallies
print(int(tallies.cold_starts.sum()), int(tallies.reads.sum()))
"""


def cold_starts_and_reads(copy: Copy, **variables: str) -> tuple[list[int], str]:
    done = copy.run(RUN, **variables)
    assert done.returncode == 0, done.stderr
    return [int(number) for number in done.stdout.split()], done.stderr


@pytest.mark.middle
def test_functions_and_nodes_swap_their_numbers(copy: Copy) -> None:
    users = {"near": HERE, "sessions": 20, "think_time": "5 s", "actions": {"look": 1}}
    operations = {"look": [{"read": "orders"}]}
    write(
        copy.root,
        topology(
            tables={"orders": {"replicas": [HERE]}},
            services={"api": {"regions": [HERE], "compute": {"lambda": {}}, "operations": operations}},
        ),
        experiment(users={"people": users}),
    )
    warm_up()
    place = kept_in()
    assert isinstance(place, Path)
    shutil.copytree(place, copy.cache)
    right, said = cold_starts_and_reads(copy)
    assert said == ""  # warm: the copy is what this process runs
    assert right[1] > 5 * right[0] > 0  # nodes know no cold starts
    copy.edit("boundary/kinds.py", "LAMBDA = 2", "LAMBDA = 3")
    copy.edit("boundary/kinds.py", "NODES = 3", "NODES = 2")
    edited, said = cold_starts_and_reads(copy)
    assert BEGUN in said
    assert edited == right == cold_starts_and_reads(copy, NUMBA_DISABLE_JIT="1")[0]
