"""Cells: the same records whoever plays them, kept or not; and what is kept is what was played."""

import os
from pathlib import Path

import pytest

from simulator.explore import cells as room
from simulator.explore.cells import Cell, Record, kept, play_cells
from simulator.explore.workers import Workers
from simulator.kernels import shelves
from simulator.language.files import Loaded
from simulator.pipeline import run
from tests.own_shelves import keep_in
from tests.small import HERE, NAME, experiment, read, topology

EXPECT = [
    {"success": {"at_least": "90 %"}},
    {"recovery_time": {"population": "people", "at_most": "1 min"}},
    {"lag_peaks": {"count": 1, "apart": {"at_most": "1 min"}}},
]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of records of one's own; machine code stays where it is."""
    keep_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    fault = {"at": "1 min", "for": "30 s", "region": HERE, "mode": "black_hole"}
    return read(topology(), experiment(duration="3 min", faults=[fault], expect=EXPECT))


def test_a_record_tells_what_the_run_tells(loaded: Loaded, place: Path) -> None:
    (record,), result = play_cells([Cell(loaded, 7)]), run(loaded, seed=7)
    assert (record.seed, record.verdict) == (7, result.verdict)
    assert [one.measured for one in record.judgements] == [one.measured for one in result.expectations]
    found = record.figure("success")
    assert found is not None
    assert (found.value, found.unit, found.better) == (result.requests.success, "share", "higher")
    spans = [(one.phase, one.end_s - one.start_s) for one in result.recovery.phases]
    assert sum(record.phases.values()) == pytest.approx(sum(span for _, span in spans))


def test_records_are_the_same_by_any_number_of_jobs_and_come_in_order(loaded: Loaded) -> None:
    cells, told = [Cell(loaded, seed) for seed in (3, 1, 2, 1)], list[tuple[int, Record]]()
    alone = play_cells(cells, cache=False)
    shared = play_cells(cells, cache=False, jobs=2, heard=lambda *found: told.append(found))
    assert alone == shared
    assert [one.seed for one in alone] == [3, 1, 2, 1]
    assert alone[1] is alone[3]  # the same cell is played once
    assert sorted(number for number, _ in told) == [0, 1, 2, 3]
    assert [number for number, _ in told] == [0, 1, 3, 2]  # as they are done, each with its like


def test_what_was_played_is_not_played_again(
    loaded: Loaded, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = play_cells([Cell(loaded, 1), Cell(loaded, 2)])

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("was played again")

    monkeypatch.setattr(room, "run", fail)
    assert play_cells([Cell(loaded, 2), Cell(loaded, 1)]) == first[::-1]
    with pytest.raises(AssertionError, match="again"):
        play_cells([Cell(loaded, 1)], cache=False)
    with pytest.raises(AssertionError, match="again"):
        play_cells([Cell(loaded, 3)])


def test_records_share_what_they_have_in_common(loaded: Loaded) -> None:
    """Ten thousand records are held at once; most of their figures say that there is nothing to tell."""
    one, other = play_cells([Cell(loaded, 1), Cell(loaded, 2)], cache=False)
    assert one.figure("restore_time") is other.figure("restore_time")
    success, again = one.figure("success"), other.figure("success")
    assert success is not None
    assert again is not None
    assert success.value != again.value
    assert success.scope is again.scope


def test_a_change_of_the_files_is_another_cell(loaded: Loaded, place: Path) -> None:
    changed = read(topology(dns={NAME: {"service": "api", "policy": "simple", "ttl": "61 s"}}), experiment())
    records = play_cells([Cell(loaded, 1), Cell(changed, 1)])
    assert records[0].key != records[1].key
    assert [kept(one.key) for one in records] == records


def test_what_is_damaged_is_played_again(loaded: Loaded, place: Path) -> None:
    (record,) = play_cells([Cell(loaded, 1)])
    (path,) = place.glob("*.record")
    body = path.read_bytes()
    path.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    assert kept(record.key) is None
    assert play_cells([Cell(loaded, 1)]) == [record]
    assert kept(record.key) == record


def test_of_what_is_kept_the_last_used_stays(place: Path) -> None:
    shelf = shelves.Shelf(".thing", 2 * (17 + 32 + 10))  # two files: head, digest, ten bytes
    for number, key in enumerate("abc"):
        assert shelf.keep(key, b"0123456789")
        os.utime(place / f"{key}.thing", (number, number))
    assert shelf.read("a") == b"0123456789"  # used now
    shelf.prune()
    assert {path.name for path in place.iterdir()} == {"a.thing", "c.thing"}


def test_workers_are_started_once_for_several_rounds(loaded: Loaded) -> None:
    with Workers(2) as crew:
        rounds = [play_cells([Cell(loaded, one)], cache=False, crew=crew) for one in (1, 2)]
    assert [one.seed for records in rounds for one in records] == [1, 2]
