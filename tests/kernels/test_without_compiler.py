"""Running what was compiled needs no compiler, and where nobody can link, no library."""

import re
import sys
from pathlib import Path

import pytest

import simulator
from simulator.kernels.places import kept_in
from simulator.pipeline import warm_up
from tests.kernels.copies import SAMPLE, Copy
from tests.small import experiment, topology, write

PACKAGE = Path(simulator.__file__).parent

HEAVY = """
import sys
print(sorted({"numba", "llvmlite"} & sys.modules.keys()))
"""

RUN = """
import simulator
result = simulator.run("experiment.yaml")
print(len(result.to_json()) > 0)
"""


NAMED = re.compile(r"^\s*(from|import) (numba|llvmlite)\b", re.MULTILINE)


def test_only_what_translates_kernels_names_the_compiler() -> None:
    """But for two that ask for it once they need it: its switch, and its loader of objects."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if NAMED.search(path.read_text(encoding="utf-8"))
    }
    beyond = {name for name in found if not name.startswith("kernels/translation/")}
    assert beyond == {"kernels/compiling.py", "kernels/libraries.py"}


def test_a_run_that_finds_its_machine_code_imports_no_compiler(copy: Copy) -> None:
    write(copy.root, topology(), experiment())
    warm_up()
    place = kept_in()
    assert place is not None
    own = Copy(copy.root, place)
    done = own.run(RUN + HEAVY)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="libraries are not linked there")
def test_where_nobody_can_link_objects_are_loaded_without_numba(copy: Copy) -> None:
    linked = copy.run(SAMPLE)
    other = Copy(copy.root, copy.cache.with_name("objects"))
    assert other.run(SAMPLE, PATH="").stdout == linked.stdout
    assert not [*other.cache.glob("*.so")]
    again = other.run(SAMPLE + HEAVY, PATH="")
    assert again.stdout == linked.stdout + "['llvmlite']\n"
    assert again.stderr == ""
