"""The load at which a system breaks: how it is sought, and what is told of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator import SpecError, UsageError, breaks
from simulator.cli import main
from simulator.explore.cells import Cell, Record
from simulator.explore.sweeping import breaking, searching
from simulator.language.files import Loaded
from simulator.report.sweep.breaking import breaking_lines
from simulator.result.breaking import Breaking
from simulator.result.whole import Bounds, Judgement
from tests import small
from tests.small import HERE

PEOPLE = {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"view": 1}}
COMERS = {
    "near": HERE,
    "arrivals": "30/min",
    "session_length": "20 s",
    "think_time": "5 s",
    "actions": {"view": 1},
}
EXPECT = [{"success": {"at_least": "90 %"}}]
SYSTEM = small.topology(
    services={
        "api": {
            "regions": [HERE],
            "compute": {"nodes": {"per_zone": 1, "workers": 1}},
            "operations": {"view": [{"compute": "1 s"}]},
        }
    }
)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    users = {"people": PEOPLE, "come and go": COMERS}
    return small.read(SYSTEM, small.experiment(users=users, expect=EXPECT, duration="2 min"))


def pretend(monkeypatch: pytest.MonkeyPatch, breaks_from: float) -> list[tuple[int, float]]:
    """Runs that miss their expectation from a number of sessions on, and no simulator; the loads played."""
    loads: list[tuple[int, float]] = []

    def play(cells: list[Cell], **_: object) -> list[Record]:
        users = cells[0].loaded.experiment.users
        sessions, arrivals = users["people"].sessions or 0, users["come and go"].arrivals or 0.0
        loads.append((sessions, arrivals))
        verdict = "missed" if sessions >= breaks_from else "met"
        one = Judgement("success at least 90 %", verdict, 0.5, "too little", "success", {}, Bounds(0.9, None),
                        "share", "e.yaml", 1, "50 %")  # fmt: skip
        return [Record("", cell.seed, verdict, (one,)) for cell in cells]

    monkeypatch.setattr(searching, "play_cells", play)
    monkeypatch.setattr(breaking, "run", lambda *_, **__: None)
    return loads


def values(found: Breaking) -> list[str]:
    return [one.value for one in found.boundary.tried]


def test_the_load_is_doubled_until_it_breaks_and_then_halved(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = pretend(monkeypatch, breaks_from=50)
    found = breaks(loaded)
    assert {"×1", "×2", "×4", "×8"} <= {*values(found)}
    assert "×16" not in values(found)
    last, first = (float(str(one).strip("×")) for one in (found.boundary.holds_at, found.boundary.fails_at))
    assert round(10 * last) < 50 <= round(10 * first)
    assert first - last <= 0.011 * first
    assert {round(arrivals / 0.5, 6) for _, arrivals in loads} == {
        float(one.strip("×")) for one in values(found)
    }
    assert [(one.expectation, one.runs == one.of, one.reason) for one in found.failing] == [
        ("success at least 90 %", True, "too little")
    ]


def test_what_breaks_as_it_is_or_never_is_said(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, breaks_from=5)
    found = breaks(loaded)
    assert (found.boundary.holds_at, found.boundary.fails_at, found.exit_code) == (None, "×1", 1)
    assert "  fails already at load = ×1." in [*breaking_lines(found)]
    pretend(monkeypatch, breaks_from=1e9)
    found = breaks(loaded, most=5.0)
    assert values(found) == ["×1", "×2", "×4", "×5"]
    assert (found.boundary.holds_at, found.boundary.fails_at, found.exit_code) == ("×5", None, 1)
    assert any("holds at both ends, ×1 and ×5" in line for line in breaking_lines(found))


def test_what_cannot_break(loaded: Loaded) -> None:
    with pytest.raises(UsageError, match=r"a share of 1\.5 has to lie between 0 and 1"):
        breaks(loaded, share=1.5)
    with pytest.raises(UsageError, match="expects nothing, so nothing can fail"):
        breaks(small.read(small.topology(), small.experiment()))
    with pytest.raises(UsageError, match="nobody uses the system"):
        breaks(
            small.read(
                small.topology(), small.experiment(users=None, expect=[{"throttled": {"at_most": "1 %"}}])
            )
        )


def test_the_topologys_usual_users_are_made_more(monkeypatch: pytest.MonkeyPatch) -> None:
    users = {"people": PEOPLE, "come and go": COMERS}
    usual = small.read(SYSTEM | {"users": users}, small.experiment(users=None, expect=EXPECT))
    seen: list[int | None] = []

    def play(cells: list[Cell], **_: object) -> list[Record]:
        seen.append(cells[0].loaded.topology.users["people"].sessions)
        return [Record("", cell.seed, "met") for cell in cells]

    monkeypatch.setattr(searching, "play_cells", play)
    breaks(usual, most=2.0, seeds=20)
    assert set(seen) == {10, 20}


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["breaks", *map(str, arguments)])


@pytest.mark.middle
def test_a_node_that_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three nodes of one worker serve three actions a second: ten people ask for two, eighty for more."""
    monkeypatch.setenv("COLUMNS", "80")
    users, objective = {"people": PEOPLE}, {"within": "3 s"}
    busy = small.experiment(users=users, expect=EXPECT, duration="1 min", objective=objective)
    file = small.write(tmp_path, SYSTEM, busy)
    made = call(file, "--load", "--jobs", 1, "--seeds", 20, "-v")
    assert made.exit_code == 0, made.stdout
    lines = made.stdout.splitlines()
    assert lines[1] == "The load is people 10 sessions."
    assert any(line.startswith("  success at least 90 %: missed in ") for line in lines)
    assert any("of requests at nodes waited for a worker" in line for line in lines)
    found = json.loads(call(file, "--load", "--jobs", 1, "--seeds", 20, "--format", "json").stdout)
    assert 1.0 < float(found["boundary"]["holds_at"].strip("×")) < 8.0


def test_what_cannot_be_asked_ends_with_code_2(tmp_path: Path) -> None:
    file = small.write(tmp_path, SYSTEM, small.experiment(expect=EXPECT))
    for arguments, said in (
        ((), "say what is made larger: --load"),
        (("--load", "--in", "100 %"), "between 0 %"),
        (("--load", "--most", 1), "--most"),
    ):
        refused = call(file, *arguments)
        assert refused.exit_code == 2
        assert said in refused.stderr


def test_an_impossible_load_is_refused_with_its_factor(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, breaks_from=1e12)
    with pytest.raises(SpecError, match="--load, ×"):
        breaks(loaded, most=1e9)
