"""What tests keep is kept apart from what users keep: a place of its own for all but machine code."""

from pathlib import Path

import pytest

from simulator.kernels import shelves


def keep_in(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process keep what it has played in a directory, as long as a test lasts."""
    monkeypatch.setattr(shelves, "places", lambda: [place])
    monkeypatch.setattr(shelves, "writable", lambda: (place, ""))
