"""What became of an experiment's faults in templates of AWS Fault Injection Service, for a reader."""

from collections import Counter
from collections.abc import Iterator, Sequence

from simulator.report.words import folded, plural, sentence
from simulator.result.fis import ROLE, Exported


def lines_of(exported: Exported, written: Sequence[str], width: int) -> Iterator[str]:
    """Each fault with its actions, or the reason why it has none; then the files."""
    for one in exported.told:
        yield from folded(sentence(one.fault), width)
        for action, count in Counter(one.actions or ("no counterpart",)).items():
            yield from folded(f"{action} (×{count})" if count > 1 else action, width, "   ")
        for note in one.notes:
            yield from folded(note, width, "     ")
    if not exported.told:
        yield "This experiment has no faults."
    without = sum(not one.actions for one in exported.told)
    if without and exported.templates:
        of_all = f"{plural(without, 'fault')} of {len(exported.told)}"
        yield from folded(f"{of_all} without a counterpart: the templates do less.", width)
    for path in written:
        yield f"Written: {path}"
    if exported.templates:
        is_open = any(template["roleArn"] == ROLE for template in exported.templates.values())
        role = f"Replace {ROLE} by the role of the experiment (--role), and tag" if is_open else "Tag"
        yield from folded(f"{role} the resources.", width)
