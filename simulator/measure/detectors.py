"""What detectors of unusual usage found (docs/monitoring.md, "Unusual clients")."""

from collections import Counter

from simulator.boundary.events import CLIENTS_FLAGGED
from simulator.outcome import DetectorSeen, Outcome
from simulator.plan.faults.surges import SurgeFaultPlan
from simulator.result.detectors import Detector

_S_NS = 10**9


def section(outcome: Outcome) -> tuple[Detector, ...] | None:
    """The `detectors` section, in file order; None without any."""
    return tuple(_detector(seen, outcome) for seen in outcome.detectors) or None


def _detector(seen: DetectorSeen, outcome: Outcome) -> Detector:
    raised = [one for one in outcome.events_of(CLIENTS_FLAGGED) if one.target == seen.plan.name]
    flagged = Counter[str]()
    for event in raised:
        flagged.update(event.detail["populations"])
    attacks = _attacks(outcome)
    bots = {outcome.plan.populations[one.population] for one in attacks}
    first_ns = next((one.at_ns for one in raised if bots & {*one.detail["populations"]}), None)
    begun_ns = min((one.start_ns for one in attacks), default=None)
    detected_ns = None if first_ns is None or begun_ns is None else first_ns - begun_ns
    return Detector(
        detector=seen.plan.name,
        region=outcome.plan.regions[seen.plan.home],
        looked_at=seen.looked_at,
        flagged=dict(flagged),
        first_s=None if first_ns is None else first_ns / _S_NS,
        time_to_detect_s=None if detected_ns is None else detected_ns / _S_NS,
        false_flags=sum(count for name, count in flagged.items() if name not in bots),
        missed=bool(bots) and first_ns is None,
        flagged_at_end=seen.flagged,
        system_periods=seen.system_periods,
        highest=seen.highest,
    )


def _attacks(outcome: Outcome) -> list[SurgeFaultPlan]:
    """The faults that are bots."""
    faults, is_bots = outcome.plan.control.faults, outcome.plan.data.pop_bots
    return [one for one in faults if isinstance(one, SurgeFaultPlan) and is_bots[one.population]]
