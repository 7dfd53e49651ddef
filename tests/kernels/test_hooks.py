"""What this package takes hold of in Numba is there, in the version that is installed."""

import numba
import pytest
from numba.core.codegen import CPUCodegen
from numba.core.dispatcher import Dispatcher
from numba.core.registry import cpu_target

from simulator.kernels.calling import called
from simulator.kernels.compiling import Entry, entry, kernel
from simulator.kernels.kinds import HOT, int64
from simulator.kernels.libraries import SYMBOL, function_of
from simulator.kernels.translation import hooks, parts
from tests.kernels.examples import calling, seldom

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.mark.parametrize(("owner", "name"), hooks.HOOKED, ids=[name for _, name in hooks.HOOKED])
def test_a_hook_has_found_its_target(owner: object, name: str) -> None:
    assert getattr(owner, name).__module__ == hooks.__name__


@pytest.mark.parametrize("name", ["compile", "get_call_template"])
def test_a_kernel_takes_the_place_of_a_method(name: str) -> None:
    assert callable(getattr(Dispatcher, name))
    assert name in vars(parts._part(kernel(lambda x: x)))


def test_kernels_are_compiled_for_a_level_of_processors_and_nothing_else_is() -> None:
    generator = cpu_target.target_context.codegen()
    assert isinstance(generator, CPUCodegen)
    before = generator._tm
    with parts._for_the_level():
        assert generator._tm is parts._target_machine() is not before
    assert generator._tm is before


@kernel
def _twice(x):  # type: ignore[no-untyped-def]
    return 2 * x


@entry(int)
def _four_times(x):  # type: ignore[no-untyped-def]
    return _twice(_twice(x))


_MODULE = """
define internal i64 @own(i64 %x) {
  ret i64 %x
}

define internal i64 @shown(i64 %x) {
  ret i64 %x
}

declare i64 @foreign(i64)

define ptr @entry(i64 %x) {
  %a = call i64 @own(i64 %x)
  %b = tail call i64 @own(i64 %a)
  %c = call i64 @shown(i64 %b)
  %d = call i64 @foreign(i64 %c)
  ret ptr @shown
}
"""


def test_only_what_is_called_by_its_name_alone_saves_no_registers() -> None:
    written = hooks._saving_nothing(_MODULE)
    plain = written.replace("define internal preserve_nonecc i64 @own", "define internal i64 @own")
    assert plain.count("call preserve_nonecc i64 @own") == 2
    assert plain.replace("call preserve_nonecc i64 @own", "call i64 @own") == _MODULE
    assert plain != written


@pytest.mark.skipif(not hooks._SAVES_NOTHING, reason="LLVM has no such functions here")
def test_a_hot_entry_saves_no_registers_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, saving_nothing = list[str](), hooks._saving_nothing

    def noting(text: str) -> str:
        texts.append(saving_nothing(text))
        return texts[-1]

    monkeypatch.setattr(hooks, "_saving_nothing", noting)
    code = parts.machine_code(Entry(calling, (int,), HOT), (int64,))
    assert "define internal preserve_nonecc" in "".join(texts)
    call = called(function_of(code), code.returns, (int64,))
    assert call(3) == 4 + 7
    assert call(1000) == sum(map(seldom.py_func, (1000, 1001, 2000, 2001)))


def test_what_is_called_is_all_that_others_see_of_an_entry() -> None:
    assert isinstance(_four_times, Entry)
    compiled = parts._compiled(_four_times, (int64,))
    assert parts._code_of(_four_times, compiled).returns == "int64"
    assert [one.name for one in compiled.library.get_defined_functions()] == [SYMBOL]
    assert _four_times(3) == 12


def _text_of(x):  # type: ignore[no-untyped-def]
    return len(str(x))


def test_an_entry_that_needs_the_runtime_of_numba_is_refused() -> None:
    unlisted = Entry(_text_of, (int,))  # which nobody compiles ahead
    with pytest.raises(TypeError, match="_text_of needs NRT_"):
        parts.machine_code(unlisted, (int64,))
