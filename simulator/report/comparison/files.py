"""A comparison on disk: `comparison.json` and `comparison.png`."""

from pathlib import Path

from simulator.report.comparison.picture import picture
from simulator.report.placing import place_files, png_of
from simulator.result.comparison import Comparison


def write_comparison(found: Comparison, directory: str | Path) -> list[Path]:
    """Write both files into a directory, made if need be; their paths. OSError if it cannot be done."""
    files: dict[str, str | bytes] = {
        "comparison.png": png_of(picture(found)),
        "comparison.json": found.to_json(),
    }
    return place_files(directory, files)
