"""Where the texts of files come from: the disk, what was read before, or a revision."""

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Protocol

from simulator.errors import Problem
from simulator.records import dataclass


class Source(Protocol):
    """Gives texts by path."""

    def name(self, path: Path) -> str:
        """A file's name in messages."""

    def text(self, path: Path) -> str | Problem:
        """The text of a file, or why there is none."""

    def has(self, path: Path) -> bool:
        """Whether there is such a file."""

    def beside(self, path: Path) -> list[Path]:
        """The YAML files of a file's directory, by name."""


class Disk:
    """Files as they are now."""

    def name(self, path: Path) -> str:
        """A file's name in messages."""
        return str(path)

    def text(self, path: Path) -> str | Problem:
        """The text of a file, or why there is none."""
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return Problem(str(path), 1, 1, "this is not a text file in UTF-8")
        except FileNotFoundError:
            return Problem(str(path), 1, 1, "there is no such file")
        except OSError as error:
            return Problem(str(path), 1, 1, f"cannot be read: {(error.strerror or str(error)).lower()}")

    def has(self, path: Path) -> bool:
        """Whether there is such a file; no system has one whose name it cannot even take."""
        try:
            return path.is_file()
        except OSError:
            return False

    def beside(self, path: Path) -> list[Path]:
        """The YAML files of a file's directory, by name."""
        return sorted(path.parent.glob("*.y*ml"))


DISK = Disk()


@dataclass(frozen=True)
class Kept:
    """Texts that were read before, as they were then; what was not read comes from where they came from."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """By path."""
    beyond: Source = DISK

    def name(self, path: Path) -> str:
        """A file's name in messages."""
        return self.beyond.name(path)

    def text(self, path: Path) -> str | Problem:
        """The text that was read, or the source's."""
        found = self.texts.get(str(path))
        return self.beyond.text(path) if found is None else found

    def has(self, path: Path) -> bool:
        """Whether it was read, or the source has it."""
        return str(path) in self.texts or self.beyond.has(path)

    def beside(self, path: Path) -> list[Path]:
        """The YAML files of a file's directory at the source."""
        return self.beyond.beside(path)
