"""The history: figures that were kept, those of a day and machine in a file, with the machine's facts."""

import datetime
import json
import os
import platform
import string
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figure
from benchmarks.versions import head

HISTORY = Path(__file__).parent / "history"


def machine() -> dict[str, Any]:
    """Facts of the machine that the figures depend on."""
    cpu = next((line for line in _cpu_lines() if line.startswith("model name")), "model name: unknown")
    packages = ("numba", "numpy", "simpy")
    return {
        "processor": cpu.partition(":")[2].strip(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2),
    } | {package: version(package) for package in packages}


def _cpu_lines() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []


def keep(facts: dict[str, Any], figures: list[Figure], history: Path = HISTORY) -> None:
    """Add figures to today's record, in the place of older ones of the same name; fill the page of them."""
    file = _file_for(facts, history)
    record = json.loads(file.read_text()) if file.exists() else {"figures": []}
    names = {figure.what for figure in figures}
    older = [figure for figure in record["figures"] if figure["what"] not in names]
    record = {"machine": facts, "commit": head(), "figures": older + [asdict(figure) for figure in figures]}
    history.mkdir(exist_ok=True)
    file.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    if history == HISTORY:
        from benchmarks import performance_page  # which reads what is kept

        performance_page.write()


def _file_for(facts: dict[str, Any], history: Path) -> Path:
    """Today's record of this machine; that of a second one has a `b` behind the day, and so on."""
    day = datetime.date.today().isoformat()
    for letter in ("", *string.ascii_lowercase[1:]):
        file = history / f"{day}{letter}.json"
        if not file.exists() or _is_alike(json.loads(file.read_text())["machine"], facts):
            return file
    raise ValueError(f"{history} has the records of {day} on too many machines")


def _is_alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(one.get(fact) == other.get(fact) for fact in ("processor", "cores", "system"))


@dataclass(frozen=True)
class Kept:
    """A figure of the history: of which day, and on which machine."""

    day: str
    machine: dict[str, Any]
    figure: Figure


def newest(history: Path = HISTORY) -> dict[str, Kept]:
    """Of each figure, by its name, what was kept last."""
    found: dict[str, Kept] = {}
    for file in sorted(history.glob("*.json")):
        record = json.loads(file.read_text())
        for figure in record["figures"]:
            found[figure["what"]] = Kept(file.stem, record["machine"], Figure(**figure))
    return found
