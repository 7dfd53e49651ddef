"""What became of infrastructure files in a draft, for a reader."""

from collections.abc import Iterator, Sequence

from simulator.report.words import folded, plural, sentence
from simulator.result.imported import Imported


def lines_of(draft: Imported, written: str, width: int) -> Iterator[str]:
    """What was read, what is to be filled in, what was left out, and what was assumed."""
    of_all = f"{draft.read} of {plural(draft.resources, 'resource')} are in the draft"
    aside = f"; {draft.aside} have no part in the model" if draft.aside else ""
    yield from folded(f"{of_all}{aside}.", width)
    yield from _listed("To fill in", draft.gaps, width)
    yield from _listed("Not read", draft.unread, width)
    types = [f"{type_} ({many})" for type_, many in draft.types]
    yield from _listed("Types that the simulator does not know", types, width)
    yield from _listed("Assumed", draft.assumed, width)
    yield f"Written: {written}"
    if draft.valid:
        yield "It is a valid topology as it is; what is to be filled in is marked TODO."
    else:
        yield from folded("It is no valid topology yet: fill in what is marked TODO, then check it.", width)


def _listed(title: str, entries: Sequence[str], width: int) -> Iterator[str]:
    if entries:
        yield f"{title}:"
    for one in entries:
        yield from folded(sentence(one), width, "  ")
