"""Pictures as PNG, written plainly: to look for the best filter of each row takes twice the time."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

DPI = 110
"""Dots of a picture in each inch."""
_LEVEL = 3
"""Of compression: the first is no quicker here, the sixth takes half as long again and saves a sixth."""
_INCH = 0.0254
"""Metres."""


def png(dots: NDArray[np.uint8]) -> bytes:
    """The bytes of a file, of dots [row, column, colour] in red, green and blue.

    PNG (Portable Network Graphics) specification, second edition, §5 and §11: eight bits a colour, no row
    filtered, not interlaced.
    """
    height, width, _ = dots.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter, 0 for none
    rows[:, 1:] = dots.reshape(height, -1)
    dots_per_metre = round(DPI / _INCH)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", dots_per_metre, dots_per_metre, 1)),
            _chunk(b"IDAT", zlib.compress(rows.data, _LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))
