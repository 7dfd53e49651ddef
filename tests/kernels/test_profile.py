"""What is known of how often kernels run, and what LLVM is told of it."""

import re
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import pytest
from llvmlite.binding import parse_assembly
from llvmlite.ir.instructions import PredictableInstr

from simulator.data_plane.loop import advance
from simulator.kernels import profile
from simulator.kernels.calling import called
from simulator.kernels.compiling import Entry, entry
from simulator.kernels.keys import reached_by
from simulator.kernels.kinds import HOT, PART, int64
from simulator.kernels.libraries import function_of
from simulator.kernels.profile import Runs, name_of, runs_of, source_of
from simulator.kernels.translation import hooks, parts, weights
from tests.kernels import examples
from tests.kernels.copies import Copy
from tests.kernels.examples import calling, often, seldom

compiled = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


def _function(one: Any) -> FunctionType:
    return one.py_func if hasattr(one, "py_func") else one


def _line_of(one: Any, code: str) -> int:
    """The line on which a function of the examples has this code."""
    first = _function(one).__code__.co_firstlineno
    lines = Path(examples.__file__).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if n >= first and line.strip().startswith(code))


# what was counted


@compiled
def test_the_profile_is_that_of_the_kernels_as_they_are() -> None:
    kernels = {name_of(one.py_func): one.py_func for one in reached_by(advance)}
    stale = {name for name, function in kernels.items() if runs_of(function) is None}
    assert not stale, "`python -m benchmarks.profile` counts again"
    assert not set(profile._profile()) - set(kernels), "`python -m benchmarks.profile` leaves them out"


def test_most_requests_take_an_event_from_the_queue_more_than_once() -> None:
    """A request has three events or more (docs/performance.md), and each is taken once."""
    taken = profile._profile()["simulator.data_plane.queue.take"]
    assert taken["calls"] > 3 * 10**6


def test_a_source_has_the_lines_of_its_code_alone() -> None:
    source = source_of(_function(seldom))
    assert source is not None
    first = _line_of(seldom, "found = x")
    assert source.lines == [first, first + 1, first + 2, first + 3]


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], FunctionType]:
    def function(text: str) -> FunctionType:
        path = tmp_path / f"m{len([*tmp_path.iterdir()])}.py"
        path.write_text(text, encoding="utf-8")
        names: dict[str, Any] = {"__name__": "m"}
        exec(compile(text, path, "exec"), names)
        found: FunctionType = names["f"]
        return found

    return function


def _digest(function: FunctionType) -> str:
    source = source_of(function)
    assert source is not None
    return source.digest


def test_remarks_change_no_digest_and_code_and_its_lines_do(module: Callable[[str], FunctionType]) -> None:
    plain = _digest(module("def f(x):\n    if x and x > 1:\n        return 1\n    return 2\n"))
    told = 'def f(x):\n    """Say."""\n\n    if x and x > 1:  # why\n        return 1\n    return 2\n'
    assert _digest(module(told)) == plain
    assert _digest(module("def f(x):\n    if x and x > 1:\n        return 1\n    return 3\n")) != plain
    broken = "def f(x):\n    if (\n        x\n        and x > 1\n    ):\n        return 1\n    return 2\n"
    assert _digest(module(broken)) != plain  # the counts of its lines would be those of others


def test_what_is_no_function_of_a_module_has_no_source() -> None:
    assert source_of(lambda: 1) is None  # type: ignore[arg-type]


def test_nothing_is_known_of_a_kernel_that_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    function = _function(seldom)
    counts = {"calls": 5, "lines": [5, 30, 25, 5]}
    for digest, known in ((_digest(function), True), ("0" * 8, False)):
        monkeypatch.setattr(
            profile, "_profile", lambda digest=digest: {name_of(function): {"source": digest} | counts}
        )
        found = runs_of.__wrapped__(function)
        first = _line_of(seldom, "found = x")
        lines = {first: 5, first + 1: 30, first + 2: 25, first + 3: 5}
        assert found == (Runs(5, lines) if known else None)


def test_another_profile_is_another_key(copy: Copy) -> None:
    asked = "from simulator.kernels.keys import _environment; print(_environment())"
    before = copy.run(asked).stdout
    copy.edit("kernels/profile.json", "{\n", "{\n\n")
    assert copy.run(asked).stdout != before != ""


# branches

_T, _F, _ELSE = 11, 15, 10
"""The lines of two ways, and that of the branch."""


@pytest.mark.parametrize(
    ("true", "false", "lines", "one_way", "share"),
    [
        (25, 75, [_T, _F], [True, True], 0.25),
        (25, 100, [_T, _F], [True, False], 0.25),  # where both ways meet, 100 came by
        (100, 30, [_T, _F], [False, True], 0.7),
        (100, 30, [_T, _F], [False, False], 0.7),  # at most: the rarer tells more
        (None, 30, [_ELSE, _F], [True, True], 0.7),  # `if a and b`: the way to b is on the same line
        (20, None, [_T, _ELSE], [True, True], 0.2),
        (400, None, [_T, _ELSE], [True, True], 1.0),  # others come to that line, too
        (0, 100, [_T, _F], [True, True], 0.0),
        (None, None, [_ELSE, _ELSE], [True, True], None),
        (50, 50, [_T, _T], [True, True], None),
    ],
)
def test_the_lines_of_a_branch_tell_how_often_it_goes_either_way(
    true: int | None, false: int | None, lines: list[int], one_way: list[bool], share: float | None
) -> None:
    runs = {_ELSE: 100} | {line: runs for line, runs in ((_T, true), (_F, false)) if runs is not None}
    found = weights._share_of_true(runs, _ELSE, lines, one_way)
    assert found == (None if share is None else pytest.approx(share))


def test_nothing_is_told_of_a_branch_that_was_never_reached() -> None:
    assert weights._share_of_true({}, _ELSE, [_T, _F], [True, True]) is None


@pytest.fixture
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """`often` is called a million times, and in two of these it calls `seldom`."""
    branch, loop = _line_of(often, "if x < 1000"), _line_of(seldom, "for")
    known = {
        _function(often): Runs(10**6, {branch: 10**6, branch + 1: 999_998, branch + 2: 2}),
        _function(seldom): Runs(4, {loop - 1: 4, loop: 204, loop + 1: 200, loop + 2: 4}),
    }
    monkeypatch.setattr(weights, "runs_of", known.get)
    monkeypatch.setattr(weights, "every_run", lambda: [10**6, 999_998, 204, 200, 4, 4, 2])


@compiled
@pytest.mark.usefixtures("_known")
def test_a_branch_of_a_kernel_has_its_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of a million calls go the other way; 200 of 204 rounds of a loop go on, or 980,392 of a million."""
    given = list[list[int]]()

    def noting(branch: Any, weights: list[int]) -> None:
        given.append(weights)
        plain(branch, weights)

    plain = PredictableInstr.set_weights
    monkeypatch.setattr(PredictableInstr, "set_weights", noting)
    for one in (often, seldom):  # which may have been compiled before
        parts._dispatcher(one, PART).compile((numba.types.int64,))
    ours = {(true, false) for true, false in given if true + false == 10**6}  # Numba has some of its own
    assert ours == {(980_392, 19_608), (999_998, 2)}


# modules

_MODULE = """
define internal i64 @"own::it"(i64 %x) nounwind {
  ret i64 %x
}

define i64 @entry(i64 %x) {
  %a = call i64 @"own::it"(i64 %x)
  ret i64 %a
}
"""


@pytest.mark.parametrize("more", ["", '!llvm.module.flags = !{!4}\n!4 = !{i32 1, !"Debug", i32 3}\n'])
def test_a_module_says_how_often_its_functions_are_called_and_what_that_means(
    more: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines run 900, 90, 9 and 1 times: 99.9 % of these 1000 are the first three, all are four."""
    own = _function(seldom)
    monkeypatch.setattr(weights, "runs_of", {own: Runs(90, {})}.get)
    monkeypatch.setattr(weights, "every_run", lambda: [900, 90, 9, 1])
    told = str(parse_assembly(weights.with_counts(_MODULE + more, {"own::it": own})))  # as LLVM reads it
    entries = re.findall(r"@(\S+)\(.*!prof (!\d+) \{", told)
    assert [name for name, _ in entries] == ['"own::it"']
    assert f'{entries[0][1]} = !{{!"function_entry_count", i64 90}}' in told
    for name, count in {"TotalCount": 1000, "MaxCount": 900, "NumCounts": 4, "NumFunctions": 1}.items():
        assert f'!{{!"{name}", i64 {count}}}' in told
    assert "!{i32 990000, i64 9, i32 3}" in told
    assert "!{i32 999999, i64 1, i32 4}" in told
    (flags,) = re.findall(r"^!llvm.module.flags = !\{(.*)\}$", told, re.MULTILINE)
    assert len(flags.split(", ")) == 1 + bool(more)


@compiled
@pytest.mark.usefixtures("_known")
def test_a_hot_entry_inlines_what_is_often_called_and_nothing_else_and_gives_the_same() -> None:
    code = Entry(calling, (int,), HOT)
    library = parts._compiled(code, (int64,)).library
    left = [hooks.KERNELS.get(one.name) for one in library._final_module.functions if not one.is_declaration]
    assert _function(seldom) in left
    assert _function(often) not in left
    machine = parts.machine_code(code, (int64,))
    call = called(function_of(machine), machine.returns, (int64,))
    assert call(3) == 4 + 7
    assert call(1000) == sum(map(_function(seldom), (1000, 1001, 2000, 2001)))


@entry(int)
def _plainly(x):  # type: ignore[no-untyped-def]
    return often(x)


@compiled
def test_what_is_no_hot_entry_is_told_nothing_of_its_functions() -> None:
    assert "ProfileSummary" not in str(parts._compiled(_plainly, (int64,)).library._final_module)
