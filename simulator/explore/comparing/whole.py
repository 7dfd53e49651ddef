"""A whole comparison: designs read, played under the same seeds, and set side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from simulator.errors import UsageError
from simulator.explore.cells import Heard, Record, play_each, verdicts_of
from simulator.explore.comparing.asked import asked_keys, seeds_of
from simulator.explore.comparing.designs import Candidate, Named, candidates
from simulator.explore.comparing.fates import Seen, fates, seen
from simulator.explore.comparing.paired import rows
from simulator.explore.costs import money_of_each
from simulator.explore.workers import Crew, Workers
from simulator.language.differing import differences
from simulator.language.files import Loaded
from simulator.pipeline import recipe_of, warm_up
from simulator.result.comparison import Changed, Comparison, Design
from simulator.result.costs import Money

SEEDS = 10
"""Seeds unless somebody asks for others: fewer than six say nothing about a median."""


def compare(
    *designs: Named,
    seeds: int | Iterable[int] = SEEDS,
    jobs: int = 1,
    cache: bool = True,
    cost: bool = False,
    names: Sequence[str] = (),
) -> Comparison:
    """Compare designs on the same users, seed by seed; the first is that with which the others are compared.

    A design is a path, `REVISION:PATH` of a Git repository, or what `load` returned, perhaps `with_` values
    set. `seeds`: how many, from 1 on, or which. `names`: what to call each, in place of its file and what is
    set in it. `cost` also tells what each costs, by list prices; that takes
    two more runs of each. The same for any number of `jobs`. Raises SpecError if a file
    is invalid, UsageError if there are fewer than two designs, DefectError if a law is broken.
    """
    under = seeds_of(seeds)
    named = candidates([(one, ()) for one in designs])
    if names and len(names) != len(named):
        raise UsageError(f"there are {len(named)} designs and {len(names)} names; give one name for each")
    called = [replace(one, said=name) for one, name in zip(named, names, strict=True)] if names else named
    return compare_candidates(called, seeds=under, jobs=jobs, cache=cache, cost=cost)


def compare_candidates(
    found: Sequence[Candidate],
    *,
    seeds: Sequence[int],
    jobs: int = 1,
    cache: bool = True,
    cost: bool = False,
    heard: Heard = lambda _number, _record: None,
) -> Comparison:
    """The same, of designs that were read."""
    designs = [one.loaded for one in found]
    with Workers(min(jobs, len(designs) * len(seeds))) as crew:
        each = play_each(designs, seeds, cache=cache, heard=heard, crew=crew)
        runs = _seen(designs, seeds[0], crew)
        money = [*money_of_each(designs, seeds[0], crew)] if cost else [None] * len(designs)
    names = [one.name for one in found]
    made, level = rows(each, names, [key for one in found for key in asked_keys(one.loaded)])
    sessions, writes = fates(names, runs)
    return Comparison(
        designs=tuple(_design(*of) for of in zip(found, each, money, strict=True)),
        seeds=tuple(seeds),
        confidence=level.together,
        level=level.each,
        rows=tuple(made),
        changes=tuple(_changes(found)),
        sessions=sessions,
        writes=writes,
        versions=recipe_of(found[0].loaded, seeds[0]).versions,
        courses=tuple(run.course for run in runs),
    )


def _seen(designs: Sequence[Loaded], seed: int, crew: Crew) -> list[Seen]:
    """A traced run of each design."""
    warm_up()
    return crew.do(partial(_seen_one, seed), designs)


def _seen_one(seed: int, loaded: Loaded) -> Seen:
    return seen(loaded, seed)


def _design(one: Candidate, records: Sequence[Record], cost: Money | None) -> Design:
    recipe = recipe_of(one.loaded, 0)
    return Design(
        one.name, one.said, recipe.experiment, recipe.topology, recipe.sha256, recipe.settings or (),
        verdicts_of(records), cost,
    )  # fmt: skip


def _changes(found: Sequence[Candidate]) -> list[Changed]:
    first, *others = found
    if not all({*one.loaded.sha256} == {"experiment", "topology"} for one in found):  # changed by a program
        return []
    return [
        Changed(one.name, change.where, change.path, change.before, change.after)
        for one in others
        for change in differences(first.loaded, one.loaded)
    ]
