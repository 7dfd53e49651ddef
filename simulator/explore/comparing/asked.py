"""What is asked for where many runs are set side by side: which seeds, and which figures."""

from collections.abc import Iterable

from simulator.errors import UsageError
from simulator.language.files import Loaded
from simulator.pipeline import checked_seed
from simulator.verdict.asking import questions
from simulator.verdict.figures import key_of


def seeds_of(seeds: int | Iterable[int]) -> list[int]:
    """The seeds that are meant; UsageError if there are none, or one is none."""
    listed = [*range(1, seeds + 1)] if isinstance(seeds, int) and not isinstance(seeds, bool) else seeds
    if isinstance(listed, bool) or not isinstance(listed, Iterable):
        raise UsageError(f"seeds are a number of them, or several, not {seeds!r}")
    found = [*dict.fromkeys(map(checked_seed, listed))]
    if not found:
        raise UsageError("there must be at least one seed")
    return found


def asked_keys(loaded: Loaded) -> list[str]:
    """The keys of all figures that an expectation names."""
    return [
        key_of(question.measure, question.part, question.asked)
        for expectation in loaded.experiment.expect
        for question in questions(expectation)
    ]
