"""Copies of the package that a test may edit, run as other processes with a cache of their own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import simulator

BEGUN = "Compiling the simulator"

SAMPLE = """
from simulator.randomness.draws import sample
print([sample(kind, 1.0, 2.0, 0.5) for kind in range(5)])
"""
"""Compiles and calls one entry, which takes a second."""

DIGESTS = """
import simulator.data_plane.plane
from simulator.kernels.compiling import entries
from simulator.kernels.keys import digest_of
for entry in entries():
    print(entry.py_func.__name__, digest_of(entry))
"""
"""Compiles nothing: what each entry's machine code depends on."""


@dataclass(frozen=True)
class Copy:
    """A copy of the package in a directory, and the directory of its cache."""

    root: Path
    cache: Path

    def run(self, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        process = self.start(code, **variables)
        out, err = process.communicate()
        return subprocess.CompletedProcess(code, process.returncode, out, err)

    def start(self, code: str, **variables: str) -> subprocess.Popen[str]:
        """Start a program."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "SIMULATOR_"))
        }
        environment = (
            kept
            | {
                "PYTHONPATH": str(self.root),
                "SIMULATOR_CACHE_DIR": str(self.cache),
                "TMPDIR": str(self.root.parent),
            }
            | variables
        )
        command = [sys.executable, "-c", code]
        return subprocess.Popen(
            command, cwd=self.root, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that is there once."""
        path = self.root / "simulator" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self) -> list[Path]:
        """The files of the cache."""
        return sorted(self.cache.glob("*.kernel"))

    def digests(self) -> dict[str, str]:
        """What each entry's machine code depends on, as the copy says it."""
        return dict(line.split() for line in self._said(DIGESTS))

    def _said(self, code: str) -> Iterator[str]:
        done = self.run(code)
        assert done.returncode == 0, done.stderr
        yield from done.stdout.splitlines()


def copied(directory: Path, cache: Path) -> Copy:
    """A copy of the package without what Python has compiled of it."""
    source = Path(simulator.__file__).parent
    shutil.copytree(source, directory / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    return Copy(directory, cache)
