"""The files that a user means by naming folders: experiments, or topologies too, found by their keys."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from simulator.errors import UsageError
from simulator.language.files import kind_of
from simulator.language.glance import SUFFIXES, beginning, keys_of
from simulator.language.models.experiment import Experiment
from simulator.language.models.quantities import Model
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import closest
from simulator.units import shown

_KINDS = ("experiment", "topology")


def experiments_named(names: Iterable[str]) -> list[str]:
    """Each file that is named, and the experiments of each folder and of its folders, in order of name.

    A file is taken for an experiment if its keys say so, misspelled or not; one that is named twice is there
    once. Raises UsageError if a folder has none.
    """
    return _named(names, (Experiment,))


def files_named(names: Iterable[str]) -> list[str]:
    """The same with the topologies."""
    return _named(names, (Experiment, Topology))


def _named(names: Iterable[str], kinds: tuple[type[Model], ...]) -> list[str]:
    found = [file for name in names for file in (_of(name, kinds) if os.path.isdir(name) else [name])]
    return [*{os.path.realpath(file): file for file in reversed(found)}.values()][::-1]


def _of(folder: str, kinds: tuple[type[Model], ...]) -> list[str]:
    there = {file: _kind_at_a_glance(file) for file in _yaml_files(folder)}
    found = [file for file, kind in there.items() if kind in kinds]
    if not found:
        raise UsageError(_nothing_in(folder, [*there.values()], kinds))
    return found


def _yaml_files(folder: str) -> Iterator[str]:
    """YAML files of a folder and of its folders; what is hidden is left out."""
    for place, inner, files in os.walk(folder):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith(".") and name.endswith(SUFFIXES):
                yield str(Path(place, name))


def _kind_at_a_glance(file: str) -> type[Model] | None:
    """What a file is, if it names itself an experiment or a topology, misspelled or not."""
    keys = keys_of(beginning(Path(file)))
    if "experiment" in keys:
        return Experiment
    if not any(closest(key, _KINDS) for key in keys[:100]):
        return None
    return kind_of(dict.fromkeys(keys))


def _nothing_in(folder: str, there: list[type[Model] | None], kinds: tuple[type[Model], ...]) -> str:
    if Topology in kinds:
        return f"no experiment or topology is in {shown(folder)}: one has the key 'experiment' or 'topology'"
    topologies = sum(kind is Topology for kind in there)
    beside = f"; {topologies} topolog{'y is' if topologies == 1 else 'ies are'} there" if topologies else ""
    return f"no experiment is in {shown(folder)}: one has the key 'experiment'{beside}"
