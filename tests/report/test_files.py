import csv
import json
import os
import struct
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from filelock import FileLock
from matplotlib.image import imread

import simulator
from tests.report.conftest import Run

CALM = ["service.png", "replication.png"]
"""The pictures of a run in which nothing breaks."""
PICTURES = [*CALM, "dns.png", "recovery.png"]
"""Those of one in which a region goes dark."""
DEMO = [
    "result.json",
    "events.jsonl",
    "windows.csv",
    "gauges.csv",
    "metrics.csv",
    "bands.csv",
    *PICTURES,
    "metrics.png",
]
"""All files of the demo."""


@pytest.fixture(scope="module")
def written(milan: simulator.Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's files."""
    directory = tmp_path_factory.mktemp("out") / "deep" / "er"
    paths = simulator.write_report(milan, directory)
    assert paths == [directory / name for name in DEMO]
    return directory


def rows_of(path: Path) -> tuple[list[str], "np.ndarray[tuple[int, int], np.dtype[np.float64]]"]:
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    return header, np.array([[float(cell) for cell in row] for row in rows])


def test_only_the_promised_files_are_there(written: Path) -> None:
    assert sorted(path.name for path in written.iterdir()) == sorted(DEMO)


def test_result_json_is_the_result(written: Path, milan: simulator.Result) -> None:
    text = (written / "result.json").read_text(encoding="utf-8")
    assert text == milan.to_json()
    assert json.loads(text) == milan.to_dict()


def test_the_event_log_has_a_line_for_each_entry_of_the_result(
    written: Path, milan: simulator.Result
) -> None:
    lines = (written / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == milan.to_dict()["events"]
    assert [json.loads(line)["number"] for line in lines] == [*range(len(lines))]


def test_windows_add_up_to_the_result(written: Path, milan: simulator.Result) -> None:
    header, rows = rows_of(written / "windows.csv")
    regions = ["eu-south-1", "eu-central-1", "eu-north-1"]
    kinds = ["fresh", "cached", "pinned", "served", "failed", "rejected"]
    operations = ["api.complete_activity", "api.view_leaderboard", "api.view_profile"]
    names = ["italy", "germany", *operations, "static.view_badge_image"]
    slices = ["", *(f"_{name}" for name in names)]
    assert header == [
        "start_s",
        "succeeded",
        "failed",
        *(f"{kind}_{region}" for kind in kinds for region in regions),
        *(f"{kind}{of}" for of in slices for kind in ("begun", "good", "waiting")),
        *(f"sent_{region}" for region in regions),
    ]
    assert rows[:, 0].tolist() == [10.0 * window for window in range(270)]  # 45 min in windows of 10 s
    sums = dict(zip(header, rows.sum(axis=0).astype(int).tolist(), strict=True))
    actions, by_region = milan["requests"]["actions"], milan["requests"]["attempts_by_region"]
    assert sums["succeeded"] == actions["succeeded"]
    assert sums["succeeded"] + sums["failed"] == actions["started"] - actions["in_flight"]
    assert sums["good"] == sums["good_italy"] + sums["good_germany"]
    assert sums["begun"] == sum(sums[f"begun_{name}"] for name in names[2:])
    for region in regions:
        sent = sum(sums[f"{kind}_{region}"] for kind in ("fresh", "cached", "pinned"))
        assert sums[f"sent_{region}"] == sent  # there are no bots
        assert sums[f"served_{region}"] == by_region[region]["succeeded"]
        failed = sum(count for outcome, count in by_region[region].items() if outcome != "succeeded")
        assert sums[f"failed_{region}"] == failed
        rejected = by_region[region]["throttled"] + by_region[region]["overloaded"]
        assert sums[f"rejected_{region}"] == rejected


def test_gauges_are_evenly_spaced_and_name_every_pair(written: Path, milan: simulator.Result) -> None:
    header, rows = rows_of(written / "gauges.csv")
    pairs = [f"{pair['table']}_{pair['from']}_{pair['to']}" for pair in milan["replication"]]
    assert header == [
        "at_s",
        "sessions",
        *(f"{kind}_{pair}" for pair in pairs for kind in ("pending", "lag_s")),
    ]
    assert set(np.diff(rows[:, 0]).tolist()) == {10.0}
    assert (rows[:, 1] > 0).all()
    assert ((rows[:, 2::2] == 0) == (rows[:, 3::2] == 0)).all()  # a lag exactly where something is pending


def test_lag_grows_by_a_second_a_second_while_its_origin_is_dark(written: Path) -> None:
    header, rows = rows_of(written / "gauges.csv")
    lag_s = rows[:, header.index("lag_s_progress_eu-south-1_eu-central-1")]
    dark = (rows[:, 0] >= 620) & (rows[:, 0] < 1800)  # from 10 min, a little later, to 30 min
    assert np.diff(lag_s[dark]) == pytest.approx(10.0, abs=1e-6)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_png_of_sane_size_with_something_on_it(written: Path, name: str) -> None:
    data = (written / name).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert data[-8:-4] == b"IEND"  # complete to its last chunk
    width, height = struct.unpack(">II", data[16:24])
    assert width == 990  # 9 inches at 110 dots
    assert 200 <= height <= 900
    pixels = imread(written / name)[:, :, :3]
    inked = (pixels < 0.9).any(axis=2).mean()
    assert 0.005 < inked < 0.9


def test_a_file_is_readable_by_others(written: Path) -> None:
    assert {path.stat().st_mode & 0o777 for path in written.iterdir()} == {0o644}


def test_without_gauges_there_is_no_file_of_them_and_the_pictures_are_still_drawn(
    small: Run, tmp_path: Path
) -> None:
    paths = simulator.write_report(small(), tmp_path / "out")
    assert [path.name for path in paths] == ["result.json", "events.jsonl", "windows.csv", *CALM]
    empty = [path.name for path in paths if not path.stat().st_size]
    assert empty == ["events.jsonl"]  # nothing has happened


def test_a_file_that_cannot_be_made_leaves_the_old_one_and_no_rubbish(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, out = small(), tmp_path / "out"
    simulator.write_report(result, out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    write = Path.write_bytes

    def breaks_half_way(path: Path, data: bytes) -> int:
        if path.name != "service.png":
            return write(path, data)
        write(path, data[: len(data) // 2])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", breaks_half_way)
    with pytest.raises(OSError, match="disk full"):
        simulator.write_report(result, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_where_result_json_stands_all_files_beside_it_are_of_its_run(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at before every single move: the program may be killed at any of them."""
    out, calm = tmp_path / "out", ["result.json", "events.jsonl", "windows.csv", *CALM]
    names = ["result.json", "events.jsonl", "windows.csv", *PICTURES]
    simulator.write_report(small(), out)
    replace, states = os.replace, []

    def look_and_replace(source: object, target: object) -> None:
        states.append({name: (out / name).read_bytes() for name in names if (out / name).exists()})
        replace(str(source), str(target))

    before = {name: (out / name).read_bytes() for name in calm}
    monkeypatch.setattr(os, "replace", look_and_replace)
    simulator.write_report(small("faults: [{at: 1 min, region: eu-west-1, mode: refused}]"), out)
    assert states[0] == before
    assert len(states) == len(calm) + len(names)
    assert all("result.json" not in state for state in states[1:])
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    assert (out / "result.json").read_bytes() != before["result.json"]


@pytest.mark.parametrize("fails_at", range(1, 8))
def test_a_move_that_fails_leaves_everything_as_it_was(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    out, replace, moves = tmp_path / "out", os.replace, iter(range(100))
    simulator.write_report(small(), out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def fail_once(source: object, target: object) -> None:
        if next(moves) == fails_at:
            raise OSError("disk full")
        replace(str(source), str(target))

    monkeypatch.setattr(os, "replace", fail_once)
    with pytest.raises(OSError, match="disk full"):
        simulator.write_report(small(), out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_what_a_killed_program_left_is_removed_and_no_file_of_an_earlier_run_stays(
    small: Run, tmp_path: Path
) -> None:
    (tmp_path / ".writing-abc" / "earlier").mkdir(parents=True)
    (tmp_path / ".writing-abc" / "earlier" / "result.json").write_text("old")
    (tmp_path / ".writing").write_text("")
    (tmp_path / "gauges.csv").write_text("of a run with gauges")
    simulator.write_report(small(), tmp_path)
    left = {path.name for path in tmp_path.iterdir()} - {"topology.yaml", "small.yaml"}
    assert left == {"result.json", "events.jsonl", "windows.csv", *CALM}


def test_two_programs_write_into_a_place_one_after_the_other(small: Run, tmp_path: Path) -> None:
    result, out = small(), tmp_path / "out"
    out.mkdir()
    writer = Thread(target=simulator.write_report, args=(result, out))
    with FileLock(out / ".writing"):
        writer.start()
        writer.join(1)
        assert writer.is_alive()
        assert [path.name for path in out.iterdir()] == [".writing"]
    writer.join()
    assert (out / "result.json").read_text(encoding="utf-8") == result.to_json()


def test_other_files_in_the_place_are_left_alone(small: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    simulator.write_report(small(), tmp_path / "out")
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_the_same_run_gives_the_same_files(small: Run, tmp_path: Path) -> None:
    first = simulator.write_report(small(metrics=True), tmp_path / "first")
    second = simulator.write_report(small(metrics=True), tmp_path / "second")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
