"""Models that a program has changed since they were read: checked as files are, without places."""

from dataclasses import replace
from typing import TypeVar

from pydantic import ValidationError

from simulator.errors import SpecError, UsageError
from simulator.language.checks.cost import Cost, check_costs, costs
from simulator.language.checks.own import check_own, names_with_own
from simulator.language.checks.references import check_names_of_experiment, check_names_of_topology
from simulator.language.checks.whole import check_experiment, check_topology
from simulator.language.files import Loaded, digest
from simulator.language.models.experiment import Experiment, with_own
from simulator.language.models.quantities import ALREADY_READ, Model
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import path_in_file, report
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import names_in

M = TypeVar("M", bound=Model)


class _Models(Document):
    """Models as a document: it has no lines, so each problem begins with the keys that lead to it."""

    def problem(self, message: str, path: Path = (), *, at_key: bool = False) -> None:
        """Note a problem; where it stands is part of the message."""
        where = ".".join(map(str, path))
        super().problem(f"{where}: {message}" if where else message, path, at_key=at_key)


def with_changes(loaded: Loaded) -> Loaded:
    """What was loaded, ready to run.

    What a program has changed in it is checked, and has no text any more: its SHA-256 is left out, and so are
    the lines of expectations. Raises SpecError with every problem of what was changed, UsageError if it holds
    something that is no model.
    """
    changed = {name for name in ("experiment", "topology") if _is_changed(loaded, name)}
    if not changed:
        return loaded
    experiment, topology, found = _checked(loaded)
    hashes = {name: sha256 for name, sha256 in loaded.sha256.items() if name not in changed}
    lines = () if "experiment" in changed else loaded.expect_lines
    digests = {"experiment": digest(experiment), "topology": digest(topology)}
    return replace(
        loaded,
        experiment=experiment,
        topology=topology,
        sha256=hashes,
        costs=found,
        expect_lines=lines,
        digests=digests,
    )


def _is_changed(loaded: Loaded, name: str) -> bool:
    model = getattr(loaded, name)
    if not isinstance(model, Experiment if name == "experiment" else Topology):
        raise UsageError(f"'{name}' of what is run must be what load returned, not {type(model).__name__}")
    return loaded.digests.get(name) != _digest(model)


def _digest(model: Model) -> str | None:
    """None for what cannot even be written down, because a program put it there."""
    try:
        return digest(model)
    except Exception:  # pydantic raises errors of several kinds here, none of which says more
        return None


def _checked(loaded: Loaded) -> tuple[Experiment, Topology, tuple[Cost, ...]]:
    """Both models, read again and checked as a whole, as those of two files are."""
    system, run = _Models("topology"), _Models(loaded.file)
    topology = _read_again(loaded.topology, Topology, system)
    names = names_in(system, topology, set())
    check_names_of_topology(names, system)
    check_topology(topology, names, system)
    experiment = _read_again(loaded.experiment, Experiment, run)
    names = names_with_own(names, names_in(run, experiment, set()))
    check_names_of_experiment(names, run)
    check_own(experiment, topology, names, run, system)
    topology = with_own(experiment, topology)
    check_experiment(experiment, topology, names, run)
    _raise_problems(run, system)
    found = costs(experiment, topology, run, system)
    check_costs(found, run)
    _raise_problems(run)
    return experiment, topology, found


def _raise_problems(*documents: Document) -> None:
    if problems := [problem for document in documents for problem in dict.fromkeys(document.problems)]:
        raise SpecError(*problems)


def _read_again(model: M, kind: type[M], document: Document) -> M:
    document.data = model.model_dump(by_alias=True, exclude_unset=True, warnings=False)
    try:
        return kind.model_validate(document.data, context=ALREADY_READ)
    except ValidationError as error:
        report(error, document, kind)
        if not document.problems:  # a missing value, which a file's document would tell of itself
            for one in error.errors():
                document.problem("has no value", path_in_file(one["loc"]))
        raise SpecError(*document.problems) from None
