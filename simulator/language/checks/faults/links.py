"""The ends of a link, checked."""

from simulator.language.models.faults import LinkEnds, LinkFault
from simulator.language.reading.positions import Document, Path


def check_link(fault: LinkFault, document: Document, path: Path) -> None:
    """Report ends that are not two different places, or are named in two ways."""
    _check_ends(fault.link, document, (*path, "link"))


def _check_ends(ends: LinkEnds, document: Document, path: Path) -> None:
    both, one_way = ends.between, (ends.from_, ends.to)
    if (both is None) == (one_way == (None, None)) or (both is None and None in one_way):
        document.problem("give either 'between: [a, b]' or 'from' and 'to'", path, at_key=True)
        return
    first, second = both or one_way
    if first == second:
        document.problem(f"a link has two different ends, and these are both '{first}'", path, at_key=True)
