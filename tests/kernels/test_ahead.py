"""Everything is compiled ahead: no run meets the compiler."""

import numba
import pytest

from simulator import run
from simulator.kernels import compiling
from simulator.kernels.compiling import entries
from simulator.pipeline import warm_up
from tests.examples.places import EXPERIMENTS

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


def ours() -> list[tuple[object, tuple[object, ...]]]:
    return [one for one in entries() if one[0].py_func.__module__.startswith("simulator.")]


def test_every_entry_is_compiled_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = []
    monkeypatch.setattr(compiling, "_is_missing", lambda entry, signature: wanted.append(entry))
    warm_up()
    assert {*wanted} >= {entry for entry, _ in ours()}


@pytest.mark.parametrize("entry", [entry for entry, _ in ours()], ids=lambda entry: entry.py_func.__name__)
def test_an_entry_says_the_kind_of_each_argument(entry: object) -> None:
    kinds = dict(entries())[entry]
    assert len(kinds) == entry.py_func.__code__.co_argcount  # type: ignore[attr-defined]


@pytest.mark.middle
@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_a_run_compiles_nothing_else(path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry is called with the types that it says: another would be compiled in the middle of a run."""
    warm_up()

    def compiled(entries: object) -> None:
        raise AssertionError(f"{entries} were not compiled ahead")

    monkeypatch.setattr(compiling.COMPILATION, "expect", compiled)
    run(path)  # type: ignore[arg-type]
