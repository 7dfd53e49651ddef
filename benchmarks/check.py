"""Hold the working tree against the commit of the last kept record: `python -m benchmarks.check`.

Old and new run by turns, and the processor's time of each pair is compared, which others on the machine
change less. Exits with 1 if something takes more than 1.1 times as long as it did, with 2 if nothing could be
compared, else with 0.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.records import HISTORY
from benchmarks.versions import TODAY, RefusedError, Taken, Version, checked_out, last_kept
from simulator.verdict.intervals import ranks

LIMIT = 1.10
PAIRS, MOST = 6, 24
"""Pairs until it is looked first: six are the fewest that bound a median; and the most."""


@dataclass(frozen=True)
class Case:
    """Something that is compared: how its file comes about, and what is measured of it."""

    name: str
    file: Callable[[Version, Path], Path]
    """Of a version and a directory. Both versions read the new one's, if the old one can."""
    measure: Callable[[Version, Path], Taken]


def shipped(path: str, version: Version, _place: Path) -> Path:
    """A file of a version."""
    file = version.root / path
    if not file.exists():
        raise RefusedError(f"it has no {path}")
    return file


def written(maker: str, *given: Any, at: Version, place: Path) -> Path:
    """A file that a version writes."""
    return at.made(maker, *given, place=place)


def _written(maker: str, *given: Any) -> Callable[[Version, Path], Path]:
    return lambda version, place: written(maker, *given, at=version, place=place)


def engine(version: Version, file: Path) -> Taken:
    """A run, its kernels loaded."""
    return version.engine(file)


def _alone(version: Version, file: Path) -> Taken:
    return version.process("run", str(file), "--format", "json", "--fail-on", "never")


def _read(version: Version, file: Path) -> Taken:
    return version.process("run", str(file), "--format", "json", "--fail-on", "never", "--no-cache")


def _by_two(version: Version, file: Path) -> Taken:
    given = ("--format", "json", "--fail-on", "never", "--no-cache")
    return version.process("run", str(file), "--seeds", "4", "--jobs", "2", *given)


_OURS = "benchmarks/rivals/ours"
_1000 = 1000 / 12.3  # actions a second of a thousand sessions

CASES = (
    Case("the demo, 1,000 sessions", _written("milan_at", _1000), engine),
    Case("the demo, watched", _written("monitored_milan", True), engine),
    Case("one queue (W1)", partial(shipped, f"{_OURS}/queue.yaml"), engine),
    Case("two regions, one lost (W3)", partial(shipped, f"{_OURS}/outage.yaml"), engine),
    Case("a strong table with damage", _written("damaged_strong_shop", 500), engine),
    Case("100,000 sessions", _written("steady_with_ample_capacity", 100_000, 10), engine),
    Case("the smallest experiment, whole", _written("steady", 1, 10), _alone),
    Case("… of files that have changed", _written("steady", 1, 10), _read),
    Case("4 replications by two processes, whole", partial(shipped, f"{_OURS}/outage.yaml"), _by_two),
)


@dataclass(frozen=True)
class Compared:
    """How many times as long something takes as it did."""

    name: str
    ratios: tuple[float, ...]
    """Of each pair."""
    note: str = ""

    @property
    def ratio(self) -> float:
        """Their median."""
        return statistics.median(self.ratios)

    @property
    def between(self) -> tuple[float, float]:
        """Between what the true median lies in 95 of 100 such comparisons, whatever the noise is like."""
        ordered, (first, last) = sorted(self.ratios), ranks(len(self.ratios), 0.5)
        low = ordered[first - 1] if first else 0.0
        return low, ordered[last - 1] if last <= len(ordered) else float("inf")

    def is_clear(self, limit: float) -> bool:
        """Whether the interval lies on one side of a limit."""
        low, high = self.between
        return low > limit or high <= limit

    def is_slower(self, limit: float) -> bool:
        """Whether it takes longer than the limit allows: so in the median, and longer beyond the noise."""
        return self.ratio > limit and self.between[0] > 1.0

    def line(self, limit: float) -> str:
        """What is told of it."""
        low, high = min(self.ratios), max(self.ratios)
        state = "SLOWER" if self.is_slower(limit) else "ok    "
        told = f"{state} {self.name}: {self.ratio:.2f}× ({low:.2f}–{high:.2f}, {len(self.ratios)} pairs)"
        return f"{told}; {self.note}" if self.note else told


def compared(
    case: Case, old: Version, new: Version, place: Path, limit: float = LIMIT, pairs: int = PAIRS
) -> Compared:
    """Run a case by turns on two versions. Raises RefusedError if it cannot be compared."""
    file = case.file(new, place / "new")
    case.measure(new, file)  # a first run of each compiles and loads what the others find
    olds, note = file, ""
    try:
        first = case.measure(old, file)
    except RefusedError as why:
        olds = _own_file(case, old, place, why)
        note, first = "then by its own file, for it cannot read today's", case.measure(old, olds)
    ratios: list[float] = []
    while True:
        before, now = _pair(case, old, olds, new, file, is_old_first=len(ratios) % 2 == 0)
        ratios.append((now.seconds / now.requests) / (before.seconds / before.requests))
        found = Compared(case.name, tuple(ratios), note or _requests(first, now))
        if len(ratios) >= pairs and (found.is_clear(limit) or len(ratios) >= MOST):
            return found


def _own_file(case: Case, old: Version, place: Path, why: RefusedError) -> Path:
    """The old version's file of the same name."""
    try:
        return case.file(old, place / "old")
    except RefusedError as neither:
        raise RefusedError(
            f"the old version refuses today's file ({why}) and has none itself: {neither}"
        ) from None


def _pair(
    case: Case, old: Version, olds: Path, new: Version, file: Path, *, is_old_first: bool
) -> tuple[Taken, Taken]:
    """Old and new, in turn the one and the other first: what drifts on a machine spoils neither."""
    if is_old_first:
        before = case.measure(old, olds)
        return before, case.measure(new, file)
    now = case.measure(new, file)
    return case.measure(old, olds), now


def _requests(before: Taken, now: Taken) -> str:
    """That a run does something else now, if it does."""
    if before.requests == now.requests:
        return ""
    return f"{before.requests:,.0f} requests then, {now.requests:,.0f} now: compared by the request"


def compare_all(
    cases: Sequence[Case], old: Version, new: Version, *, limit: float = LIMIT, pairs: int = PAIRS
) -> Iterator[Compared | tuple[str, RefusedError]]:
    """Each case, or why it could not be compared."""
    with tempfile.TemporaryDirectory(prefix="simulator-") as name:
        for number, case in enumerate(cases):
            place = Path(name) / str(number)
            place.mkdir()
            try:
                yield compared(case, old, new, place, limit, pairs)
            except RefusedError as why:
                yield case.name, why


def told(found: Sequence[Compared], refused: int, limit: float, against: str) -> tuple[str, int]:
    """The last line, and the exit code."""
    if not found:
        return f"nothing could be compared with {against}", 2
    slower = [one for one in found if one.is_slower(limit)]
    left = f"; {refused} could not be compared" if refused else ""
    if not slower:
        return f"nothing takes more than {limit:g} times as long as with {against}{left}", 0
    each = ", ".join(f"{one.name} takes {one.ratio:.2f} times as long" for one in slower)
    return f"slower than with {against}: {each}, and {limit:g} times is allowed{left}", 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Tell each comparison as it comes; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check", description=__doc__)
    parser.add_argument(
        "--against", metavar="COMMIT", help="compare with this one, not the last kept record's"
    )
    parser.add_argument(
        "--pairs", type=int, default=PAIRS, help="at least so many pairs of each, by default 6"
    )
    parser.add_argument("--limit", type=float, default=LIMIT, help="how many times as long is allowed")
    parser.add_argument("--only", metavar="TEXT", default="", help="what has this in its name")
    options = parser.parse_args(arguments)
    cases = [case for case in CASES if options.only in case.name]
    try:
        commit, record = (options.against, "") if options.against else last_kept(HISTORY)
        against = f"{commit[:12]}{f' (of the record of {record})' if record else ''}"
        print(f"old: {against}, compiled anew; new: the working tree", flush=True)
        found, refused = list[Compared](), 0
        with checked_out(commit) as old:
            for one in compare_all(cases, old, TODAY, limit=options.limit, pairs=options.pairs):
                if isinstance(one, Compared):
                    found.append(one)
                    print(one.line(options.limit), flush=True)
                else:
                    refused += 1
                    print(f"--     {one[0]}: not compared: {one[1]}", flush=True)
    except RefusedError as why:
        print(f"nothing could be compared: {why}", file=sys.stderr)
        return 2
    line, code = told(found, refused, options.limit, against)
    print(line)
    return code


if __name__ == "__main__":
    sys.exit(main())
