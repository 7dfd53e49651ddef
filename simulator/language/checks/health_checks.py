"""Health checks: what contradicts itself, and what Route 53 does not take."""

from collections.abc import Sequence

from simulator.boundary.statistics import percentile_share
from simulator.language.checks.pages import check_endpoint_check
from simulator.language.checks.values import check_repeats
from simulator.language.models.alarms import AnyAlarm, MetricAlarm, read_datapoints
from simulator.language.models.checked import Made, checks_made
from simulator.language.models.health_checks import (
    AlarmCheck,
    AnyHealthCheck,
    CalculatedCheck,
    EndpointCheck,
    child_of,
)
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names


def check_health_checks(topology: Topology, names: Names, document: Document) -> None:
    """Report what is wrong with each health check."""
    made = checks_made(topology)
    for name, check in topology.health_checks.items():
        path: Path = ("health_checks", name)
        if isinstance(check, AlarmCheck):
            _check_alarms(check, topology, names, document, path)
        elif isinstance(check, CalculatedCheck):
            _check_children(name, check, made, topology, names, document)
        elif isinstance(check, EndpointCheck):
            check_endpoint_check(name, check, topology, document)


# alarms


def _check_alarms(
    check: AlarmCheck, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    if not check.alarm:
        document.problem("'alarm' is empty; it needs at least one entry", (*path, "alarm"), at_key=True)
    for region, name in check.alarm.items():
        here = (*path, "alarm", region)
        if names.regions is not None:
            known(document, here, region, names.regions, "region", at_key=True)
        if known(document, here, name, names.alarms, "alarm") and name in topology.alarms:
            complaint = _not_followed(topology.alarms[name])
            if complaint is not None:
                document.problem(f"a health check cannot follow alarm '{name}': {complaint}", here)


def _not_followed(alarm: AnyAlarm) -> str | None:
    """Why no health check can follow an alarm, and what to do; None if it can.

    Amazon Route 53 developer guide, *Values that you specify when you create or update health checks*.
    """
    if not isinstance(alarm, MetricAlarm):
        return "it watches one metric against a threshold; name an alarm with 'metric' and 'threshold'"
    if alarm.statistic is not None and percentile_share(alarm.statistic) is not None:
        statistics = "average, minimum, maximum, sum or sample_count"
        return f"statistic {alarm.statistic} is a percentile; choose {statistics}"
    try:
        points, periods = read_datapoints(alarm.datapoints)
    except ValueError:
        return None
    if points < periods:
        return f"all of its data points must breach; write 'datapoints: {periods} of {periods}'"
    return None


# children


def _check_children(
    name: str,
    check: CalculatedCheck,
    made: Sequence[Made],
    topology: Topology,
    names: Names,
    document: Document,
) -> None:
    path: Path = ("health_checks", name, "children")
    check_repeats(check.children, document, path)
    for number, written in enumerate(check.children):
        child, region = child_of(written)
        here = (*path, number)
        if not known(document, here, child, names.health_checks, "health check"):
            continue
        if isinstance(topology.health_checks.get(child), CalculatedCheck):
            complaint = f"'{child}' is a calculated check; a child is none: name the checks that it counts"
            document.problem(complaint, here)
        elif region is None or known(document, here, region, names.regions, "region"):
            _check_child(name, child, region, made, topology, document, here)


def _check_child(
    name: str,
    child: str,
    region: str | None,
    made: Sequence[Made],
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """Report a child that is not there: it has no alarm, or the service is not in its region."""
    check: AnyHealthCheck | None = topology.health_checks.get(child)
    for one in (one for one in made if one.check == name):
        where = region or one.region
        if isinstance(check, AlarmCheck) and where not in check.alarm and _is_sound(check, topology):
            has = ", ".join(f"{child}@{there}" for there in check.alarm)
            document.problem(f"'{child}' has no alarm in {where}; name one of {has}", path)
            return
        service = topology.services.get(one.service)
        if isinstance(check, EndpointCheck) and service is not None and where not in service.regions:
            there = ", ".join(service.regions)
            document.problem(f"'{child}' asks {one.service}, which is not in {where}; it is in {there}", path)
            return


def _is_sound(check: AlarmCheck, topology: Topology) -> bool:
    return bool(check.alarm) and {*check.alarm} <= {*topology.regions}
