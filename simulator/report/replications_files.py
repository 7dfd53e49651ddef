"""The report of many runs on disk: `replications.json` and `replications.png`, each whole or not there."""

import os
from pathlib import Path

from simulator.report.placing import png_of, quiet_drawing
from simulator.result.replications import Replications


def write_replications(found: Replications, directory: str | Path) -> list[Path]:
    """Write both files into a directory, made if need be; their paths. OSError if it cannot be done."""
    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    names = ("replications.png", "replications.json")
    unfinished = {name: place / f".{os.getpid()}.{name}" for name in names}
    try:
        with quiet_drawing():
            from simulator.report.pictures.replications import replications

            unfinished["replications.png"].write_bytes(png_of(replications(found)))
        unfinished["replications.json"].write_text(found.to_json(), encoding="utf-8")
        for name, path in unfinished.items():
            path.replace(place / name)
    finally:
        for path in unfinished.values():
            path.unlink(missing_ok=True)
    return [place / name for name in reversed(names)]
