"""The load at which expectations fail: every population so many times as large, all else as it is."""

from collections.abc import Iterable, Mapping, Sequence

from simulator.errors import UsageError
from simulator.explore.cells import Heard, Record
from simulator.explore.comparing.asked import seeds_of
from simulator.explore.comparing.designs import Named, read_design
from simulator.explore.sweeping.searching import SEEDS_MOST, Range, Search
from simulator.explore.workers import Workers
from simulator.language.files import Loaded
from simulator.language.models.experiment import with_usual_users
from simulator.language.models.users import Population
from simulator.language.settings import Setting
from simulator.pipeline import run
from simulator.records import dataclass
from simulator.result.breaking import Breaking, Failing
from simulator.result.whole import Result

MOST = 32.0
"""The largest factor that is tried unless somebody asks for more."""


@dataclass(frozen=True)
class Met:
    """That all expectations are met, in a share of all runs."""

    share: float
    said: str = "every expectation is met"

    def of(self, record: Record) -> bool | None:
        """Whether they are in a run; None where something is not shown, or not exercised."""
        return {"met": True, "missed": False}.get(record.verdict)

    def check(self, records: Sequence[Record]) -> None:
        """Files that expect nothing were refused before anything was played."""


def breaks(
    experiment: Named,
    *,
    most: float = MOST,
    share: float = 0.5,
    seeds: int | Iterable[int] = SEEDS_MOST,
    jobs: int = 1,
    cache: bool = True,
) -> Breaking:
    """The factor of the load at which expectations fail, and what gives way.

    `most`: the largest factor that is tried. A load is taken if all expectations are met in at least a
    `share` of all possible runs. Raises SpecError if a file is invalid, UsageError if it expects nothing, or
    says nothing of its users, DefectError if a law is broken.
    """
    said, loaded = read_design(experiment)
    return breaks_of(said, loaded, most=most, share=share, seeds=seeds_of(seeds), jobs=jobs, cache=cache)


def breaks_of(
    said: str,
    loaded: Loaded,
    *,
    most: float,
    share: float,
    seeds: Sequence[int],
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
) -> Breaking:
    """The same, of what was read."""
    users = with_usual_users(loaded.experiment, loaded.topology).users
    if not loaded.experiment.expect:
        raise UsageError("the experiment expects nothing, so nothing can fail: write 'expect' in it")
    if not users:
        raise UsageError("nobody uses the system, so there is no load: write 'users'")
    if not 0.0 < share < 1.0:
        raise UsageError(f"a share of {share:g} has to lie between 0 and 1: no number of runs shows all")
    if not most > 1.0:
        raise UsageError(f"--most {most:g}: the largest factor has to be more than 1")

    def at(factor: float) -> Loaded:
        return loaded.with_settings([*_times(factor, users, loaded)])

    span = Range("load", "--load", 1.0, most, lambda factor: f"×{factor:g}", False)
    with Workers(jobs) as crew:
        search = Search(Met(share), span, at, seeds, crew, cache, heard)
        holds, fails = _boundary(search, most)
    return Breaking(
        load={name: _said(one) for name, one in users.items()},
        boundary=search.told(said, holds, fails),
        failing=() if fails is None else tuple(_failing(search.records[fails])),
        before=None if holds is None or fails is None else run(at(holds), seed=seeds[0]),
        broken=None if fails is None else _broken(at(fails), search.records[fails]),
    )


def _boundary(search: Search, most: float) -> tuple[float | None, float | None]:
    """Twice the load again and again until it breaks, then between: large loads take long."""
    taken, tried = 1.0, 1.0
    while search.state(tried) != "fails":
        if search.state(tried) == "holds":
            taken = tried
        if tried >= most:
            return (taken if search.state(taken) == "holds" else None), None
        tried = min(2 * tried, most)
    return search.boundary(taken, tried) if taken < tried else (None, tried)


def _times(factor: float, users: Mapping[str, Population], loaded: Loaded) -> Iterable[Setting]:
    """Each population so many times as large: at least one session."""
    where = "experiment" if "users" in loaded.experiment.model_fields_set else "topology"
    for name, one in users.items():
        path = f"{where}:users.{_quoted(name)}"
        place = f"--load, ×{factor:g}"
        if one.sessions is not None:
            yield Setting(f"{path}.sessions", max(round(one.sessions * factor), 1), place)
        if one.arrivals is not None:
            yield Setting(f"{path}.arrivals", f"{one.arrivals * factor:.9f}/s", place)


def _quoted(name: str) -> str:
    return f"'{name}'" if '"' in name else f'"{name}"'


def _said(one: Population) -> str:
    return f"{one.sessions:,} sessions" if one.sessions is not None else f"{one.arrivals:g} arrivals/s"


def _failing(records: Sequence[Record]) -> Iterable[Failing]:
    """What is missed, most often first."""
    found = {
        number: [
            record.judgements[number] for record in records if record.judgements[number].verdict == "missed"
        ]
        for number in range(len(records[0].judgements))
    }
    for missed in sorted(found.values(), key=lambda one: -len(one)):
        if missed:
            yield Failing(missed[0].expectation, len(missed), len(records), missed[0].reason)


def _broken(loaded: Loaded, records: Sequence[Record]) -> Result:
    """A run in which something fails."""
    return run(loaded, seed=next(record.seed for record in records if record.verdict == "missed"))
