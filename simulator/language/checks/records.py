"""Records and what they are changed to: the keys of a policy, and the regions that it names."""

from simulator import catalog
from simulator.language.checks.values import check_longer_than_0, check_repeats
from simulator.language.models.operator import ChangeOfRecord, FailbackOfRecord
from simulator.language.models.topology import DnsRecord, HoldDown, Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path

_POLICY_KEYS = {"order": "failover", "weights": "weighted", "geography": "geolocation"}


def served_by(record: DnsRecord, topology: Topology) -> list[str] | None:
    """The regions of a record's service; None if the service is unknown or faulty."""
    service = topology.services.get(record.service)
    return None if service is None else service.regions


def check_policy_keys(
    written: DnsRecord | ChangeOfRecord, policy: str, document: Document, path: Path, *, required: bool
) -> None:
    """Keys that belong to another policy, and the one that a policy needs."""
    for key, owner in _POLICY_KEYS.items():
        value = getattr(written, key)
        if value is not None and owner != policy:
            document.problem(
                f"'{key}' belongs to policy {owner}, and this is {policy}", (*path, key), at_key=True
            )
        if value is None and required and owner == policy and key != "order":
            document.problem(f"policy {policy} needs '{key}'", path, at_key=True)
        if value is not None and len(value) == 0:
            document.problem(f"'{key}' is empty; it needs at least one entry", (*path, key), at_key=True)


def check_policy_regions(
    written: DnsRecord | ChangeOfRecord, served: list[str] | None, document: Document, path: Path
) -> None:
    """The regions of a record must be the service's; the places of a geography must exist."""
    check_repeats(written.order or [], document, (*path, "order"))
    for number, region in enumerate(written.order or []):
        known(document, (*path, "order", number), region, served, "region of the service")
    for region in written.weights or {}:
        known(document, (*path, "weights", region), region, served, "region of the service", at_key=True)
    for place, region in (written.geography or {}).items():
        here = (*path, "geography", place)
        known(document, here, place, geography_places(place), "place", at_key=True)
        known(document, here, region, served, "region of the service")


def geography_places(place: str) -> list[str]:
    """What a geography may name: any two capital letters are a country, besides continents and `default`."""
    country = [place] if len(place) == 2 and place.isalpha() and place.isupper() else []
    return [*country, *catalog.CONTINENTS, "default"]


def check_change(change: ChangeOfRecord, topology: Topology, document: Document, path: Path) -> None:
    """Report a change of nothing, of what belongs to another policy, or to where the service is not."""
    if all(getattr(change, key) is None for key in _POLICY_KEYS):
        document.problem("say what changes: 'order', 'weights' or 'geography'", path, at_key=True)
    record = topology.dns.get(change.change)
    if record is not None:
        check_policy_keys(change, record.policy, document, path, required=False)
        check_policy_regions(change, served_by(record, topology), document, path)


def check_failback_of(record: DnsRecord, topology: Topology, document: Document, path: Path) -> None:
    """Report that a record holds back what never goes, or has nowhere to turn."""
    here = (*path, "failback")
    if isinstance(record.failback, HoldDown):
        check_longer_than_0(record.failback.hold_down, "a hold-down", document, (*here, "hold_down"))
    if record.failback == "automatic":
        return
    served = served_by(record, topology)
    if record.policy == "simple":
        complaint = "a record of policy simple answers whatever the health; choose another policy"
    elif not record.heeds_health:
        complaint = "with 'heeds_health: false' no region is ever left out; leave one of both out"
    elif record.health_check is None and not record.evaluate_target_health:
        complaint = (
            "no region is ever left out, so none comes back; name a 'health_check', or write "
            "'evaluate_target_health: true'"
        )
    elif served is not None and len(served) == 1:
        complaint = f"there is no other region than {served[0]} to fail back from; leave this out"
    else:
        return
    document.problem(complaint, here, at_key=True)


def check_fail_back(call: FailbackOfRecord, topology: Topology, document: Document, path: Path) -> None:
    """Report somebody who fails back what comes back by itself."""
    record = topology.dns.get(call.fail_back)
    if record is not None and record.failback == "automatic":
        complaint = (
            f"'{call.fail_back}' fails back by itself; write 'failback: manual' or a hold-down at its record"
        )
        document.problem(complaint, (*path, "fail_back"))
