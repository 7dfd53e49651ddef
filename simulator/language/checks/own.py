"""What an experiment has of its own that watches and reacts, checked as if the topology had it.

A problem stands where the experiment says what is wrong. What only becomes wrong because of it, such as a
plan of the topology whose alarm is another one now, is a problem of the experiment as well.
"""

from dataclasses import field, replace
from typing import Any

from simulator.language.checks.references import check_names_of_own
from simulator.language.checks.whole import check_topology
from simulator.language.models.experiment import OWN_SECTIONS, Experiment, with_own
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import NAMED, Declared, Names
from simulator.records import dataclass

_Said = tuple[str, Path, bool]


@dataclass
class _Noted(Document):
    """A document without a text: what is said of it is noted, to be told elsewhere."""

    said: list[_Said] = field(default_factory=list)

    def problem(self, message: str, path: Path = (), *, at_key: bool = False) -> None:
        """Note what is wrong, and where."""
        self.said.append((message, path, at_key))


def names_with_own(names: Names, own: Names) -> Names:
    """The names of a topology, and those that an experiment declares besides."""
    both: dict[str, Any] = {
        section: _joined(getattr(names, section), getattr(own, section))
        for section in OWN_SECTIONS
        if section in NAMED
    }
    return replace(names, **both)


def _joined(names: Declared, own: Declared) -> Declared:
    return None if names is None or own is None else (*names, *own)


def check_own(
    experiment: Experiment, topology: Topology, names: Names, document: Document, system: Document
) -> None:
    """Report what is wrong with what an experiment has of its own, or becomes so with it.

    `names` are those of both; `document` is the experiment's, `system` the topology's.
    """
    own = [section for section in OWN_SECTIONS if getattr(experiment, section)]
    check_names_of_own(OWN_SECTIONS, names, document)
    if not own:
        return
    before = _said_of(topology, names, system.data)
    for message, path, at_key in _said_of(with_own(experiment, topology), names, _data(document, system)):
        if path[:1] and path[0] in own and path[1:2] and path[1] in getattr(experiment, str(path[0])):
            document.problem(message, path, at_key=at_key)
        elif (message, path, at_key) not in before:
            where = ".".join(map(str, path)) or "the topology"
            section = path[0] if path and path[0] in own else own[0]
            document.problem(f"with this, {where} is wrong: {message}", (section,), at_key=True)


def _said_of(topology: Topology, names: Names, data: Any) -> list[_Said]:
    noted = _Noted("", data)
    check_topology(topology, names, noted)
    return noted.said


def _data(document: Document, system: Document) -> dict[str, Any]:
    """What both files say, as if it stood in one."""
    of_system, of_run = (one.data if isinstance(one.data, dict) else {} for one in (system, document))
    both = {section: _mapping(of_system, section) | _mapping(of_run, section) for section in OWN_SECTIONS}
    return of_system | {section: entries for section, entries in both.items() if entries}


def _mapping(data: dict[str, Any], section: str) -> dict[str, Any]:
    entries = data.get(section)
    return entries if isinstance(entries, dict) else {}
