"""Findings: what rules found in a file, with its place, but for what somebody accepts."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from simulator.language.files import Loaded
from simulator.language.models.drawn import earliest
from simulator.language.models.experiment import Experiment
from simulator.language.models.suppressions import Suppression
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, read_document
from simulator.language.sources import Source
from simulator.lowering.checks import notes
from simulator.lowering.guard_notes import load_notes
from simulator.lowering.struck_zones import fault_notes
from simulator.readiness.whole import readiness_of
from simulator.records import dataclass
from simulator.result.readiness import Readiness
from simulator.rules.listed import OF_SHIFTS, RULES, UNUSED, Severity
from simulator.rules.parts import part_notes
from simulator.rules.standbys import readiness_notes, single_callees
from simulator.rules.table import Note, Where
from simulator.rules.timing import timing_notes


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found."""

    rule: str
    severity: Severity
    message: str
    file: str
    line: int
    column: int
    suppressed: str = ""
    """Why it is accepted; empty if it is not."""
    of_readiness: bool = False
    """Whether the account of standbys and of what is single says it, too."""


@dataclass(frozen=True)
class Checked:
    """What there is to say of a valid file."""

    findings: tuple[Finding, ...]
    """In the order of rules' subjects; accepted ones, too."""
    readiness: Readiness
    """Standbys and what is single, without what is accepted."""


def checked(path: str, found: Loaded | Topology, source: Source) -> Checked:
    """Every finding in a file that was read."""
    one = _Read(path, found, source)
    accepted = _Accepted(one)
    readiness = readiness_of(one.topology, one.experiment)
    readiness = replace(readiness, singles=(*readiness.singles, *single_callees(one.topology)))
    of_readiness = [*readiness_notes(readiness)]
    findings = [_finding(note, one, accepted) for note in _notes(one)]
    findings += [replace(_finding(note, one, accepted), of_readiness=True) for note in of_readiness]
    findings += [_finding(note, one, accepted) for note in accepted.unused()]
    return Checked(tuple(findings), accepted.without(readiness))


class _Read:
    """A file with its topology, and where things stand in both."""

    def __init__(self, path: str, found: Loaded | Topology, source: Source) -> None:
        self._path, self._source = Path(path), source
        is_whole = isinstance(found, Loaded)
        self.topology: Topology = found.topology if isinstance(found, Loaded) else found
        self.experiment: Experiment | None = earliest(found.experiment) if isinstance(found, Loaded) else None
        self.file_is: Where = "experiment" if is_whole else "topology"

    def place(self, note: Note) -> tuple[str, int, int]:
        """The file, the line and the column of a note."""
        document = self.experiment_file if note.where == "experiment" else self.topology_file
        at = document.problem_at(note.path, note.said)
        return os.path.normpath(at.file), at.line, at.column

    @cached_property
    def experiment_file(self) -> Document:
        """The experiment's document."""
        return self._document(self._path)

    @cached_property
    def topology_file(self) -> Document:
        """That of the topology."""
        named = self._path if self.experiment is None else self._path.parent / self.experiment.topology
        return self._document(named)

    def _document(self, path: Path) -> Document:
        text = self._source.text(path)
        return read_document(text if isinstance(text, str) else "", self._source.name(path))


class _Accepted:
    """What files say is accepted, and whether anything was found that it is for."""

    def __init__(self, one: _Read) -> None:
        self._one = one
        self._all: list[tuple[Where, int, Suppression]] = [
            *(("topology", number, each) for number, each in enumerate(one.topology.suppress)),
            *(("experiment", number, each) for number, each in enumerate(_of(one.experiment))),
        ]
        self._met: set[tuple[Where, int]] = set()

    def reason(self, rule: str, about: str) -> str:
        """Why a finding is accepted; empty if it is not."""
        found = ""
        for where, number, each in self._all:
            if each.rule == rule and each.of in (None, about):
                self._met.add((where, number))
                found = found or each.reason
        return found

    def unused(self) -> Iterator[Note]:
        """What suppresses nothing. A topology's may be for what only some experiments have."""
        for where, number, each in self._all:
            elsewhere = where == "topology" and (self._one.experiment is None and RULES[each.rule].by_load)
            if (where, number) not in self._met and where == self._one.file_is and not elsewhere:
                of = f" of {each.of}" if each.of else ""
                said = f"rule {each.rule}{of} finds nothing here that this suppresses"
                yield Note(UNUSED, said, ("suppress", number), where, of=each.rule)

    def without(self, readiness: Readiness) -> Readiness:
        """Readiness without what is accepted."""
        standbys = (
            replace(
                one,
                items=tuple(item for item in one.items if item.has or not self.reason(item.rule, item.name)),
            )
            for one in readiness.standbys
        )
        singles = (one for one in readiness.singles if not self.reason(one.rule, one.name))
        shifts = (one for one in readiness.shifts if one.is_enough or not self.reason(OF_SHIFTS, one.shift))
        return replace(readiness, shifts=tuple(shifts), standbys=tuple(standbys), singles=tuple(singles))


def _of(experiment: Experiment | None) -> Sequence[Suppression]:
    return () if experiment is None else experiment.suppress


def _notes(one: _Read) -> Iterator[Note]:
    yield from notes(one.topology)
    yield from timing_notes(one.topology, one.experiment)
    yield from part_notes(one.topology, one.experiment)
    if one.experiment is not None:
        yield from fault_notes(one.experiment, one.topology)
        yield from load_notes(one.experiment, one.topology)


def _finding(note: Note, one: _Read, accepted: _Accepted) -> Finding:
    reason = "" if note.rule == UNUSED else accepted.reason(note.rule, note.about)
    return Finding(note.rule, RULES[note.rule].severity, note.said, *one.place(note), suppressed=reason)
