"""The result files of a run: result.json, time series, four pictures. Nothing is left half written."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from simulator.report import series
from simulator.result import Result


def write_report(result: Result, directory: str | Path) -> list[Path]:
    """Write every file of a result into a directory, made if need be; files of other names there are left alone.

    Each file is written beside its place and then moved there. Returns the paths. Raises OSError if the place cannot be written.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    return [_write(directory / name, make) for name, make in _files(result).items()]


def _files(result: Result) -> dict[str, Callable[[Path], object]]:
    from simulator.report import plots  # draws with matplotlib, which is slow to import

    texts = {"result.json": result.to_json(), "windows.csv": series.windows_csv(result.outcome)}
    gauges = series.gauges_csv(result.outcome)
    if gauges is not None:
        texts["gauges.csv"] = gauges
    files: dict[str, Callable[[Path], object]] = {
        name: (lambda path, text=text: path.write_text(text, encoding="utf-8"))
        for name, text in texts.items()
    }
    for name, draw in plots.PICTURES.items():
        files[name] = lambda path, draw=draw: draw(result).savefig(path, format="png", dpi=110)
    return files


def _write(path: Path, make: Callable[[Path], object]) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        make(Path(name))
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
