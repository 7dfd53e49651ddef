"""Strong tables checked: their members, and what they know nothing of.

Amazon DynamoDB developer guide, "How DynamoDB global tables work", multi-Region strong consistency.
"""

from simulator import catalog
from simulator.language.models.steps import Read, Step, Write
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path

_REPLICAS, _WITH_WITNESS = 3, 2


def check_strong(table: Table, document: Document, path: Path) -> None:
    """Report members that are not three, not different, or where no strong table is offered."""
    if table.consistency != "strong":
        if table.witness is not None:
            complaint = "only a strong table has a witness: write 'consistency: strong', or leave it out"
            document.problem(complaint, (*path, "witness"), at_key=True)
        return
    _check_number(table, document, path)
    _check_offered(table, document, path)
    if table.witness is not None:  # of none of the topology's regions, perhaps
        known(document, (*path, "witness"), table.witness, catalog.region_names(), "region")
    if table.witness in table.replicas:
        complaint = f"{table.witness} has a replica of this table; a witness is a third region"
        document.problem(complaint, (*path, "witness"))


def _check_number(table: Table, document: Document, path: Path) -> None:
    count = len(table.replicas)
    if count != (_REPLICAS if table.witness is None else _WITH_WITNESS):
        has = f"{count} replica{'' if count == 1 else 's'}{'' if table.witness is None else ' and a witness'}"
        complaint = f"a strong table has three replicas, or two and a 'witness:'; this one has {has}"
        document.problem(complaint, (*path, "replicas"))


def _check_offered(table: Table, document: Document, path: Path) -> None:
    places = [((*path, "replicas", number), region) for number, region in enumerate(table.replicas)]
    if table.witness is not None:
        places.append(((*path, "witness"), table.witness))
    offering = catalog.strong_table_regions()
    for place, region in places:
        if region in catalog.region_names() and region not in offering:
            listed = ", ".join(offering)
            complaint = f"{region} does not offer strong tables, nor their witnesses; these do: {listed}"
            document.problem(complaint, place)


def check_strong_step(step: Step, topology: Topology, document: Document, path: Path) -> None:
    """Report what a strong table cannot do for a step, and a strong read of what knows none."""
    if isinstance(step, Write) and step.idempotent:
        table = topology.tables.get(step.write)
        if table is not None and table.consistency == "strong":
            complaint = (
                "an idempotent write stores its token with the item in one transaction, and strong tables "
                "know no transactions; leave it out, or let the table be eventual"
            )
            document.problem(complaint, (*path, "idempotent"), at_key=True)
    if isinstance(step, Read) and step.consistency == "strong" and step.read in topology.databases:
        complaint = (
            "a database is read where its region reads, at a reader that may be behind; only tables have "
            "reads of strong consistency: leave it out"
        )
        document.problem(complaint, (*path, "consistency"), at_key=True)
