"""What goes with the mode of a fault, checked by the table of modes."""

from simulator.boundary.modes import Mode, modes_of
from simulator.language.models.faults import AnyFault
from simulator.language.reading.positions import Document, Path


def check_mode(fault: AnyFault, document: Document, path: Path) -> None:
    """Report a share, a factor, an addition or an end that the mode does not take, and what it lacks."""
    mode = modes_of(fault.target).get(getattr(fault, "mode", ""))
    if mode is None:
        return  # what takes an amount of its own: clocks, surges, bots
    _check_share(getattr(fault, "share", None), mode, document, path)
    slowness = {key: getattr(fault, key, None) for key in ("factor", "add")}
    if mode.slows:
        _check_slow(**slowness, document=document, path=path)
    else:
        for key in (key for key, value in slowness.items() if value is not None):
            document.problem(f"'{key}' does not go with mode {mode.name}", (*path, key), at_key=True)
    if mode.endless:
        _check_endless(fault, mode.endless, document, path)


def _check_share(share: float | None, mode: Mode, document: Document, path: Path) -> None:
    if share is None:
        if mode.needs_share:
            document.problem(f"mode {mode.name} needs a 'share'", path, at_key=True)
    elif not mode.share:
        document.problem(f"'share' does not go with mode {mode.name}", (*path, "share"), at_key=True)
    elif share in mode.senseless:
        document.problem(mode.senseless[share], (*path, "share"))


def _check_slow(factor: float | None, add: int | None, document: Document, path: Path) -> None:
    if factor is None and add is None:
        document.problem("mode slow needs a 'factor' or an 'add'", path, at_key=True)
    elif factor in (None, 1) and not add:
        document.problem("a factor of 1 and 0 s more slow nothing down", path, at_key=True)


def _check_endless(fault: AnyFault, why: str, document: Document, path: Path) -> None:
    for key, value in (("for", fault.for_), ("until", fault.until), ("flapping", fault.flapping)):
        if value is not None:
            document.problem(f"{why}; leave '{key}' out", (*path, key), at_key=True)
