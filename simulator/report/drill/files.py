"""The report of a drill on disk: `drill.json` and `drill.md`, each whole or not there."""

import json
from datetime import date
from pathlib import Path

from simulator.report.drill.markdown import markdown
from simulator.report.drill.record import record
from simulator.report.placing import place_files
from simulator.result.drill import Compared, Drill


def write_drill(drill: Drill, directory: str | Path, when: date | None, compared: Compared) -> list[Path]:
    """Write both files into a directory, made if need be; their paths. OSError if it cannot be done."""
    said = record(drill, when, compared)
    texts = {
        "drill.md": markdown(said),
        "drill.json": json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
    }
    return place_files(directory, texts)
