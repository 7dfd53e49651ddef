"""The figures and sentences of a drill, as the table and the reports share them."""

from collections.abc import Iterator

from simulator.records import dataclass
from simulator.report.readiness import load_words
from simulator.report.words import duration, held_words, phase_word, plural
from simulator.result.drill import MISSED, NOT_SHOWN, UNTESTED, Cell, Drill, Function, Judged, Scenario

NONE = "–"


def asked(judged: Judged) -> str:
    """An objective."""
    return NONE if judged.objective_s is None else duration(judged.objective_s)


def measured(judged: Judged) -> str:
    """What was measured of it."""
    if judged.endless:
        return "never" if judged.measured_s is not None else "all of it"
    if judged.measured_s is None:
        return NONE
    longer = "> " if judged.verdict == NOT_SHOWN else ""
    return longer + duration(judged.measured_s)


def margin(judged: Judged) -> str:
    """How much is left of it, or by how much it is missed."""
    if judged.margin_s is None:
        return NONE
    return ("" if judged.margin_s >= 0 else "-") + duration(abs(judged.margin_s))


def dominated(cell: Cell) -> str:
    """What took most of the recovery, and what held most people meanwhile; empty if nothing did."""
    phase = cell.dominated_by
    if phase is None:
        return ""
    return f"{phase_word(phase)} ({held_words(phase)})"


@dataclass(frozen=True)
class Finding:
    """What somebody has to look after."""

    number: int
    severity: str
    """high (a critical function misses an objective), medium, low."""
    scenario: str
    finding: str
    retest: str


def findings(drill: Drill) -> list[Finding]:
    """What was missed, not shown and not tested, the severest first."""
    found = [*_of_cells(drill), *_of_missing(drill), *_of_gone(drill), *_of_standbys(drill), *_of_gaps(drill)]
    order = ("high", "medium", "low")
    found.sort(key=lambda one: order.index(one[0]))
    return [Finding(number, *one, retest=_again(drill, one[1])) for number, one in enumerate(found, 1)]


def _again(drill: Drill, scenario: str) -> str:
    """The command that tests it again."""
    kind, _, name = scenario.partition(":")
    return f"simulator drill {drill.file}" + (f" --with {name}.yaml" if kind == "with" else "")


def _of_cells(drill: Drill) -> Iterator[tuple[str, str, str]]:
    by_name = {one.name: one for one in drill.functions}
    for scenario in drill.scenarios:
        cells = [one for one in drill.cells if one.scenario == scenario.key]
        for verdict in (MISSED, NOT_SHOWN, UNTESTED):
            hit = [one for one in cells if one.verdict == verdict]
            if hit:
                severity = _severity(verdict, [by_name[one.function] for one in hit])
                yield severity, scenario.key, f"{scenario.title}: {'; '.join(_sentences(hit))}"


def _sentences(cells: list[Cell]) -> Iterator[str]:
    """What is wrong with some functions, those together of which the same is to be said."""
    by_sentence: dict[str, list[str]] = {}
    for cell in cells:
        by_sentence.setdefault(_sentence(cell), []).append(cell.function)
    yield from (f"{', '.join(names)}: {sentence}" for sentence, names in by_sentence.items())


def _severity(verdict: str, functions: list[Function]) -> str:
    if verdict == MISSED and any(one.critical for one in functions):
        return "high"
    return "medium" if verdict != UNTESTED else "low"


def _sentence(cell: Cell) -> str:
    """What is wrong with a function, in a sentence without its subject and its end."""
    parts = []
    for name, judged in (("recovery time", cell.time), ("recovery point", cell.point)):
        if judged.verdict in (MISSED, NOT_SHOWN, UNTESTED):
            figure = f"{measured(judged)}, {asked(judged)} asked for"
            parts.append(f"{name} {judged.verdict} ({figure}{', ' if judged.reason else ''}{judged.reason})")
    held = dominated(cell) if cell.time.verdict in (MISSED, NOT_SHOWN) else ""
    return ", ".join(parts) + (f"; most of it: {held}" if held else "")


def _of_missing(drill: Drill) -> Iterator[tuple[str, str, str]]:
    """Acknowledged writes that are missing where every recovery point holds: which no objective forbids."""
    held = [
        one
        for one in drill.scenarios
        if not any(cell.point.verdict == MISSED for cell in drill.cells if cell.scenario == one.key)
    ]
    counts = {one.key: sum(store.missing for store in drill.played[one.key].stores.values()) for one in held}
    hit = [one for one in held if counts[one.key]]
    if hit:
        most = max(hit, key=lambda one: counts[one.key])
        where = plural(len(hit), "scenario")
        yield (
            "medium",
            most.key,
            f"Acknowledged writes are missing in {where} in which each recovery point holds: they were lost, "
            f"or overwritten by somebody who had not seen them; most of them, {counts[most.key]:,}, where "
            f"{_within(most)}",
        )


def _of_gone(drill: Drill) -> Iterator[tuple[str, str, str]]:
    """Data that nothing brings back, where no objective says how much of it may be missing."""
    for scenario in drill.scenarios:
        asked_of = [scenario.asked_of(one) for one in drill.functions]
        for store, why in scenario.gone.items():
            judged = any(store in one.stores and one.recovery_point_s is not None for one in asked_of)
            if not judged:
                yield (
                    "medium",
                    scenario.key,
                    f"{scenario.title}: {why}, and no function that uses it has a recovery point objective",
                )


_AS_WRITTEN = ("own", "experiment", "frozen")
"""Kinds of scenarios whose titles begin with a name, or as their writer wrote them."""


def _within(scenario: Scenario) -> str:
    """A title within a sentence."""
    title = scenario.title
    return title if scenario.kind in _AS_WRITTEN else f"{title[:1].lower()}{title[1:]}"


def _of_standbys(drill: Drill) -> Iterator[tuple[str, str, str]]:
    """What a standby lacks, which no scenario shows but those in which it has to take over."""
    for one in drill.readiness.standbys:
        if one.lacks:
            lacking = "; ".join(item.said for item in one.lacks)
            yield "medium", f"readiness:{one.region}", f"{one.region} {load_words(one)}. It lacks: {lacking}"


def _of_gaps(drill: Drill) -> Iterator[tuple[str, str, str]]:
    for one in drill.not_played:
        if one.status == UNTESTED:
            yield "low", one.key, f"{one.title}: untested ({one.reason})"


def clock(drill: Drill, scenario: Scenario, at_s: float) -> str:
    """An instant of a run as the time of the day: `14:03:20`, with the days that have passed."""
    own_ns = scenario.start_of_day_ns
    seconds = round((drill.start_of_day_ns if own_ns is None else own_ns) / 10**9 + at_s)
    days, rest = divmod(seconds, 86_400)
    later = f" (+{days} d)" if days else ""
    return f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}{later}"


def three_sentences(drill: Drill, scenario: Scenario) -> str:
    """What happened, who noticed, what became of the data."""
    run = drill.played[scenario.key]
    cells = [one for one in drill.cells if one.scenario == scenario.key]
    worst = max(cells, key=lambda one: (one.time.endless, one.time.measured_s or 0.0))
    at, is_over = clock(drill, scenario, run.disrupted_s), run.functions[worst.function].shown
    first = f"At {at} the disruption begins: {_within(scenario)}."
    if not worst.time.measured_s:
        second = "All functions stayed within their service level throughout."
    elif worst.time.endless:
        played = duration(run.duration_s)
        second = f"'{worst.function}' did not recover within the {played} played{_most_of_it(worst)}."
    else:
        until = clock(drill, scenario, run.functions[worst.function].from_s + worst.time.measured_s)
        sure = "was good again" if is_over else "was not shown to be good for long enough, and was last bad"
        took = duration(worst.time.measured_s)
        second = f"'{worst.function}' {sure} at {until}, after {took}{_most_of_it(worst)}."
    missing = sum(one.missing for one in run.stores.values())
    are = "is" if missing == 1 else "are"
    lost = f"{plural(missing, 'acknowledged write')} {are} missing"
    lost = lost if missing else "No acknowledged write is missing"
    people = f"{run.sessions_disturbed:,} of {run.sessions:,} sessions noticed something"
    third = f"{lost}; {people}, {run.user_minutes_lost:,.0f} user-minutes were lost."
    gone = [f"Not to be brought back: {why}." for why in scenario.gone.values()]
    return " ".join([first, second, third, *gone])


def _most_of_it(cell: Cell) -> str:
    held = dominated(cell)
    return f"; most of it: {held}" if held else ""
