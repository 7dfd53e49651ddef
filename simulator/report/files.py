"""The result files of a run: result.json, time series, four pictures. Nothing is left half written."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.report import series
from simulator.result.whole import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_report(result: Result, directory: str | Path) -> list[Path]:
    """Write every file of a result into a directory, made if need be; files of other names are left alone.

    All are made in a hidden directory beside their places and then moved there, so that none is ever half
    written, and none is new beside others that are old because one could not be made. Returns the paths.
    Raises OSError if the place cannot be written.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    files = _files(result)
    for name in files:
        if (directory / name).is_dir():
            raise IsADirectoryError(f"{directory / name} is a directory")
    with tempfile.TemporaryDirectory(dir=directory, prefix=".writing-") as made:
        for name, make in files.items():
            make(Path(made) / name)
        return [Path(made, name).replace(directory / name) for name in files]


def _files(result: Result) -> dict[str, Callable[[Path], None]]:
    from simulator.report import plots  # draws with matplotlib, which is slow to import

    texts = {"result.json": result.to_json(), "windows.csv": series.windows_csv(result.series.windows)}
    gauges = series.gauges_csv(result)
    if gauges is not None:
        texts["gauges.csv"] = gauges
    files: dict[str, Callable[[Path], None]] = {
        name: partial(_write_text, text) for name, text in texts.items()
    }
    return files | {name: partial(_draw, draw, result) for name, draw in plots.PICTURES.items()}


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def _draw(draw: Callable[[Result], "Figure"], result: Result, path: Path) -> None:
    draw(result).savefig(path, format="png", dpi=110)
