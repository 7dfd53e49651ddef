"""Drawn restores: of tables, from their history or a backup, to any time, more than one of a table."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, sampled, seconds

_TIMES_S = (0, 20, 60, 61, 120, 130)
_BACKUP_AT = "00:59"  # a minute after the run has begun
_BACKUP_THERE_S = 61


@st.composite
def protections(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A table's history and its backups."""
    backed_up = draw(st.sampled_from(regions))
    others = [region for region in regions if region != backed_up]
    backup = {"region": backed_up, "every": "2 h", "at": _BACKUP_AT, "takes": "1 s"}
    copied: Spec = {"copied_to": others, "copy_takes": "0 s"} if others else {}
    return {"point_in_time_recovery": {"lag": "0 s"}, "backups": {"hourly": backup | copied}}


@st.composite
def restores(draw: st.DrawFn, tables: Spec) -> list[Spec]:
    """None in half of the systems; else up to three, of tables that are protected."""
    protected = {name: table for name, table in tables.items() if "backups" in table}
    number = draw(st.sampled_from([0, 0, 0, 1, 2, 3])) if protected else 0
    return [draw(_restore(protected)) for _ in range(number)]


def _deletes(fault: Spec) -> bool:
    return fault.get("mode") == "deleted" and "table" in fault and "items" not in fault


def is_lost(fault: Spec, restored: list[Spec]) -> bool:
    """Whether a fault deletes a table of which a drawn restore needs the history."""
    return _deletes(fault) and fault["table"] in [one["table"] for one in restored]


@st.composite
def undeleted(draw: st.DrawFn, tables: Spec, faults: list[Spec]) -> list[Spec]:
    """Half of the tables that are deleted come back, from the instant before."""
    gone = sorted({fault["table"] for fault in faults if _deletes(fault)})
    return [draw(_undeletion(name, tables)) for name in gone if draw(st.booleans())]


@st.composite
def _undeletion(draw: st.DrawFn, name: str, tables: Spec) -> Spec:
    return {
        "table": name,
        "region": draw(st.sampled_from(tables[name]["replicas"])),
        "from": "system_backup",
        "after_damage": draw(seconds(7, 30)),
        "swap": "same_name",
        "written_since": "drop",
        **draw(_times()),
    }


@st.composite
def _times(draw: st.DrawFn) -> Spec:
    steps = ("takes", "settings_take", "replica_takes", "swap_takes")
    return {step: draw(sampled(0.001, 5, 20)) for step in steps}


@st.composite
def _restore(draw: st.DrawFn, tables: Spec) -> Spec:
    name = draw(st.sampled_from([*tables]))
    point_s = draw(st.sampled_from(_TIMES_S))
    at_s = point_s + draw(st.sampled_from([0, 7, 60]))
    source: Spec = {"point": f"{point_s} s", "at": f"{at_s} s"}
    if at_s > _BACKUP_THERE_S and point_s >= _BACKUP_THERE_S and draw(st.booleans()):
        source = {"from": "hourly", "point": "latest", "at": f"{at_s} s"}
        source |= {"swap": draw(st.sampled_from(["configuration", "same_name"]))}
    merges = source.get("swap") != "same_name" and draw(st.booleans())
    return {
        "table": name,
        "region": draw(st.sampled_from(tables[name]["replicas"])),
        "written_since": "merge" if merges else "drop",
        **source,
        **draw(_times()),
    }
