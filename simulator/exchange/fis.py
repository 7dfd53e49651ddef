"""An experiment's faults as experiment templates of AWS Fault Injection Service, one a region.

A template acts in its own region alone. Source: AWS FIS user guide, *Experiment template components*,
*Actions reference* and *Quotas and limitations*.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from simulator.exchange.fis_actions import TAG, Action, Unlike, actions_of
from simulator.language.files import Loaded
from simulator.language.models.drawn import drawn_of, earliest
from simulator.lowering.context import Context
from simulator.lowering.faults import lower_faults
from simulator.lowering.places import locations
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass
from simulator.result.fis import ROLE, Exported, Told
from simulator.times import NEVER_NS
from simulator.units import format_duration

_SHORTEST_NS, _LONGEST_NS = 60 * 10**9, 12 * 3600 * 10**9
"""Of a wait and of any other action; the longest is that of the whole experiment, too."""
_DESCRIPTION_MOST = 512


@dataclass(frozen=True)
class _Times:
    """When the actions of a fault begin, how long they last, and how that differs from the fault."""

    wait_ns: int
    length_ns: int
    notes: tuple[str, ...]


def templates_of(loaded: Loaded, *, role: str = ROLE, stop_alarm: str | None = None) -> Exported:
    """The templates of an experiment; `stop_alarm`: the ARN of an alarm that ends it."""
    templates: dict[str, dict[str, Any]] = {}
    told = []
    written, loaded = loaded.experiment.faults, replace(loaded, experiment=earliest(loaded.experiment))
    plans = lower_faults(
        Context(loaded.experiment, loaded.topology, locations(loaded.experiment, loaded.topology), seed=1)
    )
    for number, (fault, plan) in enumerate(zip(loaded.experiment.faults, plans, strict=True), 1):
        said = f"{number}. {plan.label}, at {format_duration(plan.start_ns)}"
        try:
            times = _times(
                plan, loaded.experiment.duration, is_drawn=drawn_of(written[number - 1]) is not None
            )
            actions = actions_of(fault, loaded.topology)
        except Unlike as why:
            told.append(Told(said, (), (str(why),)))
            continue
        for place, action in enumerate(actions, 1):
            template = templates.setdefault(action.region, _empty(loaded, action.region, role, stop_alarm))
            _add(template, f"fault-{number}-{place}", action, times)
        notes = dict.fromkeys(note for one in actions for note in one.differs)
        told.append(
            Told(said, tuple(f"{one.action} in {one.region}" for one in actions), (*times.notes, *notes))
        )
    return Exported(templates, tuple(told))


def _times(plan: FaultPlan, duration_ns: int, *, is_drawn: bool) -> _Times:
    """Raises Unlike if no experiment of AWS FIS lasts until the fault begins."""
    if plan.start_ns > _LONGEST_NS - _SHORTEST_NS:
        raise Unlike("an experiment of AWS FIS lasts 12 h at most, and this begins later")
    length_ns = (duration_ns if plan.end_ns == NEVER_NS else plan.end_ns) - plan.start_ns
    wait_ns = max(plan.start_ns, _SHORTEST_NS) if plan.start_ns else 0
    lasts_ns = min(max(length_ns, _SHORTEST_NS), _LONGEST_NS - wait_ns)
    return _Times(wait_ns, lasts_ns, (*_notes(plan, length_ns, wait_ns, is_drawn=is_drawn),))


def _notes(plan: FaultPlan, length_ns: int, wait_ns: int, *, is_drawn: bool) -> Iterator[str]:
    if is_drawn:
        yield "its time is drawn by the seed; here it begins as early as it may"
    if wait_ns != plan.start_ns:
        yield "a wait of AWS FIS lasts a minute at least, so the actions begin then"
    if plan.period_ns:
        yield "it comes and goes; the actions last from its begin to its end"
    if length_ns < _SHORTEST_NS:
        yield "an action of AWS FIS lasts a minute at least"
    if wait_ns + length_ns > _LONGEST_NS:
        yield "an experiment of AWS FIS lasts 12 h at most, and the actions end with it"


def _empty(loaded: Loaded, region: str, role: str, stop_alarm: str | None) -> dict[str, Any]:
    stop = (
        {"source": "none"} if stop_alarm is None else {"source": "aws:cloudwatch:alarm", "value": stop_alarm}
    )
    title = f"{loaded.experiment.experiment} ({region})"
    return {
        "description": title[:_DESCRIPTION_MOST],
        "roleArn": role,
        "stopConditions": [stop],
        "targets": {},
        "actions": {},
        "experimentOptions": {"accountTargeting": "single-account", "emptyTargetResolutionMode": "fail"},
        "tags": {"Name": title[:256]},
    }


def _add(template: dict[str, Any], name: str, action: Action, times: _Times) -> None:
    """An action, its target, and the wait until it begins."""
    lasts = "startInstancesAfterDuration" if action.action == "aws:ec2:stop-instances" else "duration"
    parameters = {**action.parameters, lasts: _iso(times.length_ns)}
    written: dict[str, Any] = {"actionId": action.action, "parameters": parameters}
    if action.resource:
        template["targets"][name] = _target(action)
        written["targets"] = {action.target_key: name}
    if times.wait_ns:
        length = _iso(times.wait_ns)
        wait = f"wait-{length}"
        template["actions"][wait] = {"actionId": "aws:fis:wait", "parameters": {"duration": length}}
        written["startAfter"] = [wait]
    template["actions"][name] = written


def _target(action: Action) -> dict[str, Any]:
    target: dict[str, Any] = {
        "resourceType": action.resource,
        "resourceTags": {TAG: action.tagged},
        "selectionMode": action.selection,
    }
    if action.zone:
        target["filters"] = [{"path": "AvailabilityZone", "values": [action.zone]}]
    return target


def _iso(length_ns: int) -> str:
    """A length as ISO 8601, in whole seconds, or minutes where that is exact."""
    seconds = round(length_ns / 10**9)
    return f"PT{seconds // 60}M" if seconds % 60 == 0 else f"PT{seconds}S"
