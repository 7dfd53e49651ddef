"""Every notebook runs, and is the same as the script that it is paired with."""

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from tests.examples.places import NOTEBOOKS, ROOT


def ids(path: Path) -> str:
    return path.stem


def read(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = jupytext.read(path)
    return notebook


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ids)
def test_a_notebook_runs_from_its_first_cell_to_its_last(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    notebook = read(path)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}})
    client.execute()  # raises CellExecutionError, which shows the cell and its error
    assert shown_pictures(notebook) >= 4


def shown_pictures(notebook: nbformat.NotebookNode) -> int:
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.get("data", {}) for output in outputs]
    return sum("image/png" in one or "data:image/png" in one.get("text/html", "") for one in shown)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ids)
def test_a_notebook_is_stored_with_what_it_shows(path: Path) -> None:
    script, stored = read(path), read(path.with_suffix(".ipynb"))
    assert [(cell.cell_type, cell.source) for cell in stored.cells] == [
        (cell.cell_type, cell.source) for cell in script.cells
    ]
    assert shown_pictures(stored) >= 4
    assert not [
        output for cell in stored.cells for output in cell.get("outputs", []) if output.output_type == "error"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ids)
def test_what_a_cell_ends_with_is_shown_once(path: Path) -> None:
    cells = [cell for cell in read(path.with_suffix(".ipynb")).cells if cell.cell_type == "code"]
    shown = [[one for one in cell.outputs if one.output_type != "stream"] for cell in cells]
    assert max(map(len, shown)) == 1
    assert not any("\x1b[" in one.get("text", "") for cell in cells for one in cell.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ids)
def test_a_notebook_needs_no_helpers_to_vary_compare_and_show(path: Path) -> None:
    """Each is one call, so a reader sees the system and the question, and no plumbing between them."""
    words = path.read_text()
    assert "\ndef " not in words
    assert not any(f"import {module}" in words for module in ("matplotlib", "csv", "IPython"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=ids)
def test_a_notebook_uses_the_public_api_alone(path: Path) -> None:
    imports = [
        line.split() for line in path.read_text().splitlines() if line.startswith(("import ", "from "))
    ]
    assert ["import", "simulator"] in imports
    assert not [words for words in imports if words[1].startswith("simulator.")]
