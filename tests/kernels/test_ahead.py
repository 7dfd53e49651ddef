"""Everything is compiled ahead: no run meets the compiler."""

import numba
import pytest

from simulator import run
from simulator.kernels import compiling
from simulator.kernels.compiling import Entry, entries
from simulator.pipeline import warm_up
from tests.examples.places import EXPERIMENTS

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


def ours() -> list[Entry]:
    return [one for one in entries() if one.__module__.startswith("simulator.")]


def test_every_entry_is_compiled_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = []
    monkeypatch.setattr(compiling, "_WARM", set())
    monkeypatch.setattr(compiling, "_is_missing", lambda entry, signature: wanted.append(entry))
    warm_up()
    assert {*wanted} >= {*ours()}


@pytest.mark.parametrize("entry", ours(), ids=lambda entry: entry.__name__)
def test_an_entry_says_the_kind_of_each_argument(entry: Entry) -> None:
    assert len(entry.kinds) == entry.py_func.__code__.co_argcount


@pytest.mark.middle
@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_a_run_compiles_nothing_else(path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry is called with the types that it says: another would be compiled in the middle of a run."""
    warm_up()

    def compiled(entries: object) -> None:
        raise AssertionError(f"{entries} were not compiled ahead")

    monkeypatch.setattr(compiling.COMPILATION, "expect", compiled)
    run(path)  # type: ignore[arg-type]
