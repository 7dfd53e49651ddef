"""A whole drill: from a topology's file to cells, verdict and all that its report is made of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from simulator.errors import Problem, SpecError
from simulator.explore.drill.added import Added, experiments_with, own_scenarios
from simulator.explore.drill.functions import functions_of
from simulator.explore.drill.judging import judge
from simulator.explore.drill.moment import start_of_run
from simulator.explore.drill.running import Heard, Stage
from simulator.explore.drill.scenarios import scenarios
from simulator.language.files import read_topology
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import read_document
from simulator.language.settings import Setting
from simulator.readiness.whole import readiness_of
from simulator.result.drill import NOT_APPLICABLE, UNTESTED, Drill, Load, NotPlayed, Scenario
from simulator.versions import package_version


def read_for_drill(path: str | Path, settings: Sequence[Setting] = ()) -> Topology:
    """Read a topology that can be drilled, with values set.

    Raises SpecError if it is invalid, or does not say who uses it.
    """
    topology = read_topology(path, settings)
    if not topology.users:
        complaint = (
            "a drill needs the usual load: write 'users' here, as in an experiment, such as "
            "'users: {people: {near: eu-south-1, sessions: 100, think_time: 8 s, actions: {view: 1}}}'"
        )
        raise SpecError(Problem(str(path), 1, 1, complaint))
    _check_left_out(topology, path)
    return topology


def _check_left_out(topology: Topology, path: str | Path) -> None:
    """Refuse to leave out what is no scenario, or without a reason."""
    document = read_document(Path(path).read_text(encoding="utf-8"), str(path))
    keys = [one.key for one in scenarios(topology)]
    kinds = [key.partition(":")[0] for key in keys]
    for name, reason in topology.drill.leave_out.items():
        here = ("drill", "leave_out", name)
        known(document, here, name, dict.fromkeys([*kinds, *keys]), "scenario", at_key=True)
        if not reason.strip():
            document.problem("say why it is left out: the report gives the reason", here)
    if document.problems:
        raise SpecError(*document.problems)


def _chosen(one: Scenario | NotPlayed, left_out: Mapping[str, str]) -> Scenario | NotPlayed:
    """A scenario, or that it is left out, by its key or by its kind."""
    reason = left_out.get(one.key, left_out.get(one.key.partition(":")[0]))
    if reason is None or (isinstance(one, NotPlayed) and one.status == NOT_APPLICABLE):
        return one
    return NotPlayed(one.key, one.title, UNTESTED, f"left out: {reason}")


def added_to(
    topology: Topology,
    path: str | Path,
    experiments: Iterable[str | Path],
    settings: Sequence[Setting] = (),
) -> list[Added]:
    """The scenarios of one's own, then the experiments; SpecError if one of these cannot be drilled."""
    own, functions = own_scenarios(topology), functions_of(topology)
    return [*own, *experiments_with(experiments, path, functions, settings)]


def drill(
    path: str | Path,
    *,
    seed: int = 1,
    processes: int = 1,
    kept_in: Path | None = None,
    heard: Heard = lambda _done, _of: None,
    chosen: Callable[[Scenario | NotPlayed], bool] = lambda _one: True,
    experiments: Iterable[str | Path] = (),
    settings: Sequence[Setting] = (),
) -> Drill:
    """Play every scenario that is `chosen` and judge it; `experiments` are files, or folders of files.

    `settings` are values set in the topology. Raises SpecError if the topology or an experiment is invalid,
    or if the topology says nothing of its users, DefectError if a law is broken.
    """
    topology = read_for_drill(path, settings)
    functions = functions_of(topology)
    added = added_to(topology, path, experiments, settings)
    default = (_chosen(one, topology.drill.leave_out) for one in scenarios(topology) if chosen(one))
    listed = (*default, *(one.scenario for one in added if chosen(one.scenario)))
    to_play = [one for one in listed if isinstance(one, Scenario)]
    by_key = {one.scenario.key: one.experiment for one in added}
    stage = Stage(topology, functions, seed, processes, kept_in, heard, by_key)
    played = stage.play(to_play)
    cells = tuple(judge(function, one, played[one.key]) for one in to_play for function in functions)
    text = Path(path).read_bytes()
    return Drill(
        title=topology.topology,
        file=Path(path).name,
        sha256=sha256(text).hexdigest(),
        settings=tuple(one.said for one in settings),
        simulator=package_version(),
        seed=seed,
        regions={name: one.role for name, one in topology.regions.items()},
        usual_load={name: Load(one.near, one.sessions, one.arrivals) for name, one in topology.users.items()},
        readiness=readiness_of(topology),
        functions=functions,
        listed=listed,
        played=played,
        cells=cells,
        start_of_day_ns=start_of_run(topology)[1],
    )
