"""Putting files in their places: each is whole or not there."""

import logging
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def place_files(directory: str | Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """Write files into a directory, made if need be, the last last; their paths. OSError if it cannot be."""
    place = Path(directory)
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        unfinished = place / f".{name}.{os.getpid()}"
        try:
            unfinished.write_bytes(content.encode() if isinstance(content, str) else content)
            unfinished.replace(place / name)
        finally:
            unfinished.unlink(missing_ok=True)
    return [place / name for name in files]


def png_of(figure: "Figure") -> bytes:
    """A picture as the bytes of its file."""
    from simulator.report.pictures.canvas import dots_of  # with matplotlib, which is slow to import
    from simulator.report.png import png

    return png(dots_of(figure))


@contextmanager
def quiet_drawing() -> Iterator[None]:
    """What matplotlib says of fonts and caches is nothing that a reader of the report could mend."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
