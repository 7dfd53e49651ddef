"""An experiment's faults as experiment templates of AWS Fault Injection Service, one a region.

A template acts in its own region alone. Source: AWS FIS user guide, *Experiment template components*.
"""

from dataclasses import replace
from typing import Any

from simulator.exchange.fis_actions import TAG, Action, Unlike, actions_of
from simulator.language.files import Loaded
from simulator.language.models.drawn import drawn_of, earliest
from simulator.language.models.faults import AnyFault
from simulator.result.fis import ROLE, Exported, Told
from simulator.units import format_duration

_MINUTE_NS, _SHORTEST_NS, _LONGEST_NS = 60 * 10**9, 60 * 10**9, 12 * 3600 * 10**9
_DESCRIPTION_MOST = 512


def templates_of(loaded: Loaded, *, role: str = ROLE, stop_alarm: str | None = None) -> Exported:
    """The templates of an experiment; `stop_alarm`: the ARN of an alarm that ends it."""
    templates: dict[str, dict[str, Any]] = {}
    told = []
    written, loaded = loaded.experiment.faults, replace(loaded, experiment=earliest(loaded.experiment))
    for number, fault in enumerate(loaded.experiment.faults, 1):
        said = _said(number, fault)
        try:
            actions = actions_of(fault, loaded.topology)
        except Unlike as why:
            told.append(Told(said, (), (str(why),)))
            continue
        is_drawn = drawn_of(written[number - 1]) is not None
        notes = [
            *(["its time is drawn by the seed; here it begins as early as it may"] if is_drawn else []),
            *dict.fromkeys(one.differs for one in actions if one.differs),
            *_notes_of_times(fault, loaded),
        ]
        for place, action in enumerate(actions, 1):
            template = templates.setdefault(action.region, _empty(loaded, action.region, role, stop_alarm))
            _add(template, f"fault-{number}-{place}", action, fault, loaded)
        told.append(
            Told(
                said,
                tuple(f"{one.action} in {one.region}" for one in actions),
                (*notes, *_notes_of_times(fault, loaded)),
            )
        )
    return Exported(templates, tuple(told))


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


def _add(template: dict[str, Any], name: str, action: Action, fault: AnyFault, loaded: Loaded) -> None:
    """An action, its target, and the wait until it begins."""
    parameters = dict(action.parameters)
    lasts = _iso(_length_ns(fault, loaded))
    if action.action == "aws:ec2:stop-instances":
        parameters["startInstancesAfterDuration"] = lasts
    else:
        parameters["duration"] = lasts
    written: dict[str, Any] = {"actionId": action.action, "parameters": parameters}
    if action.resource:
        template["targets"][name] = _target(action)
        written["targets"] = {action.target_key: name}
    if fault.at:
        wait = f"wait-{_iso(fault.at)}"
        template["actions"][wait] = {"actionId": "aws:fis:wait", "parameters": {"duration": _iso(fault.at)}}
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


def _end_ns(fault: AnyFault, loaded: Loaded) -> int:
    if fault.for_ is not None:
        return fault.at + fault.for_
    return loaded.experiment.duration if fault.until is None else fault.until


def _length_ns(fault: AnyFault, loaded: Loaded) -> int:
    return min(max(_end_ns(fault, loaded) - fault.at, _SHORTEST_NS), _LONGEST_NS)


def _notes_of_times(fault: AnyFault, loaded: Loaded) -> list[str]:
    length_ns, notes = _end_ns(fault, loaded) - fault.at, []
    if fault.flapping is not None:
        notes.append("it comes and goes; the actions last from its begin to its end")
    if length_ns < _SHORTEST_NS:
        notes.append("an action of AWS FIS lasts a minute at least")
    if length_ns > _LONGEST_NS:
        notes.append("an action of AWS FIS lasts 12 h at most")
    return notes


def _iso(length_ns: int) -> str:
    """A length as ISO 8601, in whole seconds, or minutes where that is exact."""
    seconds = max(round(length_ns / 10**9), 1)
    return f"PT{seconds // 60}M" if seconds % 60 == 0 else f"PT{seconds}S"


def _said(number: int, fault: AnyFault) -> str:
    what = getattr(fault, fault.target)
    keys = () if isinstance(what, str) else ((key, value) for key, value in what if value is not None)
    place = what if isinstance(what, str) else ", ".join(f"{key} {value}" for key, value in keys)
    words = [fault.target, place, getattr(fault, "mode", ""), "at", format_duration(fault.at)]
    return f"{number}. {' '.join(word for word in words if word)}"
