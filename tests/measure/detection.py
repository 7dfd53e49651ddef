"""How soon bands find each shipped incident, and how often they and detectors cry wolf (docs/monitoring.md).

    python -m tests.measure.detection

It takes some minutes, and is run when bands, detectors or incidents have changed. Every topology gets a band
over each metric that people watch, whatever its file says, and a detector over all its services.
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
QUIET_HOURS = 24
QUIET_NS = QUIET_HOURS * 3600 * 10**9


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


def quiet(path: Path) -> tuple[dict[str, float], int, float]:
    """False alarms a day by rule, how many bands, and false flags a day of a detector."""
    loaded = watched(simulator.load(path))
    where = next(iter(loaded.topology.regions))
    detector = Detector.model_validate({"of": [*loaded.topology.services], "in": where})
    topology = loaded.topology.model_copy(update={"detectors": {"all": detector}, "plans": {}})
    calm = {"faults": [], "operator": [], "restores": [], "expect": [], "duration": QUIET_NS}
    run = loaded.experiment.model_copy(update=calm)
    result = simulator.run(replace(loaded, experiment=run, topology=topology, expect_lines=()), seed=2)
    days = QUIET_HOURS / 24
    false = {rule: sum(one.alarms for one in of_rule(result, rule)) / days for rule in RULES}
    flags = sum(one.false_flags for one in result.detectors or ())
    return false, len(of_rule(result, next(iter(RULES)))), flags / days


def _time(after_s: float | None) -> str:
    return "–" if after_s is None else f"{int(after_s // 60)} min {int(after_s % 60)} s"


def table(found: list[Found], quiet_days: dict[str, tuple[dict[str, float], int, float]]) -> Iterator[str]:
    """The lines of the page."""
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
        yield (
            f"With {rule}: in {len(times)} of {len(there)} incidents a band spoke, in the median after "
            f"{_time(median(times))}; {sum(one.false[rule] for one in found)} false alarms in all of them."
        )
    yield ""
    yield f"Without faults, over {QUIET_HOURS} h with seed 2:"
    yield ""
    rules = " | ".join(f"false alarms a day, {rule}" for rule in RULES)
    yield f"| System of | Bands | {rules} | false flags a day |"
    yield f"|---|---|{'---|' * len(RULES)}---|"
    for name, (false, bands, flags) in quiet_days.items():
        yield f"| {name} | {bands} | {' | '.join(f'{false[rule]:.2g}' for rule in RULES)} | {flags:.2g} |"


def main() -> None:
    """Play everything, and write the table where it stands."""
    paths = sorted((ROOT / "experiments").glob("*.yaml"))
    found = []
    for path in paths:
        found.append(incident(path))
        print(found[-1], file=sys.stderr, flush=True)
    days = {}
    for name in ("milan-goes-dark", "dublin-dark-active-active", "bots-flood-a-shop"):
        days[name] = quiet(ROOT / "experiments" / f"{name}.yaml")
        print(name, days[name], file=sys.stderr, flush=True)
    write(found, days)


def write(found: list[Found], days: dict[str, tuple[dict[str, float], int, float]]) -> None:
    """Put the table between its marks."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition("<!-- detection -->")
    _, _, after = rest.partition("<!-- /detection -->")
    lines = "\n".join(table(found, days))
    PAGE.write_text(f"{before}<!-- detection -->\n\n{lines}\n\n<!-- /detection -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
