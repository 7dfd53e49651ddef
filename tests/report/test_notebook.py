"""A result shows itself in the cell of a notebook; nothing that draws is imported before it does."""

import base64
import re
import subprocess
import sys
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

import simulator
from simulator.language.files import Loaded
from simulator.result import shown
from simulator.result.boundary import Boundary, Tried
from tests.small import HERE, experiment, read, topology

FAULT = {"at": "1 min", "for": "30 s", "service": "api", "mode": "refused"}
RUN = experiment(
    experiment="Orders < 10 are [bold]refused[/bold]",
    duration="3 min",
    faults=[FAULT],
    expect=[{"success": {"at_least": "70 %"}}],
)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read(topology(), RUN)


@pytest.fixture(scope="module")
def result(loaded: Loaded) -> simulator.Result:
    return simulator.run(loaded)


def in_a_cell(found: Any) -> dict[str, str]:
    """What IPython gives the notebook of the last value of a cell."""
    formats, _metadata = DisplayFormatter().format(found)  # type: ignore[no-untyped-call]
    assert isinstance(formats, dict)
    return formats


def images(html: str) -> list[bytes]:
    return [base64.b64decode(data) for data in re.findall(r'<img src="data:image/png;base64,([^"]+)"', html)]


def test_a_run_shows_what_the_terminal_says_and_its_main_picture(result: simulator.Result) -> None:
    cell = in_a_cell(result)
    assert "Recovery" in cell["text/plain"]
    assert "Recovery" in cell["text/html"]
    (image,) = images(cell["text/html"])
    assert image.startswith(PNG)


def test_words_of_a_file_are_shown_as_they_are_written(result: simulator.Result) -> None:
    cell = in_a_cell(result)
    assert "Orders < 10 are [bold]refused[/bold]" in cell["text/plain"]
    assert "Orders &lt; 10 are [bold]refused[/bold]" in cell["text/html"]


def test_comparisons_sweeps_and_many_runs_show_themselves_too(loaded: Loaded) -> None:
    other = loaded.with_("faults.for", "90 s")
    for found, said in (
        (simulator.compare(loaded, other, seeds=1, cache=False, names=["short", "long"]), "B  long"),
        (simulator.sweep(loaded, {"faults.for": ["30 s", "90 s"]}, seeds=1, cache=False), "2 points"),
        (simulator.replications(loaded, [1, 2], cache=False), "2 runs"),
    ):
        cell = in_a_cell(found)
        assert said in cell["text/plain"]
        assert [image[:8] for image in images(cell["text/html"])] == [PNG]


def test_a_boundary_shows_its_sentences() -> None:
    tried = (Tried("30 s", "holds", 9, 0, 0), Tried("2 min", "fails", 0, 9, 0))
    found = Boundary("a.yaml", "success at least 70 %", 0.5, 0.95, "faults.for", tried, "30 s", "2 min")
    cell = in_a_cell(found)
    assert "success at least 70 %, in at least 50 % of all runs:" in cell["text/plain"]
    assert "holds at faults.for = 30 s," in cell["text/html"]
    assert not images(cell["text/html"])


def test_without_anybody_who_draws_a_result_is_shown_as_any_object(
    result: simulator.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "_shows", [])
    assert in_a_cell(result) == {"text/plain": repr(result)}


def test_a_picture_shows_itself(result: simulator.Result) -> None:
    cell: dict[str, Any] = in_a_cell(simulator.picture(result, "recovery"))
    assert cell["image/png"].startswith(PNG)
    assert simulator.picture(result).name == "service"


def test_a_picture_that_a_run_does_not_have_is_refused(result: simulator.Result) -> None:
    with pytest.raises(simulator.UsageError, match="no picture 'sevice'; it has service, recovery"):
        simulator.picture(result, "sevice")
    with pytest.raises(simulator.UsageError, match="nothing for the picture 'damage'; it has service"):
        simulator.picture(result, "damage")


def test_a_table_shows_itself_as_it_stands_on_the_terminal(result: simulator.Result) -> None:
    api = topology()["services"]["api"] | {"gateway": {}}
    limited = simulator.run(read(topology(services={"api": api}), RUN))
    said = in_a_cell(simulator.table(limited, "capacity"))["text/plain"]
    assert HERE in said
    with pytest.raises(simulator.UsageError, match="no table 'alarm'; it is one of alarms, capacity"):
        simulator.table(result, "alarm")
    with pytest.raises(simulator.UsageError, match="nothing for the table 'restores'"):
        simulator.table(result, "restores")


def test_nothing_that_draws_is_imported_before_a_cell_shows_something() -> None:
    program = (
        "import sys, simulator\n"
        "simulator.Result, simulator.load\n"
        "print([one for one in ('matplotlib', 'rich', 'simulator.report.notebook') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
