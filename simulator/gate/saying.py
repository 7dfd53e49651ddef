"""What every format of a gate has to say: which expectations fail it, and in which words."""

from collections.abc import Iterator

from simulator.gate.codes import FAIL_ON
from simulator.gate.line import said
from simulator.gate.played import Played
from simulator.records import dataclass
from simulator.result.whole import EXIT_CODES, Judgement


@dataclass(frozen=True)
class Told:
    """What came of one expectation of a file, or of the file as a whole, in plain words."""

    name: str
    """What was asked: the expectation, or `is valid`, `runs`."""
    state: str
    """`passed`, `missed` or `inconclusive` by its verdict; `error` if nothing could be judged."""
    file: str
    """Where it stands: the experiment, or its topology."""
    message: str = ""
    """Why it did not pass, in a sentence."""
    detail: str = ""
    """All that there is to say of it, in lines."""
    line: int | None = None
    """Where it stands in the file."""
    column: int | None = None


def told_of(one: Played) -> Iterator[Told]:
    """What a file has to tell: each problem or defect, or each expectation, or that it ran."""
    for problem in one.problems:
        place = problem.file, problem.message, str(problem), problem.line, problem.column
        yield Told("is valid", "error", *place)
    if one.defect:
        last = one.defect.strip().splitlines()[-1]
        yield Told("runs", "error", one.file, f"a defect of the simulator: {last}", one.defect)
    for judgement in one.expectations:
        yield _of(one, judgement)
    if not (one.problems or one.defect or one.expectations):
        yield Told("runs", "passed", one.file)


def fails(told: Told, fail_on: str) -> bool:
    """Whether something that was told fails a gate."""
    return told.state == "error" or EXIT_CODES.get(told.state) in FAIL_ON[fail_on]


def _of(one: Played, judgement: Judgement) -> Told:
    if judgement.verdict == "met":
        return Told(judgement.expectation, "passed", one.file, line=judgement.line)
    state = "missed" if judgement.verdict == "missed" else "inconclusive"
    detail = [f"{one.place(judgement)}: {said(judgement)}", one.dominated, one.command]
    said_in_lines = "\n".join(filter(None, detail))
    return Told(judgement.expectation, state, one.file, said(judgement), said_in_lines, judgement.line)
