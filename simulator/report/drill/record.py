"""A drill as plain data: what `drill.json` holds, and what the report for people is made of."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from simulator.report.drill.said import clock, dominated, findings, three_sentences
from simulator.report.readiness import load_words, marked
from simulator.result.drill import UNTESTED, Cell, Compared, Drill, Judged, Measured, Scenario, worst
from simulator.result.plain import plain
from simulator.result.readiness import Standby

FORMAT = 1
COLUMNS = ("Software", "Infrastructure", "AZ", "Region")
"""AWS Resilience Hub's kinds of disruption."""

CONTROLS: Mapping[str, str] = {
    "ISO/IEC 27001:2022 A.5.29": "information security during disruption: verdicts, data, findings",
    "ISO/IEC 27001:2022 A.5.30": "ICT readiness for business continuity: objectives, verdicts by scenario",
    "ISO/IEC 27001:2022 A.8.13": "information backup: scenarios in which data is corrupted or deleted",
    "ISO/IEC 27001:2022 A.8.14": "redundancy of facilities: scenarios of zones and regions, standby",
    "ISO/IEC 27001:2022 A.8.16": "monitoring: the instant of detection in each timeline",
    "ISO 22301:2019 8.5": "exercise programme: scope, scenarios, findings, next date",
    "Regulation (EU) 2022/2554 (DORA) Art. 11(6)": "yearly tests of switchover and of restoring from backup",
    "Regulation (EU) 2022/2554 (DORA) Art. 12(6)": "recovery time and point by function",
    "Regulation (EU) 2022/2554 (DORA) Art. 12(7)": "checks of data after recovery: missing and overwritten",
    "Regulation (EU) 2022/2554 (DORA) Art. 28-30": "third parties involved: to be filled in",
}
"""Which part of the report is evidence for which control."""

LIMITS = (
    "This is a simulation. It exercised no person, console, credential, contract or backup medium, and "
    "replaces no switchover and no restore in the real system.",
    "It is as good as the topology, its usual load and the defaults listed as assumptions; what is not in "
    "the topology (other dependencies, secrets, images, quotas that were never asked for) cannot fail here.",
    "A run begins ten minutes before the disruption, and cannot lose what was written before: of a copy that "
    "is hours old, such as a backup, the recovery point is longer than measured here.",
    "One seed was played: the figures are of one draw of the same users, without an interval of confidence.",
    "A recovery is called never where the run ended with the function still bad, no longer getting better, "
    "and no repair, restore or other change to come.",
    "In the default set are assumed: 40 min until somebody notices that data is damaged, 10 % of it being "
    "wrong; 5 min until somebody starts a plan; 15 min until a region that was away for 2 h is led back to.",
)
"""What the report does not prove."""


def record(drill: Drill, when: date | None, compared: Compared) -> dict[str, Any]:
    """Everything that a report says; the same drill, date and history give the same."""
    last = compared.last
    return {
        "format": FORMAT,
        "scope": _scope(drill, when),
        "verdict": drill.verdict,
        "objectives": [plain(one) for one in drill.functions],
        "kinds_of_disruption": {column: _column(drill, column) for column in COLUMNS},
        "scenarios": [_scenario(drill, one) for one in drill.scenarios],
        "not_tested": [plain(one) for one in drill.not_played],
        "standbys": [_standby(drill, one) for one in drill.readiness.standbys],
        "single": [plain(one) for one in drill.readiness.singles],
        "findings": [plain(one) | {"owner": "", "due": "", "accepted_by": ""} for one in findings(drill)],
        "assumptions": sorted({one for run in drill.played.values() for one in run.assumptions}),
        "last_drill": None if last is None else {"date": last["date"], "verdict": last["verdict"]},
        "changes": [*compared.changes],
        "trend": [_trend(line) for line in compared.lines],
        "controls": dict(CONTROLS),
        "limits": [*LIMITS],
        "next_date": None if when is None else _next(when).isoformat(),
    }


def _next(when: date) -> date:
    """A year later, and on 28 February after a leap day."""
    is_leap_day = (when.month, when.day) == (2, 29)
    return when.replace(year=when.year + 1, day=28 if is_leap_day else when.day)


def _scope(drill: Drill, when: date | None) -> dict[str, Any]:
    return {
        "topology": drill.title,
        "file": drill.file,
        "sha256": drill.sha256,
        "settings": [*drill.settings],
        "simulator": drill.simulator,
        "seed": drill.seed,
        "date": None if when is None else when.isoformat(),
        "kind_of_test": "simulation",
        "run_by": "",
        "observed_by": "",
        "approved_by": "",
        "retained_until": "",
        "regions": dict(drill.regions),
        "usual_load": {name: plain(one) for name, one in drill.usual_load.items()},
    }


def _column(drill: Drill, column: str) -> dict[str, str]:
    """The worst verdict of each function in the scenarios of a kind."""
    keys = {one.key for one in drill.scenarios if one.column == column}
    cells = [cell for cell in drill.cells if cell.scenario in keys]
    found = {
        one.name: worst(cell.verdict for cell in cells if cell.function == one.name)
        for one in drill.functions
    }
    return found if keys else dict.fromkeys(found, UNTESTED)


def _scenario(drill: Drill, one: Scenario) -> dict[str, Any]:
    run = drill.played[one.key]
    return {
        "key": one.key,
        "title": one.title,
        "kind": one.kind,
        "column": one.column,
        "played_s": run.duration_s,
        "summary": three_sentences(drill, one),
        "functions": [_cell(drill, cell) for cell in drill.cells if cell.scenario == one.key],
        "timeline": [
            {"clock": clock(drill, one, moment.at_s), "at_s": moment.at_s, "what": moment.what}
            for moment in run.timeline
        ],
        "decided_by": _who(one, run),
        "plans": [plain(plan) for plan in run.plans],
        "data": {name: plain(store) for name, store in run.stores.items()},
        "restore_time_s": run.restore_time_s,
        "user_minutes_lost": run.user_minutes_lost,
        "sessions": run.sessions,
        "sessions_disturbed": run.sessions_disturbed,
        "wrong_answers": run.wrong_answers,
        "share_of_attempts": dict(run.traffic),
    }


def _who(one: Scenario, run: Measured) -> str:
    """Who decided, by plan or restore."""
    deciders = [f"{plan.owner or 'not said'} (plan {plan.plan})" for plan in run.plans]
    deciders += ["whoever restores"] if one.restores else []
    return ", ".join(deciders) or "nobody: no plan was triggered"


def _cell(drill: Drill, cell: Cell) -> dict[str, Any]:
    found = drill.played[cell.scenario].functions[cell.function]
    return {
        "function": cell.function,
        "verdict": cell.verdict,
        "recovery_time": _judged(cell.time),
        "recovery_point": _judged(cell.point),
        "dominated_by": dominated(cell),
        "actions": found.actions,
        "success": found.success,
        "first_good_s": found.first_good_s,
        "waterfall": plain(found.phases),
    }


def _judged(one: Judged) -> dict[str, Any]:
    return {**plain(one), "margin_s": one.margin_s}


def _standby(drill: Drill, one: Standby) -> dict[str, Any]:
    """What a standby has, lacks and could take, and the largest share of the attempts that it took."""
    runs = drill.played.items()
    shares = {key: run.traffic.get(one.region) or 0.0 for key, run in runs}
    most = max(shares, key=lambda key: shares[key], default=None)
    return {
        **plain(one),
        "says": load_words(one),
        "lines": [[*line] for line in marked(one)],
        "narrowest": one.limits[0].said if one.limits else None,
        "largest_share_of_attempts": None if most is None else shares[most],
        "in_scenario": most,
        "degradations_accepted": "",
        "third_parties": "",
    }


def _trend(line: Mapping[str, Any]) -> dict[str, Any]:
    cells = [*line["cells"].values()]
    times = [one["recovery_time_s"] for one in cells if one["recovery_time_s"] is not None]
    return {
        "date": line["date"],
        "verdict": line["verdict"],
        "cells": len(cells),
        "missed": sum(one["verdict"] == "missed" for one in cells),
        "longest_recovery_s": max(times, default=None),
        "never_recovered": sum(
            one["verdict"] == "missed" and one["recovery_time_s"] is None for one in cells
        ),
    }
