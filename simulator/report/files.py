"""The result files of a run: result.json, event log, time series, pictures. Nothing is left half written."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from simulator.report import countermeasures, event_log, monitoring, series
from simulator.report.drawing import Drawer, drawn_pictures
from simulator.report.pictures import PICTURE_FILES
from simulator.result.whole import Result

_RESULT = "result.json"
_PAIRS = "countermeasures.md"
_UNFINISHED = ".writing-"
_LOCK = ".writing"


def write_report(result: Result, directory: str | Path, drawer: Drawer | None = None) -> list[Path]:
    """Write every file of a result into a directory, made if need be; files of other names are left alone.

    All are made in a hidden directory beside their places and then moved there, so that none is ever half
    written. Wherever `result.json` stands, all files beside it are of the same run: it is the first to be
    taken away and the last to be put in place, whenever the program is killed. What an earlier program left
    unfinished is removed. With a drawer that has begun, its pictures are taken. Returns the paths. Raises
    OSError if the place cannot be written; the files of an earlier run are then as they were.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    texts = _texts(result)
    for name in _names():
        if (directory / name).is_dir():
            raise IsADirectoryError(f"{directory / name} is a directory")
    with _alone_in(directory):
        for left in directory.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=_UNFINISHED) as made:
            for name, text in texts.items():
                (Path(made) / name).write_text(text, encoding="utf-8")
            pictures = (drawer.pictures() if drawer is not None else None) or drawn_pictures(result)
            for name, picture in pictures.items():
                (Path(made) / name).write_bytes(picture)
            _put_in_place(Path(made), [*texts, *pictures], directory)
    return [directory / name for name in (*texts, *pictures)]


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Wait until no other program writes a report into the directory, and hold others off."""
    from filelock import FileLock

    lock = FileLock(directory / _LOCK)
    try:
        lock.acquire()
    except NotImplementedError:  # a file system without locks
        yield
        return
    try:
        yield
    finally:
        (directory / _LOCK).unlink(missing_ok=True)
        lock.release()


def _put_in_place(made: Path, names: Sequence[str], directory: Path) -> None:
    """Take the earlier run's files away and put the new ones there, or neither."""
    earlier = made / "earlier"
    earlier.mkdir()
    try:
        _move(_names(), directory, earlier)
        _move(reversed(names), made, directory)
    except BaseException:
        for name in names:
            if not (made / name).exists():
                (directory / name).unlink()
        _move(reversed(_names()), earlier, directory)
        raise


def _move(names: Iterable[str], source: Path, target: Path) -> None:
    for name in names:
        if os.path.lexists(source / name):
            (source / name).replace(target / name)


def _names() -> tuple[str, ...]:
    """All files that a report may have, `result.json` first."""
    return (
        _RESULT,
        "events.jsonl",
        "windows.csv",
        "gauges.csv",
        "metrics.csv",
        "bands.csv",
        _PAIRS,
        *PICTURE_FILES,
    )


def _texts(result: Result) -> dict[str, str]:
    """The files that are text, by name."""
    texts = {
        _RESULT: result.to_json(),
        "events.jsonl": event_log.events_jsonl(result.events),
        "windows.csv": series.windows_csv(result.series.windows),
    }
    gauges = series.gauges_csv(result)
    if gauges is not None:
        texts["gauges.csv"] = gauges
    if result.monitoring is not None and result.monitoring.metrics:
        texts["metrics.csv"] = monitoring.metrics_csv(result.monitoring)
        bands = monitoring.bands_csv(result.monitoring)
        if bands is not None:
            texts["bands.csv"] = bands
    if (page := countermeasures.markdown(result)) is not None:
        texts[_PAIRS] = page
    return texts
