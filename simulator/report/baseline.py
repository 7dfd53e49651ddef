"""A baseline that was checked, in lines."""

from collections.abc import Iterator

from simulator.report.words import name, plural, share
from simulator.result.baseline import BaselineCheck, Checked, Held

_FEW_SEEDS = 10


def baseline_lines(found: BaselineCheck, *, verbose: bool = False) -> Iterator[str]:
    """A line a file, below it what has become worse, better or gone; with `verbose`, every figure."""
    for one in found.files:
        yield from _file(one, verbose)
    worse = sum(bool(one.of("worse", "gone")) for one in found.files)
    total = plural(len(found.files), "file")
    which = f"{plural(len(found.seeds), 'seed')}, {share(found.confidence)} confidence a file"
    yield (
        f"{total}: {worse} worse than kept ({which})" if worse else f"{total}: none worse than kept ({which})"
    )
    if len(found.seeds) < _FEW_SEEDS and any(one.of("unclear") for one in found.files):
        yield "So few seeds may not tell; save with --seeds 10 or more."
    if found.made_by.get("simulator") != found.versions.get("simulator"):
        before, now = found.made_by.get("simulator"), found.versions.get("simulator")
        yield f"The baseline was made by version {before} of the simulator, and this is {now}."


def _file(one: Checked, verbose: bool) -> Iterator[str]:
    is_worse = bool(one.of("worse", "gone"))
    changed = "" if not one.has_changed else ", its files have changed"
    counts = [
        f"{len(of)} {word}"
        for state, word in (
            ("worse", "worse"),
            ("gone", "gone"),
            ("better", "better"),
            ("changed", "changed"),
            ("unclear", "not clear"),
        )
        if (of := one.of(state))  # type: ignore[arg-type]
    ]
    said = ", ".join(counts) if counts else f"{plural(len(one.figures), 'figure')} as kept"
    yield f"{'FAIL' if is_worse else 'PASS'} {name(one.file, 60)}: {said}{changed}"
    for held in one.figures if verbose else one.of("worse", "gone", "better", "changed"):
        yield f"  {_figure(held)}"
    if one.of("better") and not is_worse:
        yield "  `simulator baseline save` keeps what has become better"


def _figure(held: Held) -> str:
    kept = held.kept.said + (f" ({held.kept.range_said})" if held.kept.range_said else "")
    words = {
        "within": "within what was kept",
        "gone": "no run tells it any more",
        "unclear": "no clear change",
    }
    state = words.get(held.state, held.state)
    by = "" if held.state in ("same", "gone") else f": {held.difference.by.said}"
    return f"{held.key.replace('_', ' ')}: {kept} → {held.now.said}, {state}{by}"
