"""The head of the summary: the verdict, what was run, and every expectation with what was measured."""

import re
from collections.abc import Sequence

from rich.text import Text

from simulator.report.words import VERDICT_WORDS, duration, plural, sentence, title
from simulator.result.whole import Judgement, Result

COLOURS = {
    "met": "green",
    "missed": "red",
    "not_shown": "yellow",
    "not_exercised": "yellow",
    "undecided": "yellow",
    "inconclusive": "yellow",
    "no_expectations": "cyan",
}
SIGNS = {"met": "✓", "missed": "✗", "not_shown": "?", "not_exercised": "?", "undecided": "?"}
_RANGE = re.compile(r" at least (.+) at most (.+)$")


def head(result: Result) -> list[Text]:
    """The verdict, and what was run."""
    recipe = result.recipe
    warm = f" after {duration(recipe.warm_up_s)} of warm-up" if recipe.warm_up_s else ""
    run = f"{duration(recipe.duration_s)} simulated{warm}, seed {recipe.seed}"
    said = (VERDICT_WORDS[result.verdict], f"bold {COLOURS[result.verdict]}")
    return [Text.assemble(said, f"  ({run})"), Text(title(recipe.experiment), style="bold")]


def expectations(judgements: Sequence[Judgement], width: int, *, most: int | None = None) -> list[Text]:
    """A line for each expectation, in columns where there is room; of many, those that are not met first.

    At most `most` lines, and one that says how many met ones are left out.
    """
    kept = [*judgements]
    if most is not None and len(kept) > most:
        kept = sorted(kept, key=lambda one: one.verdict == "met")  # stable: in the file's order otherwise
        failing = sum(one.verdict != "met" for one in kept)
        kept = kept[: max(most - 1, failing)]
    lines = [*map(_asked, kept)], [*map(_shown, kept)]
    widest = max((line.cell_len for line in lines[0]), default=0)
    fits = all(widest + 2 + shown.cell_len <= width for shown in lines[1])
    rows = [
        Text.assemble(asked, " " * (widest - asked.cell_len + 2) if fits else ": ", shown)
        for asked, shown in zip(*lines, strict=True)
    ]
    left = len(judgements) - len(kept)
    if left:
        rows.append(Text(f"✓  {_others(left, len(judgements))} met (-v shows all)", style="green"))
    return rows


def _others(left: int, count: int) -> str:
    """The expectations that are left out."""
    if left == count:
        return f"{plural(count, 'expectation')}, {'it is' if count == 1 else 'all'}"
    return f"{plural(left, 'other')} {'is' if left == 1 else 'are'}"


def _asked(judgement: Judgement) -> Text:
    """The expectation, with the measure in words; names in it keep their underscores."""
    sign = (f"{SIGNS[judgement.verdict]}  ", COLOURS[judgement.verdict])
    return Text.assemble(sign, asked_words(judgement.expectation, judgement.measure))


def asked_words(expectation: str, measure: str) -> str:
    """An expectation with its measure in words; names in it keep their underscores."""
    return _RANGE.sub(r" \1 to \2", sentence(expectation.replace(measure, measure.replace("_", " "), 1)))


def _shown(judgement: Judgement) -> Text:
    if judgement.verdict == "not_exercised":
        return Text(sentence(f"not exercised: {judgement.reason}"), style="yellow")
    if judgement.verdict == "not_shown":
        figure = "" if judgement.measured is None else f"{judgement.shown}, but "
        return Text(sentence(f"{figure}not shown: {judgement.reason}"), style="yellow")
    if judgement.verdict == "undecided":
        return Text(sentence(f"{judgement.shown}, but undecided: {judgement.reason}"), style="yellow")
    return Text(judgement.shown, style="bold")
