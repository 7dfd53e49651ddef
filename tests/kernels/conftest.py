from pathlib import Path

import pytest

from tests.kernels.copies import Copy, copied


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the package with an empty cache."""
    return copied(tmp_path / "copy", tmp_path / "cache")
