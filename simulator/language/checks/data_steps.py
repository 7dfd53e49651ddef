"""Steps of failover plans about data checked: stores that can refuse writes, fences that can be ended."""

from simulator.language.models.data_steps import FenceStep, UnfenceStep
from simulator.language.models.fenced import may_be_fenced, places_of
from simulator.language.models.plans import placed_steps
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_fence(step: FenceStep | UnfenceStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a fence of what writes nothing there, and the end of one that nobody makes."""
    if step.where not in topology.regions:
        return
    possible = may_be_fenced(step.where, step.by, topology)
    key = "fence" if isinstance(step, FenceStep) else "unfence"
    if not possible:
        by = " that asks IAM about each write" if step.by == "policy" else ""
        document.problem(f"no store{by} has a replica in {step.where}", (*path, key))
    for number, name in enumerate(step.stores or []):
        if possible and name not in possible:
            _tell_why_not(name, step, topology, document, (*path, "stores", number))
    if isinstance(step, UnfenceStep) and not _is_fenced(step, topology):
        complaint = (
            f"no plan fences {step.where} by {step.by}, so there is no such fence to end; write the 'by' of "
            "the step that fences it"
        )
        document.problem(complaint, (*path, "by" if "by" in step.model_fields_set else "unfence"))


def _tell_why_not(
    name: str, step: FenceStep | UnfenceStep, topology: Topology, document: Document, path: Path
) -> None:
    sections = (topology.tables, topology.databases, topology.buckets, topology.caches)
    for store in (section[name] for section in sections if name in section):
        if step.where not in places_of(store):
            has = ", ".join(places_of(store))
            complaint = f"'{name}' has no replica in {step.where}; it has them in {has}"
        elif step.by == "policy" and name in may_be_fenced(step.where, "application", topology):
            complaint = (
                f"'{name}' does not ask IAM about each write, so no policy stops them; write "
                "'by: application'"
            )
        else:
            complaint = f"'{name}' is a cache of one region, which is filled from a table and copies nothing"
        document.problem(complaint, path)


def _is_fenced(step: UnfenceStep, topology: Topology) -> bool:
    """Whether some plan makes such a fence."""
    steps = (one for plan in topology.plans.values() for _, one in placed_steps(plan))
    fences = (one for one in steps if isinstance(one, FenceStep))
    return any((one.fence, one.by) == (step.unfence, step.by) for one in fences)
