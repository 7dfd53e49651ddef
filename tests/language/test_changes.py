"""What a program changes between loading and running is checked, and the recipe says no more than is true."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simulator import Loaded, SpecError, UsageError, load, run
from simulator.language.changes import with_changes
from tests.examples.places import EXPERIMENTS
from tests.language.writing import load as load_small

TTL_NS = 30 * 10**9


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    return load_small(tmp_path)


def with_ttl(loaded: Loaded, ttl: object) -> Loaded:
    """The same with another time to live of the only name, as a program would change it."""
    record = loaded.topology.dns["api.example"].model_copy(update={"ttl": ttl})
    return replace(loaded, topology=loaded.topology.model_copy(update={"dns": {"api.example": record}}))


def test_what_is_as_it_was_read_is_taken_as_it_is(loaded: Loaded) -> None:
    assert with_changes(loaded) is loaded


def test_a_changed_topology_has_no_text(loaded: Loaded) -> None:
    ready = with_changes(with_ttl(loaded, TTL_NS))
    assert ready.topology.dns["api.example"].ttl == TTL_NS
    assert ready.sha256 == {"experiment": loaded.sha256["experiment"]}
    assert ready.expect_lines == loaded.expect_lines
    assert with_changes(ready) is ready


def test_a_changed_experiment_has_neither_text_nor_lines(loaded: Loaded) -> None:
    longer = loaded.experiment.model_copy(update={"duration": 900 * 10**9})
    ready = with_changes(replace(loaded, experiment=longer))
    assert ready.experiment.duration == 900 * 10**9
    assert ready.sha256 == {"topology": loaded.sha256["topology"]}
    assert ready.expect_lines == ()


def test_a_change_within_what_was_read_is_noticed(loaded: Loaded) -> None:
    loaded.topology.regions.clear()
    with pytest.raises(SpecError, match="regions: a topology needs at least one entry"):
        with_changes(loaded)


def test_the_recipe_of_a_changed_topology_leaves_its_hash_out(loaded: Loaded) -> None:
    assert {*run(loaded).recipe.sha256} == {"experiment", "topology"}
    assert {*run(with_ttl(loaded, TTL_NS)).recipe.sha256} == {"experiment"}


@pytest.mark.parametrize("ttl", ["5 min", True, object()])
def test_a_value_that_no_file_could_give_is_refused(loaded: Loaded, ttl: object) -> None:
    with pytest.raises(SpecError, match=r"dns\.api\.example\.ttl: a model holds a number here"):
        with_changes(with_ttl(loaded, ttl))


def test_a_value_that_is_gone_is_missed(loaded: Loaded) -> None:
    with pytest.raises(SpecError, match=r"dns\.api\.example\.ttl: has no value"):
        with_changes(with_ttl(loaded, None))


def test_a_change_is_checked_as_a_file_is(loaded: Loaded) -> None:
    shorter = loaded.experiment.model_copy(update={"duration": 10**9})
    with pytest.raises(SpecError, match="starts at 1 min, but the run ends at 1 s"):
        run(replace(loaded, experiment=shorter))


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_all_that_a_file_can_say_can_be_read_again(path: Path) -> None:
    read = load(path)
    again = with_changes(replace(read, digests={}))
    assert (again.experiment, again.topology, again.digests) == (
        read.experiment,
        read.topology,
        read.digests,
    )
    assert again.sha256 == {}


@pytest.mark.parametrize("seed", ["1", None, 1.0, 1.5, True, -1, 2**63])
def test_what_is_no_seed_is_refused(loaded: Loaded, seed: Any) -> None:
    with pytest.raises(UsageError, match="a seed is a whole number from 0 to"):
        run(loaded, seed=seed)


def test_what_is_no_experiment_is_refused(loaded: Loaded) -> None:
    for what in ({}, None, 5, loaded.experiment, loaded.topology):
        with pytest.raises(UsageError, match="run takes the path of an experiment's file, or what load"):
            run(what)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'topology' of what is run must be what load returned, not dict"):
        run(replace(loaded, topology={}))  # type: ignore[arg-type]
