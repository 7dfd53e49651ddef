"""Drawn restores: of tables and databases, from a history or a backup, to any time, several of one store."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, sampled, seconds

_TIMES_S = (0, 20, 60, 61, 120, 130)
_BACKUP_AT = "00:59"  # a minute after the run has begun
_BACKUP_THERE_S = 61


@st.composite
def protections(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A history and backups."""
    backed_up = draw(st.sampled_from(regions))
    others = [region for region in regions if region != backed_up]
    backup = {"region": backed_up, "every": "2 h", "at": _BACKUP_AT, "takes": "1 s"}
    copied: Spec = {"copied_to": others, "copy_takes": "0 s"} if others else {}
    return {"point_in_time_recovery": {"lag": "0 s"}, "backups": {"hourly": backup | copied}}


@st.composite
def restores(draw: st.DrawFn, topology: Spec, faults: list[Spec]) -> list[Spec]:
    """None in half of the systems, else up to three; and half of what is deleted comes back."""
    stores: dict[tuple[str, str], list[str]] = {
        ("table", name): one["replicas"] for name, one in topology["tables"].items() if "backups" in one
    }
    stores |= {
        ("database", name): [one["writer"], *one["readers"]]
        for name, one in topology.get("databases", {}).items()
    }
    gone = {one for fault in faults if _deletes(fault) for one in stores if fault.get(one[0]) == one[1]}
    left = [one for one in stores if one not in gone]
    number = draw(st.sampled_from([0, 0, 0, 1, 2, 3])) if left else 0
    found = [
        draw(_restore(one, stores[one]))
        for one in draw(st.lists(st.sampled_from(left or [("", "")]), min_size=number, max_size=number))
    ]
    back = [one for one in sorted(gone) if draw(st.booleans())]
    found += [draw(_undeletion(one, stores[one], _is_damaged(one, faults))) for one in back]
    found = [one for one in found if one.get("from") != "hourly" or not _fails(one, topology, faults)]
    for one in found:
        if "consistency" in topology["tables"].get(one.get("table"), {}):
            one |= {"copy_rate": draw(st.sampled_from(["4/s", "100/s"]))}
            if one["written_since"] == "drop":
                one |= {"swap": draw(st.sampled_from(["configuration", "same_name"]))}
    return found


def _fails(restore: Spec, topology: Spec, faults: list[Spec]) -> bool:
    """Whether a region is down when its only backup is made: then there is none."""
    kind = "table" if "table" in restore else "database"
    made_in = topology[f"{kind}s"][restore[kind]]["backups"]["hourly"]["region"]
    down = ("black_hole", "refused", "lost", "disabled")
    return any(fault.get("region") == made_in and fault.get("mode") in down for fault in faults)


def _is_damaged(store: tuple[str, str], faults: list[Spec]) -> bool:
    """Whether a fault damages a store in another way than by deleting it, perhaps before."""
    kind, name = store
    damaging = [fault for fault in faults if fault.get("mode") in ("corrupted", "deleted")]
    return any(fault.get(kind) == name and not _deletes(fault) for fault in damaging)


def _deletes(fault: Spec) -> bool:
    return fault.get("mode") == "deleted" and "items" not in fault


@st.composite
def _undeletion(draw: st.DrawFn, store: tuple[str, str], regions: list[str], is_damaged: bool) -> Spec:
    """From the instant before, if its damage begins with that; or from the backup of the first minute."""
    kind, name = store
    source: Spec = {"from": "system_backup", "after_damage": draw(seconds(7, 30))}
    if is_damaged or draw(st.booleans()):
        source = {"from": "hourly", "point": "latest", "at": "130 s"}
    return {
        kind: name,
        "region": draw(st.sampled_from(regions)),
        "swap": draw(st.sampled_from(["same_name", "configuration"])),
        "written_since": "drop",
        **source,
        **draw(_times()),
    }


@st.composite
def _times(draw: st.DrawFn) -> Spec:
    steps = ("takes", "settings_take", "replica_takes", "swap_takes")
    return {step: draw(sampled(0.001, 5, 20)) for step in steps}


@st.composite
def _restore(draw: st.DrawFn, store: tuple[str, str], regions: list[str]) -> Spec:
    kind, name = store
    point_s = draw(st.sampled_from(_TIMES_S))
    at_s = point_s + draw(st.sampled_from([0, 7, 60]))
    source: Spec = {"point": f"{point_s} s", "at": f"{at_s} s"}
    if at_s > _BACKUP_THERE_S and point_s >= _BACKUP_THERE_S and draw(st.booleans()):
        source = {"from": "hourly", "point": "latest", "at": f"{at_s} s"}
        source |= {"swap": draw(st.sampled_from(["configuration", "same_name"]))}
    merges = source.get("swap") != "same_name" and draw(st.booleans())
    return {
        kind: name,
        "region": draw(st.sampled_from(regions)),
        "written_since": "merge" if merges else "drop",
        **source,
        **draw(_times()),
    }
