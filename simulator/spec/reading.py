"""Files to models: every error of a file at once, each as `file:line:col: message`."""

import hashlib
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TypeVar

from pydantic import ValidationError

from simulator.errors import Problem, SpecError
from simulator.spec.experiment import Experiment
from simulator.spec.messages import report
from simulator.spec.positions import Document, read_document
from simulator.spec.quantities import Model
from simulator.spec.references import check_experiment, check_topology
from simulator.spec.topology import Topology

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Loaded:
    """A checked experiment with its topology, and the SHA-256 of the two texts."""

    experiment: Experiment
    topology: Topology
    file: str
    sha256: dict[str, str]  # "experiment", "topology"


@dataclass(frozen=True)
class _Part:
    """One file on the way: its document, and its model if it is valid so far."""

    document: Document
    model: Model | None
    sha256: str


def read_topology(path: str | FilePath) -> Topology:
    """Read a topology; SpecError with every problem if it is invalid."""
    part = _read_model(FilePath(path), Topology)
    topology = _checked_topology(part)
    _raise_problems(part.document)
    assert topology is not None
    return topology


def read_experiment(path: str | FilePath) -> Loaded:
    """Read an experiment and its topology; SpecError with every problem of both if one is invalid."""
    file = FilePath(path)
    part = _read_model(file, Experiment)
    topology_part = _read_named_topology(part, file)
    topology = None if topology_part is None else _checked_topology(topology_part)
    if isinstance(part.model, Experiment) and topology is not None:
        check_experiment(part.model, topology, part.document)
    documents = [part.document] if topology_part is None else [part.document, topology_part.document]
    _raise_problems(*documents)
    assert isinstance(part.model, Experiment)
    assert topology is not None
    assert topology_part is not None
    hashes = {"experiment": part.sha256, "topology": topology_part.sha256}
    return Loaded(part.model, topology, file.name, hashes)


def is_experiment(path: str | FilePath) -> bool:
    """Tell an experiment's file from a topology's by its keys."""
    text = _read_text(FilePath(path))
    data = None if isinstance(text, Problem) else read_document(text, str(path)).data
    return isinstance(data, dict) and "experiment" in data


def _read_named_topology(part: _Part, file: FilePath) -> _Part | None:
    """Read the topology that an experiment names; problems with the name itself belong to the experiment."""
    data = part.document.data
    name = data.get("topology") if isinstance(data, dict) else None
    if not isinstance(name, str):
        return None
    path = file.parent / name
    if not path.is_file():
        part.document.problem(f"there is no topology file '{name}' beside this experiment", ("topology",))
        return None
    return _read_model(path, Topology)


def _checked_topology(part: _Part) -> Topology | None:
    """The topology, if nothing is wrong with it."""
    if isinstance(part.model, Topology):
        check_topology(part.model, part.document)
        if not part.document.problems:
            return part.model
    return None


def _read_model(path: FilePath, model: type[M]) -> _Part:
    text = _read_text(path)
    if isinstance(text, Problem):
        return _Part(Document(str(path), problems=[text]), None, "")
    document = read_document(text, str(path))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return _Part(document, _validated(document, model), sha256)


def _validated(document: Document, model: type[M]) -> M | None:
    if not isinstance(document.data, dict):
        if not document.problems:
            document.problem(f"a {model.__name__.lower()} file is a mapping of keys to values")
        return None
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        report(error, document, model)
        return None


def _read_text(path: FilePath) -> str | Problem:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return Problem(str(path), 1, 1, "this is not a text file in UTF-8")
    except FileNotFoundError:
        return Problem(str(path), 1, 1, "there is no such file")
    except OSError as error:
        return Problem(str(path), 1, 1, f"cannot be read: {(error.strerror or str(error)).lower()}")


def _raise_problems(*documents: Document) -> None:
    problems = [problem for document in documents for problem in sorted(set(document.problems))]
    if problems:
        raise SpecError(*problems)
