"""Environments of the rivals, and of the simulator on their interpreters, made once in the user's cache."""

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import scaled
from simulator.kernels.places import places

MINE = f"{sys.version_info.major}.{sys.version_info.minor}"
"""The interpreter that runs this."""


class UnavailableError(Exception):
    """A rival cannot be asked on this machine; the text says why, and what would help."""


@dataclass(frozen=True)
class Environment:
    """What is installed where: on an interpreter, such as 3.11, exactly these packages."""

    name: str
    python: str
    packages: tuple[str, ...]

    @property
    def version(self) -> str:
        """The pinned version of what it is made for."""
        return self.packages[0].partition("==")[2]

    @property
    def directory(self) -> Path:
        """Where it lies: a name that changes with what is in it."""
        said = "\n".join((self.python, *self.packages))
        return _cache() / f"{self.name}-{self.python}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"

    def ready(self) -> Path:
        """The path of its interpreter, after it was made if need be. Raises UnavailableError."""
        interpreter = _inside(self.directory)
        if not (self.directory / "complete").exists():
            _make(self, interpreter)
        return interpreter


SIMPY = Environment("simpy", "3.11", ("simpy==4.1.2",))
CIW = Environment("ciw", "3.11", ("ciw==3.2.7",))
SIMULUS = Environment("simulus", "3.11", ("simulus==1.2.1",))
SALABIM = Environment("salabim", "3.11", ("salabim==26.0.9",))
ASYNCFLOW = Environment("asyncflow", "3.12", ("asyncflow-sim==0.1.1",))
HAPPYSIM = Environment("happysim", "3.13", ("happysim==0.2.5",))


def ours(python: str) -> Path:
    """An interpreter of this version that has what the simulator needs: this one, or one of the cache's.

    Raises UnavailableError.
    """
    if python == MINE:
        return Path(sys.executable)
    project = tomllib.loads((scaled.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return Environment("ours", python, tuple(project["dependencies"])).ready()


def _cache() -> Path:
    return places()[0] / "rivals"


def _inside(directory: Path) -> Path:
    return directory / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _make(environment: Environment, interpreter: Path) -> None:
    base = _interpreter(environment.python)
    if base is None:
        raise UnavailableError(
            f"{environment.name} needs Python {environment.python}, and neither PATH nor pyenv has one"
        )
    print(f"making {environment.directory}", file=sys.stderr, flush=True)
    shutil.rmtree(environment.directory, ignore_errors=True)
    quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [str(base), "-m", "venv", str(environment.directory)],
        [str(interpreter), *quiet, *environment.packages],
    ):
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            told = done.stderr.strip().splitlines()
            raise UnavailableError(f"{environment.name} could not be installed: {told[-1] if told else ''}")
    (environment.directory / "complete").touch()


def _interpreter(python: str) -> Path | None:
    """An interpreter of a version that really starts; shims of versions that are switched off do not."""
    if python == MINE:
        return Path(sys.executable)
    return next((path for path in _candidates(python) if _starts(path)), None)


def _candidates(python: str) -> Iterator[Path]:
    if found := shutil.which(f"python{python}"):
        yield Path(found)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{python}.*/bin/python{python}"))


def _starts(path: Path) -> bool:
    return _succeeds([str(path), "-c", "import venv"])


def _succeeds(command: Sequence[str]) -> bool:
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode == 0


def compiler() -> str | None:
    """The name of a C compiler of this machine; None: there is none."""
    return next((name for name in ("gcc", "cc", "clang") if shutil.which(name)), None)


def compiler_version() -> str:
    """The compiler with its version, as `gcc 12`; `""`: there is none."""
    name = compiler()
    if name is None:
        return ""
    done = subprocess.run([name, "-dumpversion"], capture_output=True, text=True)
    return f"{name} {done.stdout.strip()}"


def limit() -> Path:
    """The loop in C, compiled with -O2. Raises UnavailableError."""
    name = compiler()
    if name is None:
        raise UnavailableError("the loop in C needs a C compiler (gcc, cc or clang), of which none was found")
    source = Path(__file__).parent / "models" / "limit.c"
    program = _cache() / f"limit-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([name, "-O2", "-o", str(program), str(source), "-lm"], check=True)
    return program
