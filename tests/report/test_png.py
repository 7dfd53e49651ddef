"""PNG as any program reads it."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from simulator.report.png import DPI, png


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 3), (300, 400, 3)])
def test_another_program_reads_the_same_dots(shape: tuple[int, int, int]) -> None:
    dots = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    read = Image.open(BytesIO(png(dots)))
    assert read.mode == "RGB"
    assert np.array_equal(np.asarray(read), dots)


def test_the_file_says_how_large_the_picture_is_meant_to_be() -> None:
    """A whole number of dots a metre: 110 dots an inch are 4,331, within half a dot."""
    read = Image.open(BytesIO(png(np.zeros((2, 2, 3), np.uint8))))
    assert read.info["dpi"] == pytest.approx((DPI, DPI), abs=0.5 * 0.0254)
