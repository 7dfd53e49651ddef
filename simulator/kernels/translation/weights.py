"""What is known of how often kernels and their lines run, in LLVM's words.

A branch gets the weights of its two ways. LLVM lays out what mostly runs in one piece, moves the rest behind
it, and keeps values in registers on the common way. In a hot entry each function gets the number of its calls
too, and the module a summary of how often anything runs: then LLVM inlines what is called often, and leaves
alone what is not (`ProfileSummary`, as clang and rustc give it after a counted run).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from types import FunctionType
from typing import Any

from simulator.kernels.profile import every_run, runs_of

_WHOLE = 1_000_000
"""The weights of a branch together."""

_CUTOFFS = {990_000: 0.999, 999_999: 0.999_999}
"""LLVM asks for two counts: of the rarest line that is hot, and of the rarest that is not cold.

It wants those within which 99 % and 99.9999 % of all that runs lie. But a run is like one of the workloads,
not like their average, where what only one of them does is a quarter as frequent: so the first is that of
99.9 %.
"""

_DEFINED = r'^(define [^\n]*?@("[^"]+"|[\w.$-]+)\([^\n]*)\{$'
_NUMBERED = r"^!(\d+) ="
_FLAGS = "!llvm.module.flags"


def weigh(lowered: Any, branch: Any) -> None:
    """Give a branch that Numba has just lowered its weights, if they are known."""
    runs = runs_of(lowered.func_ir.func_id.func)
    if runs is None:
        return
    ways = (branch.truebr, branch.falsebr)
    lines = [lowered.blocks[way].loc.line for way in ways]
    one_way = [_only_way(lowered.blocks, way) for way in ways]
    share = _share_of_true(runs.lines, branch.loc.line, lines, one_way)
    if share is not None:
        true = round(share * _WHOLE)
        lowered.builder.block.terminator.set_weights([max(true, 1), max(_WHOLE - true, 1)])


def _only_way(blocks: Mapping[Any, Any], target: Any) -> bool:
    """Whether a block is reached from one other alone, so that its runs are those of the way to it."""
    return sum(target in block.terminator.get_targets() for block in blocks.values()) == 1


def _share_of_true(runs: Mapping[int, int], line: int, ways: list[int], one_way: list[bool]) -> float | None:
    """The share of a line's runs that goes the first of two ways; None if their lines do not tell.

    A way that begins on the line of the branch itself is not told apart from it. Of two others, one that is
    reached from here alone tells more than one where several meet; else the rarer does.
    """
    there = runs.get(line, 0)
    told = [way for way in (0, 1) if ways[way] != line]
    if not there or not told or ways[0] == ways[1]:
        return None
    best = min(told, key=lambda way: (not one_way[way], runs.get(ways[way], 0)))
    share = min(runs.get(ways[best], 0) / there, 1.0)
    return share if best == 0 else 1 - share


# a module


def with_counts(text: str, kernels: Mapping[str, FunctionType]) -> str:
    """A module's text, in which each kernel has the number of its calls, and the module a summary."""
    own = _Nodes(text)

    def counted(found: re.Match[str]) -> str:
        kernel = kernels.get(found[2].strip('"'))
        runs = kernel and runs_of(kernel)
        return f"{found[1]}!prof {own.calls(runs.calls)} {{" if runs else found[0]

    text = re.sub(_DEFINED, counted, text, flags=re.MULTILINE)
    summary = own.summary()
    flags = re.search(rf"^{_FLAGS} = !\{{(.*)\}}$", text, re.MULTILINE)
    if flags:
        text = text.replace(flags[0], f"{_FLAGS} = !{{{flags[1]}, {summary}}}")
    else:
        own.lines.append(f"{_FLAGS} = !{{{summary}}}")
    return "\n".join((text, *own.lines, ""))


class _Nodes:
    """The metadata that a module gets besides its own."""

    def __init__(self, text: str) -> None:
        self.lines = list[str]()
        self._next = max(map(int, re.findall(_NUMBERED, text, re.MULTILINE)), default=-1) + 1
        self._most, self._functions = 0, 0

    def calls(self, calls: int) -> str:
        """The number of a function's calls."""
        self._most, self._functions = max(self._most, calls), self._functions + 1
        return self._node(f'!"function_entry_count", i64 {calls}')

    def summary(self) -> str:
        """How often anything runs, as counted: all, the most frequent, and what makes up which part."""
        runs = every_run()
        counts = {"TotalCount": sum(runs), "MaxCount": runs[0], "MaxInternalCount": runs[0]}
        counts |= {"MaxFunctionCount": self._most, "NumCounts": len(runs), "NumFunctions": self._functions}
        limits = [
            self._node(f"i32 {cut}, i64 {rarest}, i32 {number}") for cut, rarest, number in _limits(runs)
        ]
        fields = [
            self._node('!"ProfileFormat", !"InstrProf"'),
            *(self._node(f'!"{name}", i64 {count}') for name, count in counts.items()),
            self._node(f'!"DetailedSummary", {self._node(", ".join(limits))}'),
        ]
        return self._node(f'i32 1, !"ProfileSummary", {self._node(", ".join(fields))}')

    def _node(self, text: str) -> str:
        self.lines.append(f"!{self._next} = !{{{text}}}")
        self._next += 1
        return f"!{self._next - 1}"


def _limits(runs: list[int]) -> Iterator[tuple[int, int, int]]:
    """For each cutoff, the count of the rarest of the lines that make it up, and their number."""
    reached = [*accumulate(runs)]
    for cutoff, share in _CUTOFFS.items():
        last = bisect_left(reached, share * reached[-1])
        yield cutoff, runs[last], last + 1
