"""Baselines: figures kept in a repository, against which later runs of the same files are held.

What is kept of a figure is its value under each seed, and the interval of its median. A figure is worse if it
is so clearly, seed by seed, and its median lies beyond that interval: what is within the scatter of the seeds
is no finding. docs/comparing.md says so in full.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from simulator.boundary.measure_terms import Sense, Unit
from simulator.errors import Problem, SpecError, UsageError
from simulator.explore.cells import Heard, Record, play_each
from simulator.explore.comparing.asked import asked_keys
from simulator.explore.comparing.paired import HEADLINES, by_figure, level_for, rows, span_of, told_in
from simulator.language.files import Loaded, read_experiment
from simulator.measure.findings import State as FigureState
from simulator.pipeline import recipe_of
from simulator.records import dataclass
from simulator.result.baseline import BaselineCheck, Checked, Held, State
from simulator.result.comparison import Row, Span
from simulator.verdict.figures import Figure

FORMAT = "simulator-baseline-1"
_NOT_ONE = "this is no baseline; `simulator baseline save FILE…` writes one"


@dataclass(frozen=True)
class Kept:
    """What a baseline keeps of a file."""

    sha256: Mapping[str, str]
    figures: tuple[tuple[Figure, ...], ...]
    """By seed."""


@dataclass(frozen=True)
class Baseline:
    """A baseline that was read."""

    seeds: tuple[int, ...]
    made_by: Mapping[str, str]
    files: Mapping[str, Kept]
    """By their paths from the baseline's directory."""


def save(
    files: Sequence[str | Path],
    path: str | Path,
    seeds: Sequence[int],
    *,
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
) -> str:
    """The text of a baseline at a path: of these files, and of those that it has already.

    Raises SpecError if a file is invalid or the path leads to something else, UsageError if the baseline that
    is there has other seeds, DefectError if a law is broken.
    """
    loaded = [read_experiment(file) for file in files]
    earlier = _earlier(Path(path), seeds)
    each = play_each(loaded, seeds, jobs=jobs, cache=cache, heard=heard)
    made = {
        name_from(path, file): _said(one, records)
        for file, one, records in zip(files, loaded, each, strict=True)
    }
    whole = {
        "format": FORMAT,
        "seeds": [*seeds],
        "versions": dict(recipe_of(loaded[0], seeds[0]).versions),
        "files": dict(sorted((earlier | made).items())),
    }
    return _on_lines(whole)


def name_from(path: str | Path, file: str | Path) -> str:
    """A file's path from the directory of a baseline."""
    return Path(os.path.relpath(file, Path(path).absolute().parent)).as_posix()


def _earlier(path: Path, seeds: Sequence[int]) -> dict[str, Any]:
    if not path.exists():
        return {}
    earlier = read_baseline(path)
    if earlier.seeds != tuple(seeds):
        raise UsageError(
            f"{path} was made under other seeds ({_range(earlier.seeds)}); name these, or remove it"
        )
    files: dict[str, Any] = _read(path)["files"]
    return files


def _range(seeds: Sequence[int]) -> str:
    return f"--seeds {min(seeds)}..{max(seeds)}"


def _said(loaded: Loaded, records: Sequence[Record]) -> dict[str, Any]:
    found = by_figure(records)
    keys = [key for key in dict.fromkeys([*HEADLINES, *asked_keys(loaded)]) if key in told_in([found])]
    level = level_for(len(keys))
    return {
        "experiment": loaded.experiment.experiment,
        "sha256": dict(loaded.sha256),
        "figures": {key: _said_figure(found[key], level.each) for key in keys},
    }


def _said_figure(figures: Sequence[Figure | None], level: float) -> dict[str, Any]:
    like = next(one for one in figures if one is not None)
    span = span_of(figures, like.unit, level)
    states = ["no_data" if one is None else one.state for one in figures]
    return {
        "median": span.said,
        "interval": span.range_said,
        "unit": like.unit,
        "better": like.better,
        "by_seed": [None if one is None else one.value for one in figures],
        **({"states": states} if {*states} != {"shown"} else {}),
    }


def _on_lines(whole: Mapping[str, Any]) -> str:
    """Indented, lists of numbers and words on a line: people read differences of it."""
    text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda list_: f"[{' '.join(list_[1].split())}]", text) + "\n"


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError(
            Problem(str(path), 1, 1, f"there is no such file; {_NOT_ONE.partition('; ')[2]}")
        ) from None
    except OSError as error:
        raise SpecError(Problem(str(path), 1, 1, f"cannot be read: {error.strerror or error}")) from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise SpecError(Problem(str(path), 1, 1, _NOT_ONE))
    return found


def read_baseline(path: str | Path) -> Baseline:
    """A baseline; SpecError if it is none, or has been spoiled."""
    found = _read(Path(path))
    try:
        files = {name: _kept(name, one, len(found["seeds"])) for name, one in found["files"].items()}
        if not files:
            raise ValueError("it keeps nothing")
        return Baseline(tuple(map(int, found["seeds"])), dict(found["versions"]), files)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        complaint = f"this baseline has been spoiled ({error}); save it anew"
        raise SpecError(Problem(str(path), 1, 1, complaint)) from None


def _kept(name: str, said: Mapping[str, Any], seeds: int) -> Kept:
    figures = [_figures(key, one, seeds) for key, one in said["figures"].items()]
    if not figures:
        raise ValueError(f"{name} has no figures")
    return Kept(dict(said["sha256"]), tuple(zip(*figures, strict=True)))


def _figures(key: str, said: Mapping[str, Any], seeds: int) -> list[Figure]:
    values, states = said["by_seed"], said.get("states", ["shown"] * seeds)
    if len(values) != seeds or len(states) != seeds:
        raise ValueError(f"{key} has not one value a seed")
    for what, allowed in (
        (said["unit"], Unit),
        (said["better"], Sense),
        *((one, FigureState) for one in states),
    ):
        if what not in get_args(allowed):
            raise ValueError(f"{key}: '{what}'")
    measure = key.partition("{")[0].partition(".")[0]
    return [
        Figure(
            key, measure, {}, said["unit"], said["better"], state, None if value is None else float(value), ""
        )
        for value, state in zip(values, states, strict=True)
    ]


def check(
    path: str | Path,
    files: Sequence[str | Path] = (),
    *,
    jobs: int = 1,
    cache: bool = True,
    heard: Heard = lambda _number, _record: None,
) -> BaselineCheck:
    """Hold files against a baseline; without any, all of which it keeps something.

    Raises SpecError if a file or the baseline is invalid, UsageError for a file of which nothing is kept,
    DefectError if a law is broken.
    """
    baseline = read_baseline(path)
    names = [name_from(path, file) for file in files] or [*baseline.files]
    for name in names:
        if name not in baseline.files:
            raise UsageError(f"{path} keeps nothing of {name}; `simulator baseline save` adds it")
    loaded = [read_experiment(Path(path).parent / name) for name in names]
    each = play_each(loaded, baseline.seeds, jobs=jobs, cache=cache, heard=heard)
    checked = (
        _checked(name, one, records, baseline) for name, one, records in zip(names, loaded, each, strict=True)
    )
    return BaselineCheck(
        seeds=baseline.seeds,
        confidence=level_for(1).together,
        made_by=baseline.made_by,
        versions=recipe_of(loaded[0], baseline.seeds[0]).versions,
        files=tuple(checked),
    )


def _checked(name: str, loaded: Loaded, records: Sequence[Record], baseline: Baseline) -> Checked:
    kept = baseline.files[name]
    keys = [figure.key for figure in kept.figures[0]]
    before = [
        Record("", seed, "", figures=figures)
        for seed, figures in zip(baseline.seeds, kept.figures, strict=True)
    ]
    made, _ = rows([before, records], ["kept", "now"], keys)
    by_key = {row.key: row for row in made}
    figures = tuple(_held(by_key[key]) for key in keys if key in by_key)
    return Checked(name, dict(loaded.sha256) != dict(kept.sha256), figures)


def _held(row: Row) -> Held:
    kept, now = row.values
    (difference,) = row.differences
    return Held(row.key, _state(row, kept, now), kept, now, difference)


def _state(row: Row, kept: Span, now: Span) -> State:
    change = row.differences[0].change
    if change == "no_data":
        return "gone"
    if change in ("same", "unclear"):
        return "same" if change == "same" else "unclear"
    if _is_within(now, kept):
        return "within"
    return "better" if change == "better" else "worse" if change == "worse" else "changed"


def _is_within(now: Span, kept: Span) -> bool:
    """Whether a median lies in the interval that was kept."""
    if now.value is None or kept.low is None or kept.high is None:
        return False
    return kept.low <= now.value <= kept.high
