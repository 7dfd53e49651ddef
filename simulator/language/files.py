"""Files to models: every error of a file at once, each as `file:line:col: message`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from pathlib import Path as FilePath
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from simulator.errors import Problem, SpecError, UsageError
from simulator.language.checks.cost import Cost, check_costs, costs
from simulator.language.checks.drills import check_drill
from simulator.language.checks.own import check_own, names_with_own
from simulator.language.checks.reactions import check_shed_populations
from simulator.language.checks.references import check_names_of_experiment, check_names_of_topology
from simulator.language.checks.whole import check_experiment, check_topology
from simulator.language.models.experiment import Experiment, with_own
from simulator.language.models.quantities import Model
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import closest, report
from simulator.language.reading.positions import Document, read_document
from simulator.language.reading.sound import Names, names_in, sound_part
from simulator.language.settings import Setting, Target, apply, kind_and_path, set_by_program
from simulator.language.sources import DISK, Kept, Source
from simulator.records import dataclass

M = TypeVar("M", bound=Model)

_KEYS_JUDGED = 100  # of a file, to tell what it is
_EMPTY = {"topology": "", "regions": {}, "services": {}, "dns": {}}


@dataclass(frozen=True)
class Loaded:
    """A checked experiment with its topology, the SHA-256 of the two texts, and where expectations stand.

    The topology has what the experiment adds to it (`with_own`).
    """

    experiment: Experiment
    topology: Topology
    file: str
    sha256: dict[str, str]  # "experiment", "topology"
    costs: tuple[Cost, ...] = ()  # what the entries of both cost
    expect_lines: tuple[int | None, ...] = ()
    """The line of each expectation, None if it was set from outside; none if it was not read from a file."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of what was read from each text; tells whether a program has changed it since."""
    settings: tuple[Setting, ...] = ()
    """What was set from outside, beyond what the texts say."""
    source: Kept = field(default_factory=Kept, repr=False)
    """The texts that were read, by path,"""
    path: FilePath = FilePath()
    """and that of the experiment."""

    def with_(self, path: str, value: object) -> "Loaded":
        """The same files with one value set, as `--set` does it: `with_("dns.shop.example.ttl", "5 min")`.

        None leaves the key out. It is checked as a file is. Raises SpecError with every problem, UsageError
        if a file could not hold the value, or if a program has changed what was loaded.
        """
        return self.with_settings([set_by_program(path, value)])

    def with_settings(self, settings: Sequence[Setting]) -> "Loaded":
        """The same files with more values set; raises what `with_` raises."""
        digests = {"experiment": digest(self.experiment), "topology": digest(self.topology)}
        if digests != self.digests or not self.source.has(self.path):
            raise UsageError(
                "a program has changed what was loaded; set values first, then change the models"
            )
        return read_experiment(self.path, (*self.settings, *settings), self.source)


@dataclass(frozen=True)
class _Opened:
    """One file's text and document, before it is checked."""

    path: FilePath
    document: Document
    text: str = ""


@dataclass(frozen=True)
class _Part(Generic[M]):
    """One file on the way: its document, and the model of what is sound in it."""

    document: Document
    model: M | None
    names: Names
    sha256: str


def read_topology(path: str | FilePath, settings: Sequence[Setting] = (), source: Source = DISK) -> Topology:
    """Read a topology, with values set; SpecError with every problem if it is invalid."""
    opened = _opened(FilePath(path), source)
    apply(settings, [Target("topology", opened.document, Topology)])
    part = _part(opened, Topology)
    _checked(part)
    _raise_problems(part.document)
    assert part.model is not None
    return part.model


def read_experiment(path: str | FilePath, settings: Sequence[Setting] = (), source: Source = DISK) -> Loaded:
    """Read an experiment and its topology, with values set; SpecError with every problem of both."""
    return _checked_both(*_opened_both(FilePath(path), settings, source), tuple(settings), source)


def data_of(loaded: Loaded) -> tuple[Any, Any]:
    """What the files of the experiment and of its topology say, with what is set in them, as plain data."""
    opened, named = _opened_both(loaded.path, loaded.settings, loaded.source)
    return opened.document.data, {} if named is None else named.document.data


def _opened_both(
    file: FilePath, settings: Sequence[Setting], source: Source
) -> tuple[_Opened, _Opened | None]:
    """Open an experiment and the topology that it names, with values set."""
    opened = _opened(file, source)
    run = Target("experiment", opened.document, Experiment)
    naming = [one for one in settings if kind_and_path(one.path) == ("experiment", "topology")]
    apply(naming, [run])  # the others are set in the topology that they name
    named = _opened_topology(opened.document, file, source)
    system = [] if named is None else [Target("topology", named.document, Topology)]
    apply([one for one in settings if one not in naming], [run, *system])
    return opened, named


def _checked_both(
    opened: _Opened, named: _Opened | None, settings: tuple[Setting, ...], source: Source
) -> Loaded:
    """Check an experiment with its topology, once values are set; SpecError with every problem of both."""
    part, system = _part(opened, Experiment), None if named is None else _part(named, Topology)
    names = Names() if system is None else _checked(system)
    both = names_with_own(names, part.names)
    check_names_of_experiment(both, part.document)
    if part.model is not None:
        topology = system.model if system is not None else None
        topology = topology or Topology.model_validate(_EMPTY)
        if system is not None:
            check_own(part.model, topology, both, part.document, system.document)
        check_experiment(part.model, with_own(part.model, topology), both, part.document)
    _raise_problems(part.document, *([] if system is None else [system.document]))
    assert part.model is not None
    assert system is not None
    assert system.model is not None
    assert named is not None
    topology = with_own(part.model, system.model)
    found = costs(part.model, topology, part.document, system.document)
    check_costs(found, part.document)
    _raise_problems(part.document)
    lines = (part.document.line(("expect", number)) for number in range(len(part.model.expect)))
    return Loaded(
        part.model,
        topology,
        opened.path.name,
        {"experiment": part.sha256, "topology": system.sha256},
        found,
        tuple(lines),
        {"experiment": digest(part.model), "topology": digest(topology)},
        settings,
        Kept({str(one.path): one.text for one in (opened, named)}, source),
        opened.path,
    )


def digest(model: Model) -> str:
    """The SHA-256 of all that a model says."""
    said = model.model_dump_json(by_alias=True, exclude_unset=True, warnings=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _checked(part: "_Part[Topology]") -> Names:
    """Check a topology; the names that an experiment may refer to."""
    check_names_of_topology(part.names, part.document)
    if part.model is not None:
        check_topology(part.model, part.names, part.document)
        check_drill(part.model, part.names, part.document)
        if part.model.users:
            check_shed_populations(part.model, part.model.users, part.model.shedding, part.document)
    return part.names


def read(path: str | FilePath, settings: Sequence[Setting] = (), source: Source = DISK) -> Loaded | Topology:
    """Read an experiment or a topology, whichever its keys say it is; SpecError as the other readers."""
    document = _opened(FilePath(path), source).document
    kind = kind_of(document.data)
    if kind is Experiment:
        return read_experiment(path, settings, source)
    if kind is Topology or not isinstance(document.data, dict):
        return read_topology(path, settings, source)
    document.problem(
        "neither a topology (keys topology, regions, services, dns …) nor "
        "an experiment (keys experiment, topology, duration, users, faults …)"
    )
    raise SpecError(*document.problems)


def kind_of(data: Any) -> type[Model] | None:
    """Tell an experiment from a topology by the keys that only one of them has, misspelled or not."""
    if not isinstance(data, dict):
        return None
    of_experiment = _alike(data, Experiment.model_fields.keys() - Topology.model_fields.keys())
    of_topology = _alike(data, Topology.model_fields.keys() - Experiment.model_fields.keys())
    if of_experiment == of_topology:
        return None
    return Experiment if of_experiment > of_topology else Topology


def _is_mostly(data: Any, model: type[Model]) -> bool:
    """Whether most of a file's keys are those of a model, misspelled or not; or all that it must have."""
    if not isinstance(data, dict):
        return False
    keys = [*data][:_KEYS_JUDGED]
    required = {name for name, one in model.model_fields.items() if one.is_required()}
    return required.issubset(data) or 2 * _alike(keys, model.model_fields) > len(keys)


def _alike(keys: Iterable[str], names: Iterable[str]) -> int:
    """How many keys are names, and of the first hundred also those that are nearly."""
    found, known = [*keys], sorted(names)
    others = (key for key in found[:_KEYS_JUDGED] if key not in known)
    return sum(key in known for key in found) + sum(closest(key, known) is not None for key in others)


def _opened_topology(run: Document, file: FilePath, source: Source) -> _Opened | None:
    """Open the topology that an experiment names; problems with the name itself belong to the experiment."""
    data = run.data
    name = data.get("topology") if isinstance(data, dict) and kind_of(data) is not Topology else None
    if not isinstance(name, str):
        return None
    path = file.parent / name
    if not source.has(path):
        siblings = {one.stem: one.name for one in source.beside(path) if one != file}
        close = siblings.get(closest(path.stem, siblings) or "")
        hint = (
            f"; did you mean '{close}'?" if close else "; its path is taken from the experiment's directory"
        )
        run.problem(f"there is no topology file '{name}'{hint}", ("topology",))
        return None
    opened = _opened(path, source)
    complaint = _no_topology(opened.document, name)
    if complaint:
        run.problem(complaint, ("topology",))
        return None
    return opened


def _no_topology(document: Document, name: str) -> str | None:
    """Why a file that an experiment names is no topology; None if it is one, or looks like one.

    Nothing of its contents is told: a path may lead to a file that was not meant to be seen.
    """
    if document.problems and document.data is None:
        return None
    if _is_mostly(document.data, Topology) and kind_of(document.data) is not Experiment:
        return None
    if _is_mostly(document.data, Experiment):
        return f"'{name}' is an experiment; name a topology here"
    return f"'{name}' is no topology, which has the keys topology, regions, services, dns …"


def _opened(path: FilePath, source: Source) -> _Opened:
    """A file's text as a document; that it cannot be read is its problem."""
    text = source.text(path)
    if isinstance(text, Problem):
        return _Opened(path, Document(source.name(path), problems=[text]))
    return _Opened(path, read_document(text, source.name(path)), text)


def _part(opened: _Opened, model: type[M]) -> _Part[M]:
    document = opened.document
    if document.data is None and document.problems:
        return _Part(document, None, Names(), "")
    sound, names = _validated(document, model)
    return _Part(document, sound, names, hashlib.sha256(opened.text.encode()).hexdigest())


def _validated(document: Document, model: type[M]) -> tuple[M | None, Names]:
    """The sound part of a document and the names that it declares; what is wrong becomes problems."""
    kind = model.__name__.lower()
    if not isinstance(document.data, dict):
        if not document.problems:
            document.problem(_NO_MAPPING[kind])
        return None, Names()
    if kind_of(document.data) not in (model, None):
        document.problem(_WRONG_KIND[kind])
        return None, Names()
    error = None
    try:
        sound = model.model_validate(document.data)
    except ValidationError as invalid:
        error = invalid
        report(error, document, model)
    if error is None and not document.unsound:
        return sound, names_in(document, sound, set())
    part, left_out = sound_part(document, model, error)
    return part, names_in(document, part, left_out)


_NO_MAPPING = {
    "experiment": "an experiment is a mapping of keys to values",
    "topology": "a topology is a mapping of keys to values",
}

_WRONG_KIND = {
    "experiment": "this is a topology; give an experiment, which names a topology, its users and what breaks",
    "topology": "this is an experiment; give a topology, which describes regions, services and names",
}


def _raise_problems(*documents: Document) -> None:
    problems = [problem for document in documents for problem in sorted(set(document.problems))]
    if problems:
        raise SpecError(*problems)
