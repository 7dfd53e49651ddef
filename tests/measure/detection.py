"""How soon bands find each shipped incident, and how often they and detectors cry wolf (docs/monitoring.md).

    python -m tests.measure.detection [incidents] [quiet]

Both by default; each writes its table where it stands. It takes minutes, and is run when bands, detectors
or incidents have changed. Every topology gets a band over each metric that people watch, whatever its file
says, and a detector over all its services.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import simulator
from simulator.boundary.metrics import BY_NAME
from simulator.language.checks.subjects import subjects_of
from simulator.language.models.alarms import BandAlarm
from simulator.language.models.detectors import Detector
from simulator.language.models.experiment import with_usual_users
from simulator.language.models.users import Population
from simulator.result.alarms import Alarm

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "monitoring.md"
WATCHED = (
    "api_gateway.count", "api_gateway.5xx_error", "api_gateway.latency", "load_balancer.request_count",
    "load_balancer.target_response_time", "lambda.invocations", "lambda.errors", "lambda.duration",
    "nodes.cpu_utilization", "dynamodb.successful_request_latency", "dynamodb.consumed_write_capacity_units",
)  # fmt: skip
STATISTICS = {"api_gateway.5xx_error": "average", "lambda.errors": "average"}
RULES = {"k = 3, 2 of 2": (3.0, "2 of 2"), "k = 2, 3 of 3": (2.0, "3 of 3")}
QUIET_DAYS = 7
QUIET_NS = QUIET_DAYS * 24 * 3600 * 10**9
FEWER = 4
"""So many times fewer users than the experiment has, in a quiet week: it is simulated whole."""
QUIET = ("milan-goes-dark", "dublin-dark-active-active", "bots-flood-a-shop")
"""Experiments whose systems and users are watched for a week in which nothing happens."""


@dataclass(frozen=True)
class Found:
    """What became of one incident."""

    name: str
    bands: int
    after_s: dict[str, float | None]
    """By rule, when the first of all bands spoke after the first fault began."""
    which: str
    own_s: float | None
    """When the first of the file's own alarms did."""
    false: dict[str, int]


@dataclass(frozen=True)
class Quiet:
    """What was said in vain in a quiet week."""

    bands: int
    false: dict[str, int]
    """False alarms of all bands, by rule."""
    flags: int
    """False flags of a detector over all services."""


def watched(loaded: simulator.Loaded) -> simulator.Loaded:
    """The same with a band over each metric that people watch, for each rule."""
    alarms = dict(loaded.topology.alarms)
    for rule, (k, datapoints) in RULES.items():
        for metric in WATCHED:
            statistic = STATISTICS.get(metric)
            for subject in subjects_of(BY_NAME[metric].of, loaded.topology):
                alarms[f"{rule}: {metric} of {subject.text}"] = BandAlarm(
                    metric=metric,
                    of=subject.text,
                    statistic=statistic,
                    band=k,
                    datapoints=datapoints,
                )
    return replace(loaded, topology=loaded.topology.model_copy(update={"alarms": alarms}))


def of_rule(result: simulator.Result, rule: str) -> list[Alarm]:
    """The alarms of a rule; of those of the file with ''."""
    alarms = () if result.monitoring is None else result.monitoring.alarms
    rules = tuple(f"{one}: " for one in RULES)
    if rule:
        return [one for one in alarms if one.alarm.startswith(f"{rule}: ")]
    return [one for one in alarms if not one.alarm.startswith(rules)]


def first_of(alarms: list[Alarm]) -> tuple[float | None, str]:
    """When the first of some alarms spoke after the first fault, and its name."""
    spoke = [(one.time_to_detect_s, one.alarm) for one in alarms if one.time_to_detect_s is not None]
    return min(spoke, default=(None, ""))


def incident(path: Path) -> Found:
    """Play one with its faults, without what it expects."""
    loaded = watched(simulator.load(path))
    run = loaded.experiment.model_copy(update={"expect": []})
    result = simulator.run(replace(loaded, experiment=run, expect_lines=()))
    first = {rule: first_of(of_rule(result, rule)) for rule in RULES}
    return Found(
        path.stem,
        len(of_rule(result, next(iter(RULES)))),
        {rule: after_s for rule, (after_s, _) in first.items()},
        next((name for after_s, name in first.values() if after_s is not None), ""),
        first_of(of_rule(result, ""))[0],
        {rule: sum(one.false_alarms for one in of_rule(result, rule)) for rule in RULES},
    )


def quiet(path: Path) -> Quiet:
    """A week of its system, from Monday on, with some of its users and without anything that happens in it.

    The alarms of its file have thresholds that are meant for all of them, and are not asked.
    """
    loaded = watched(simulator.load(path))
    where = next(iter(loaded.topology.regions))
    detector = Detector.model_validate({"of": [*loaded.topology.services], "in": where})
    topology = loaded.topology.model_copy(update={"detectors": {"all": detector}, "plans": {}})
    calm = {"faults": [], "operator": [], "restores": [], "expect": [], "duration": QUIET_NS}
    users = {name: _fewer(one) for name, one in with_usual_users(loaded.experiment, topology).users.items()}
    run = loaded.experiment.model_copy(update=calm | {"day": "monday", "time_of_day": 0, "users": users})
    result = simulator.run(replace(loaded, experiment=run, topology=topology, expect_lines=()), seed=2)
    return Quiet(
        bands=len(of_rule(result, next(iter(RULES)))),
        false={rule: sum(one.alarms for one in of_rule(result, rule)) for rule in RULES},
        flags=sum(one.false_flags for one in result.detectors or ()),
    )


def _fewer(population: Population) -> Population:
    """The same with fewer people."""
    if population.arrivals is not None:
        return population.model_copy(update={"arrivals": population.arrivals / FEWER})
    assert population.sessions is not None
    return population.model_copy(update={"sessions": max(population.sessions // FEWER, 1)})


def _time(after_s: float | None) -> str:
    return "–" if after_s is None else f"{int(after_s // 60)} min {int(after_s % 60)} s"


def of_incidents(found: list[Found]) -> Iterator[str]:
    """The lines about incidents."""
    date = datetime.now(tz=UTC).date()
    yield f"Measured on {date} by `python -m tests.measure.detection`, with seed 1: bands over"
    yield f"{', '.join(f'`{one}`' for one in WATCHED)} of everything that has them."
    yield ""
    rules = " | ".join(f"first, {rule}" for rule in RULES)
    yield f"| Incident | Bands | {rules} | which | alarms of its file |"
    yield f"|---|---|{'---|' * len(RULES)}---|---|"
    for one in found:
        which = one.which.partition(": ")[2]
        times = " | ".join(_time(one.after_s[rule]) for rule in RULES)
        which = f"`{which}`" if which else "–"
        yield f"| {one.name} | {one.bands} | {times} | {which} | {_time(one.own_s)} |"
    yield ""
    for rule in RULES:
        there = [one for one in found if one.bands]
        times = [after_s for one in there if (after_s := one.after_s[rule]) is not None]
        false = sum(one.false[rule] for one in found)
        yield (
            f"With {rule}: of {len(there)} incidents with a band one spoke in {len(times)}, and there in the "
            f"median after {_time(median(times))}; {false} false alarms in all of them."
        )


def of_quiet_weeks(weeks: dict[str, Quiet]) -> Iterator[str]:
    """The lines about weeks in which nothing happens."""
    date = datetime.now(tz=UTC).date()
    yield f"Measured on {date} by the same, with seed 2: false alarms of all bands by rule in a week from"
    yield f"Monday 00:00 on, simulated whole with one in {FEWER} of the experiment's users (against what they"
    yield f"expect, bands are then {FEWER**0.5:g} times as wide), and without faults, plans and people."
    yield ""
    yield f"| System of | Bands | {' | '.join(RULES)} | false flags |"
    yield f"|---|---|{'---|' * len(RULES)}---|"
    for name, one in weeks.items():
        false = " | ".join(str(one.false[rule]) for rule in RULES)
        yield f"| {name} | {one.bands} | {false} | {one.flags} |"


def main(asked: list[str]) -> None:
    """Play what is asked for, and write each table where it stands."""
    if not asked or "incidents" in asked:
        found = []
        for path in sorted((ROOT / "experiments").glob("*.yaml")):
            found.append(incident(path))
            print(found[-1], file=sys.stderr, flush=True)
        write("detection", of_incidents(found))
    if not asked or "quiet" in asked:
        weeks = {}
        for name in QUIET:
            weeks[name] = quiet(ROOT / "experiments" / f"{name}.yaml")
            print(name, weeks[name], file=sys.stderr, flush=True)
        write("quiet weeks", of_quiet_weeks(weeks))


def write(mark: str, lines: Iterator[str]) -> None:
    """Put a table between its marks."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    text = "\n".join(lines)
    PAGE.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
