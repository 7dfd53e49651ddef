"""Faults of control planes checked."""

from simulator.boundary.control_planes import CONTROL_PLANES
from simulator.language.models.faults import ControlPlaneFault
from simulator.language.reading.positions import Document, Path


def check_control_plane(fault: ControlPlaneFault, document: Document, path: Path) -> None:
    """A global service has one control plane, in its home region; EC2's alone launches anything."""
    found = CONTROL_PLANES[fault.control_plane]
    if fault.region is not None and found.home is not None:
        complaint = f"{found.said} is in {found.home} alone; leave 'region' out"
        document.problem(complaint, (*path, "region"), at_key=True)
    if fault.mode == "launches_fail" and fault.control_plane != "ec2":
        complaint = "EC2 alone launches nodes: write 'control_plane: ec2', or 'mode: frozen'"
        document.problem(complaint, (*path, "mode"))
