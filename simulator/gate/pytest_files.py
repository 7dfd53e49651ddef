"""Experiments as tests of pytest: a file is read once, played once under each seed, judged by each test.

`simulator.pytest_plugin` imports this when it meets the first experiment.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from simulator.errors import SpecError
from simulator.explore.cells import Cell, Record, play_cells
from simulator.explore.spreads import expected_one
from simulator.gate.line import said
from simulator.gate.played import Played, played_of
from simulator.gate.replicated import judgement_of
from simulator.language.files import Loaded, read_experiment
from simulator.result.whole import Judgement
from simulator.verdict.asking import Question, questions
from simulator.verdict.judging import MET, NOT_EXERCISED, NOT_SHOWN


class ExperimentFile(pytest.File):
    """An experiment's file, whose tests are its expectations under each seed."""

    def __init__(self, *, seeds: Sequence[int], **given: Any) -> None:
        super().__init__(**given)
        self._seeds = tuple(seeds)
        self._records: dict[int, Record] = {}
        self._loaded: Loaded | None = None

    @property
    def shown(self) -> str:
        """The file's path as somebody names it who stands where pytest was started."""
        try:
            return os.path.relpath(self.path, self.config.invocation_params.dir)
        except ValueError:  # on another drive
            return str(self.path)

    @property
    def loaded(self) -> Loaded:
        """The experiment. Raises SpecError if it is invalid."""
        if self._loaded is None:
            self._loaded = read_experiment(self.shown if os.path.exists(self.shown) else self.path)
        return self._loaded

    def collect(self) -> Iterator[pytest.Item]:
        """One test for each expectation under each seed; one for all seeds where a share of them is asked."""
        try:
            asked = [*self._asked()]
        except SpecError as error:
            raise self.CollectError(str(error)) from None
        names: dict[str, int] = {}
        for number, (question, line) in enumerate(asked):
            names[question.text] = names.get(question.text, 0) + 1
            twice = f" ({names[question.text]})" if names[question.text] > 1 else ""
            whole = question.bounds.in_ is not None
            for seeds in [self._seeds] if whole else [(seed,) for seed in self._seeds]:
                name = f"{question.text}{twice}{'' if whole else self._seed_shown(seeds[0])}"
                yield ExpectationItem.from_parent(self, name=name, number=number, line=line, seeds=seeds)
        if not asked:
            for seed in self._seeds:
                name = f"runs{self._seed_shown(seed)}"
                yield ExpectationItem.from_parent(self, name=name, number=None, line=1, seeds=(seed,))

    def record(self, seed: int) -> Record:
        """What is kept of the run under a seed, which is made when it is first asked for."""
        if seed not in self._records:
            with self._alone(seed):
                (self._records[seed],) = play_cells([Cell(self.loaded, seed)])
        return self._records[seed]

    def played(self, seed: int) -> Played:
        """The figures of a run."""
        return played_of(self.shown, self.loaded, self.record(seed))

    def _asked(self) -> Iterator[tuple[Question, int | None]]:
        expected, lines = self.loaded.experiment.expect, self.loaded.expect_lines
        for one, line in zip(expected, lines, strict=True):
            for question in questions(one):
                yield question, line

    def _seed_shown(self, seed: int) -> str:
        return f"[seed {seed}]" if len(self._seeds) > 1 else ""

    def _alone(self, seed: int) -> AbstractContextManager[object]:
        """Of several workers that need a run at once, one plays it, and the others read what it kept."""
        given = getattr(self.config, "workerinput", None)
        if given is None:
            return nullcontext()
        from filelock import FileLock

        what = f"{given.get('testrunuid', '')}\n{self.path}\n{seed}"
        name = f"simulator-{sha256(what.encode()).hexdigest()[:24]}.lock"
        return FileLock(os.path.join(tempfile.gettempdir(), name))


class ExpectationItem(pytest.Item):
    """One expectation of one experiment, under a seed or over all of them."""

    parent: ExperimentFile

    def __init__(self, *, number: int | None, line: int | None, seeds: Sequence[int], **given: Any) -> None:
        super().__init__(**given)
        self._number, self._line, self._seeds = number, line, tuple(seeds)
        self.add_marker("experiment")

    def runtest(self) -> None:
        """Play the experiment if nobody has, and fail if the expectation is not met."""
        if self._number is None:
            self.parent.record(self._seeds[0])
            return
        judgement = self._judged(self._number)
        way = self._way(judgement)
        if way == "skip":
            pytest.skip(said(judgement))
        if way == "fail":
            raise NotMetError(judgement)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *given: Any, **named: Any) -> Any:
        """What is not met where, what the time went to, and how to see it again."""
        if not isinstance(excinfo.value, NotMetError):
            return super().repr_failure(excinfo, *given, **named)
        return Told([*self._told(excinfo.value.judgement)], self.reportinfo(), said(excinfo.value.judgement))

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Where the expectation stands."""
        return self.path, (self._line or 1) - 1, self.name

    def _judged(self, number: int) -> Judgement:
        records = [self.parent.record(seed) for seed in self._seeds]
        one = records[0].judgements[number]
        return one if one.bounds.in_ is None else _of_all(records, number)

    def _way(self, judgement: Judgement) -> str:
        """What is done about a verdict: `fail`, `skip` or `pass`."""
        if judgement.verdict in (NOT_EXERCISED, NOT_SHOWN):
            return str(self.config.getini(f"simulator_{judgement.verdict}"))
        return "pass" if judgement.verdict == MET else "fail"

    def _told(self, judgement: Judgement) -> Iterator[str]:
        played = self.parent.played(self._seeds[0])
        place = f"{self.parent.shown}:{self._line}" if self._line else self.parent.shown
        yield f"{place}: {said(judgement)}"
        if judgement.measured is not None and judgement.bounds.in_ is None:
            yield f"  measured   {judgement.shown}"
        yield f"  allowed    {judgement.expectation}"
        if played.dominated:
            yield f"  dominated  {played.dominated}"
        yield f"  seed       {', '.join(map(str, self._seeds))}"
        yield f"  again      {played.command}"


class NotMetError(Exception):
    """An expectation that is not met."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(judgement)
        self.judgement = judgement

    def __str__(self) -> str:
        return said(self.judgement)


class Told:
    """A failure as pytest shows it: lines, and a place with a message for its summary."""

    def __init__(
        self, lines: Sequence[str], place: tuple[os.PathLike[str] | str, int | None, str], message: str
    ) -> None:
        self._lines = lines
        self.reprcrash = _Crash(os.fspath(place[0]), (place[1] or 0) + 1, message)

    def toterminal(self, writer: Any) -> None:
        """Write the lines, the first of them as errors are."""
        for number, line in enumerate(self._lines):
            writer.line(line, red=number == 0, bold=number == 0)

    def __str__(self) -> str:
        return "\n".join(self._lines)


class _Crash:
    """Where and why, by the names under which pytest asks for them."""

    def __init__(self, path: str, lineno: int, message: str) -> None:
        self.path, self.lineno, self.message = path, lineno, message

    def toterminal(self, writer: Any) -> None:
        """Write place and reason in a line."""
        writer.line(str(self))

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"


def _of_all(records: Sequence[Record], number: int) -> Judgement:
    """What many runs tell of an expectation of a share of all."""
    one = expected_one(records, number)
    again = f" (--sim-seeds {one.runs_to_decide})" if one.runs_to_decide else ""
    return replace(judgement_of(one), reason=f"{one.reason}{again}")
