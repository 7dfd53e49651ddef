"""Sentences about databases with one writer: promotions, what they lost, and two writers at once."""

from collections.abc import Iterator

from simulator.report.words import duration, name, plural
from simulator.result.databases import Databases, Promotion
from simulator.result.whole import Result

_PROMOTIONS_MOST = 3


def gist(result: Result) -> Iterator[str]:
    """The first layer's: two writers lead, then each promotion, then what was refused."""
    found = result.databases
    yield from _split_brain(found)
    for promotion in found.promotions[:_PROMOTIONS_MOST]:
        yield _promotion(promotion)
    if len(found.promotions) > _PROMOTIONS_MOST:
        yield plural(len(found.promotions) - _PROMOTIONS_MOST, "further promotion")
    if found.refused:
        yield f"{plural(found.refused, 'promotion')} refused (the log says why)"


def _split_brain(found: Databases) -> Iterator[str]:
    """For how long there were two writers, what each took, and what becomes of it."""
    for database, loss in found.by_name.items():
        if not loss.split_brain_s:
            continue
        sides = " and ".join(f"{count:,} in {region}" for region, count in loss.split_brain_writes.items())
        goes_on = any(one.to_s is None for one in found.split_brains if one.database == database)
        still = ", to the end" if goes_on else ""
        writes = f": {sides} written" if sides else ""
        remedy = "remedy: fence the old writer, or hold the promotion down for longer"
        yield f"{name(database)} had two writers for {duration(loss.split_brain_s)}{still}{writes}"
        if loss.past_promotion:
            yield f"{plural(loss.past_promotion, 'write')} of the old writer lost, whatever their time"
            yield remedy


def _promotion(one: Promotion) -> str:
    """When, to where, how long it took, and what it lost."""
    kind = "switched over" if one.planned else "promoted"
    when = f"{name(one.database)} {kind} from {one.old} to {one.new} at {duration(one.began_s)}"
    took = "not done" if one.took_s is None else f"in {duration(one.took_s)}"
    lost = f", {plural(one.unshipped, 'write')} not shipped, back to {duration(one.recovery_point_s)} before"
    return f"{when}, {took}{lost if one.unshipped else '' if one.planned else ', nothing unshipped'}"
