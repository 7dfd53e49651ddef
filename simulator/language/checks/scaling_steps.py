"""Step policies checked: that each follows an alarm with a threshold in its region, by steps that rise."""

from simulator.language.checks.subjects import home_of
from simulator.language.models.alarms import MathsAlarm, MetricAlarm, metrics_of
from simulator.language.models.autoscaling import ScaledService, StepPolicy
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_steps(scaling: ScaledService, topology: Topology, document: Document, path: Path) -> None:
    """Report every step policy that could not act, or of which it is not clear what it does."""
    for number, policy in enumerate(scaling.steps):
        here: Path = (*path, "steps", number)
        _check_alarm(policy.on.alarm, scaling.in_, topology, document, (*here, "on", "alarm"))
        _check_bounds(policy, document, here)


def _check_alarm(name: str, region: str, topology: Topology, document: Document, path: Path) -> None:
    alarm = topology.alarms.get(name)
    if alarm is None:
        return
    if not isinstance(alarm, MetricAlarm | MathsAlarm):
        complaint = (
            f"alarm '{name}' has no threshold beyond which its metric could be; follow an alarm on a metric "
            "or an expression"
        )
        document.problem(complaint, path)
        return
    for one in metrics_of(alarm).values():
        home = home_of(one, topology)
        if home not in (None, region):
            complaint = f"alarm '{name}' is in {home}; a policy follows one in its own region, {region}"
            document.problem(complaint, path)
            return


def _check_bounds(policy: StepPolicy, document: Document, path: Path) -> None:
    before = -1.0
    for number, bound in enumerate(policy.bounds):
        here: Path = (*path, "bounds", number)
        if number == 0 and bound.from_ != 0:
            document.problem("the first begins at the threshold: write 'from: 0', or leave it out", here)
        elif bound.from_ <= before:
            complaint = f"each begins further beyond the threshold than the one before, at {before:g}"
            document.problem(complaint, (*here, "from"))
        before = bound.from_
        if policy.change == "exact" and bound.by < 0:
            document.problem("there are never fewer than 0 nodes", (*here, "by"))
        elif policy.change == "percent" and bound.by < -100:
            document.problem("no more than all, -100 percent, can be taken away", (*here, "by"))
        elif policy.change != "exact" and bound.by == 0:
            document.problem("it changes nothing; write how many are added or taken away", (*here, "by"))
    signs = {bound.by > 0 for bound in policy.bounds}
    if policy.change != "exact" and len(signs) > 1:
        document.problem("a policy either adds or takes away; write two", (*path, "bounds"), at_key=True)
