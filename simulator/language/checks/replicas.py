"""Replicas of tables that are not there from the start, and the steps of plans that make them, checked."""

from simulator.language.checks.values import check_repeats
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.plans import AnyStep, placed_steps
from simulator.language.models.scaling import ReplicaStep
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole


def check_absences(topology: Topology, names: Names, document: Document) -> None:
    """Report tables that are absent where they cannot be, or for ever."""
    for name, table in topology.tables.items():
        path: Path = ("tables", name, "absent_in")
        check_repeats(table.absent_in, document, path)
        _check_kept(table, document, ("tables", name))
        if table.absent_in and table.consistency == "strong":
            complaint = "a strong table has all its members from the start; none is added to it later"
            document.problem(complaint, path, at_key=True)
            continue
        if table.absent_in and table.replicas[0] in table.absent_in:
            complaint = (
                f"the first of the 'replicas', {table.replicas[0]}, is there when the run begins; list it "
                "behind one that is"
            )
            document.problem(complaint, path, at_key=True)
        for number, region in enumerate(table.absent_in):
            if region in topology.regions:
                _check_absence(name, region, topology, names, document, (*path, number))


def _check_absence(
    name: str, region: str, topology: Topology, names: Names, document: Document, path: Path
) -> None:
    if region not in topology.tables[name].replicas:
        complaint = (
            f"{region} is none of the 'replicas', which are all regions where one is or is to be made; name "
            "it there, too"
        )
        document.problem(complaint, path)
    elif is_whole(topology.plans, names.plans) and not _is_made(name, region, topology):
        complaint = (
            f"no failover plan makes a replica in {region}; add a step "
            f"'{{replica: {name}, in: {region}}}' or '{{restore: {name}, region: {region}, …}}' to one"
        )
        document.problem(complaint, path)


def _is_made(table: str, region: str, topology: Topology) -> bool:
    """Whether some plan makes a replica of a table in a region, as far as all names can be told."""
    steps = (step for plan in topology.plans.values() for _, step in placed_steps(plan))
    places = [place for place in map(_made_by, steps) if place is not None]
    unknown = any(one not in topology.tables or where not in topology.regions for one, where in places)
    return unknown or (table, region) in places


def _made_by(step: AnyStep) -> tuple[str, str] | None:
    if isinstance(step, ReplicaStep):
        return step.replica, step.in_
    return (step.restore, step.region) if isinstance(step, RestoreStep) else None


def _check_kept(table: Table, document: Document, path: Path) -> None:
    """What is not there when the run begins has no history, and no backups are made of it."""
    history = table.point_in_time_recovery
    regions = [] if history is None else history.regions or []
    kept: list[tuple[Path, str]] = [
        (("point_in_time_recovery", "regions", number), one) for number, one in enumerate(regions)
    ]
    kept += [(("backups", name, "region"), one.region) for name, one in table.backups.items()]
    for place, region in kept:
        if region in table.absent_in:
            there = ", ".join(one for one in table.replicas if one not in table.absent_in)
            complaint = (
                f"there is no replica in {region} when the run begins; name one that is there: {there}"
            )
            document.problem(complaint, (*path, *place))


def check_replica_step(step: ReplicaStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a replica of what has none, or where one is that cannot have left."""
    here, table = (*path, "replica"), topology.tables.get(step.replica)
    if step.replica in topology.databases:
        complaint = (
            f"'{step.replica}' is a database, whose readers are rebuilt by themselves after a promotion, or "
            "by nobody; leave the step out"
        )
        document.problem(complaint, here)
    elif step.replica in topology.buckets or step.replica in topology.caches:
        complaint = f"'{step.replica}' is no table, and no copy of it leaves for good; leave the step out"
        document.problem(complaint, here)
    elif table is not None and table.consistency == "strong":
        complaint = (
            f"'{step.replica}' is a strong table, which has all its members from the start, and none is "
            "added; restore it, or leave the step out"
        )
        document.problem(complaint, here)
    elif table is not None and step.in_ in topology.regions:
        _check_place(step, table, document, (*path, "in"))


def _check_place(step: ReplicaStep, table: Table, document: Document, path: Path) -> None:
    if not known(document, path, step.in_, table.replicas, "region of the table's replicas"):
        return
    if len(table.replicas) == 1:
        complaint = (
            f"'{step.replica}' has one replica, in {step.in_}, which cannot leave it: it is the table; leave "
            "the step out"
        )
        document.problem(complaint, path)
