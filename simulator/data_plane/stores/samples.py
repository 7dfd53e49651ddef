"""The first writes of each store that are gone, in order of writing: a sample that costs what is lost.

What is told of each: docs/measures.md, "Loss".
"""

from simulator.boundary.fields import MOST_SAMPLED
from simulator.kernels.compiling import kernel


@kernel
def note_gone(memory, v, cause, region, time_ns):
    """A write is gone by a cause; what overtook it, if anything did, was written in a region at a time."""
    lineage, versions = memory.lineage, memory.versions
    store, number, place = versions.store[v], versions.number[v], MOST_SAMPLED
    while place > 0 and comes_after(lineage, store, place - 1, number):
        place -= 1
        if place < MOST_SAMPLED - 1:
            move_up(lineage, store, place)
    if place < MOST_SAMPLED:
        lineage.gone_number[store, place], lineage.gone_item[store, place] = number, versions.item[v]
        lineage.gone_origin[store, place] = versions.origin[v]
        lineage.gone_ns[store, place] = versions.time_ns[v]
        lineage.gone_cause[store, place] = cause
        lineage.gone_for[store, place], lineage.gone_for_ns[store, place] = region, time_ns


@kernel
def comes_after(lineage, store, place, number):
    """Tell whether a place of a sample is free, or holds a later write than one."""
    held = lineage.gone_number[store, place]
    return lineage.gone_cause[store, place] == 0 or held > number


@kernel
def move_up(lineage, store, place):
    """Copy one place of a sample over the next."""
    lineage.gone_number[store, place + 1] = lineage.gone_number[store, place]
    lineage.gone_item[store, place + 1] = lineage.gone_item[store, place]
    lineage.gone_origin[store, place + 1] = lineage.gone_origin[store, place]
    lineage.gone_ns[store, place + 1] = lineage.gone_ns[store, place]
    lineage.gone_cause[store, place + 1] = lineage.gone_cause[store, place]
    lineage.gone_for[store, place + 1] = lineage.gone_for[store, place]
    lineage.gone_for_ns[store, place + 1] = lineage.gone_for_ns[store, place]
