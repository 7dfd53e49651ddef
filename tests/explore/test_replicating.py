"""Many seeds of the same files: judged together, as early as they tell, the same whoever plays them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft7Validator

from simulator.errors import UsageError
from simulator.explore import replicating as room
from simulator.explore.cells import Cell, Record, play_cells
from simulator.explore.replicating import gathered, replications
from simulator.language.files import Loaded
from simulator.result.replications import Replications
from simulator.result.schema import schema_text
from simulator.verdict.figures import Figure
from tests.small import HERE, experiment, read, topology

ASKED = {"success": {"at_least": "90 %", "in": "90 %"}}


def small(*expect: dict[str, Any]) -> Loaded:
    fault = {"at": "1 min", "for": "30 s", "region": HERE, "mode": "black_hole"}
    return read(topology(), experiment(duration="3 min", faults=[fault], expect=[*expect]))


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return small(ASKED, {"success": {"at_least": "50 %"}})


@pytest.fixture(scope="module")
def record(loaded: Loaded) -> Record:
    (found,) = play_cells([Cell(loaded, 1)], cache=False)
    return found


def made(record: Record, seed: int, verdict: str, value: float | None) -> Record:
    """A record as that of another seed, in which every expectation has this verdict and figure."""
    state = {"not_shown": "not_shown", "not_exercised": "no_data"}.get(verdict, "shown")

    def figure(one: Figure) -> Figure:
        return replace(one, value=value, state=state)  # type: ignore[arg-type]

    return replace(
        record,
        seed=seed,
        verdict=verdict,
        judgements=tuple(replace(one, verdict=verdict, measured=value) for one in record.judgements),
        asked=tuple(map(figure, record.asked)),
    )


def told(loaded: Loaded, record: Record, verdicts: Sequence[str]) -> Replications:
    """What runs of these verdicts say together; the n-th has seed n and measured n %."""
    values = (None if one == "not_exercised" else n / 100 for n, one in enumerate(verdicts, 1))
    records = [
        made(record, n, verdict, value)
        for n, (verdict, value) in enumerate(zip(verdicts, values, strict=True), 1)
    ]
    return gathered(loaded, range(1, len(records) + 1), records)


def test_an_expectation_without_a_share_must_be_met_by_every_run(loaded: Loaded, record: Record) -> None:
    found = told(loaded, record, ["met"] * 99 + ["missed"])
    of_share, plain = found.expectations
    assert (found.verdict, found.exit_code) == ("missed", 1)
    assert (plain.verdict, plain.reason) == ("missed", "missed in 1 of 100 runs: seed 100")
    assert (of_share.verdict, of_share.reason) == ("met", "")
    assert of_share.missed_seeds == (100,)
    assert vars(plain.outcomes) == {"met": 99, "missed": 1, "not_shown": 0, "not_exercised": 0}
    assert plain.share.value == 0.99
    assert (plain.share.low, plain.share.high) == (pytest.approx(0.945541), pytest.approx(0.999747))


def test_what_was_measured_is_told_by_its_order(loaded: Loaded, record: Record) -> None:
    """Of 1 % to 100 %: the median lies between the 40th and the 61st; more is better, so the tail is low."""
    spread = told(loaded, record, ["met"] * 100).expectations[0].figure
    assert (spread.runs, spread.least, spread.most, spread.worst_seed) == (100, 0.01, 1.0, 1)
    assert spread.median is not None
    assert (spread.median.value, spread.median.low, spread.median.high) == (0.5, 0.4, 0.61)
    assert spread.tail is not None
    assert (spread.tail.value, spread.tail.low, spread.tail.high) == (0.05, 0.01, 0.11)


def test_too_few_runs_are_undecided_and_say_how_many_would_do(loaded: Loaded, record: Record) -> None:
    found = told(loaded, record, ["met"] * 20)
    one = found.expectations[0]
    assert (found.verdict, found.exit_code) == ("inconclusive", 4)
    assert (one.verdict, one.runs_to_decide) == ("undecided", 36)
    assert one.reason == ("met in 20 of 20 runs, which does not decide; about 36 would, if they go on so")
    near = told(loaded, record, ["met"] * 90 + ["missed"] * 10).expectations[0]
    assert (near.verdict, near.runs_to_decide) == ("undecided", None)


def test_runs_of_which_nobody_can_tell_decide_nothing(loaded: Loaded, record: Record) -> None:
    one = told(loaded, record, ["met"] * 100 + ["not_shown"] * 30).expectations[0]
    assert one.verdict == "undecided"
    assert one.reason == "met in 100 of 130 runs, which does not decide; in 30 nobody can tell"
    assert one.figure.open == 30
    none = told(loaded, record, ["not_exercised"] * 50)
    assert [one.verdict for one in none.expectations] == ["not_exercised"] * 2
    assert none.verdict == "inconclusive"
    assert none.expectations[0].figure.median is None


@pytest.mark.middle
def test_the_same_bytes_for_any_number_of_jobs(loaded: Loaded) -> None:
    alone = replications(loaded, [1, 2, 3], cache=False)
    heard = list[tuple[int, int]]()
    shared = replications(loaded, [1, 2, 3], jobs=2, cache=False, heard=lambda *one: heard.append(one))
    assert alone.to_json() == shared.to_json()
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert [one.seed for one in alone.runs] == [1, 2, 3]
    schema = json.loads(schema_text("replications"))
    assert not [*Draft7Validator(schema).iter_errors(json.loads(alone.to_json()))]


@pytest.mark.parametrize(
    ("expect", "played"),
    [((ASKED,), 40), ((ASKED, {"success": {"at_least": "50 %"}}), 200), ((), 200)],
)
def test_it_ends_as_soon_as_all_is_decided_that_can_be(
    expect: tuple[dict[str, Any], ...], played: int, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """36 runs that all meet it decide; the first look after that is at 40."""
    loaded = small(*expect)

    def play(cells: Sequence[Cell], **_: Any) -> list[Record]:
        records = [made(record, one.seed, "met", 0.5) for one in cells]
        return [replace(one, judgements=one.judgements[: len(expect)]) for one in records]

    monkeypatch.setattr(room, "play_cells", play)
    found = replications(loaded, range(1, 201))
    assert (found.asked, found.played) == (200, played)


@pytest.mark.middle
@pytest.mark.parametrize(("true", "wrong"), [(0.9, "missed"), (0.899, "met")])
def test_verdicts_of_many_runs_are_wrong_as_rarely_as_is_said(
    true: float, wrong: str, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand gates of 95 %, each of up to 120 drawn runs, at the very edge: at most fifty are wrong."""
    loaded, lean = small(ASKED), replace(record, figures=())
    drawn = np.random.default_rng(5).random((1000, 121)) < true
    met, missed = (
        [
            replace(made(lean, seed, how, 0.5), judgements=made(lean, seed, how, 0.5).judgements[:1])
            for seed in range(121)
        ]
        for how in ("met", "missed")
    )
    verdicts = []
    for outcomes in drawn:
        found = [(met if outcomes[seed] else missed)[seed] for seed in range(121)]
        monkeypatch.setattr(
            room, "play_cells", lambda cells, found=found, **_: [found[one.seed] for one in cells]
        )
        verdicts.append(replications(loaded, range(1, 121)).expectations[0].verdict)
    assert verdicts.count(wrong) <= 50


@pytest.mark.parametrize("seeds", [[], [1, 1], [-1], [True]])
def test_seeds_that_are_none_are_refused(loaded: Loaded, seeds: list[int]) -> None:
    with pytest.raises(UsageError):
        replications(loaded, seeds)


def test_the_written_schema_is_in_step() -> None:
    """If this fails: `simulator schema --write docs/schema`."""
    written = Path(__file__).parents[2] / "docs" / "schema" / "replications.schema.json"
    assert written.read_text(encoding="utf-8") == schema_text("replications")
