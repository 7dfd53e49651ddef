"""What a replica discards is not what is missing: a write is lost if nothing that survives was built on it.

Germans write one item once a second, the Irish a few times an hour; for ten minutes no copy gets through. A
German write builds on the German write before it, so a line of them goes on whatever Ireland discards. An
Irish write that is overwritten takes nothing away but itself.
"""

from functools import cache

import numpy as np
import pytest

from simulator.outcome import Outcome
from tests.small import played

TOPOLOGY = """
    topology: one item, two regions
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables: {rows: {replicas: [eu-central-1, eu-west-1], items: 1}}
    services:
      de: {regions: [eu-central-1], operations: {write_de: [{write: rows}]}}
      ie: {regions: [eu-west-1], operations: {write_ie: [{write: rows}]}}
    dns: {de.example: {service: de, policy: simple}, ie.example: {service: ie, policy: simple}}
    """

EXPERIMENT = """
    experiment: one write on the other side of a partition
    topology: system.yaml
    duration: 20 min
    users:
      germans: {near: eu-central-1, arrivals: 1/s, session_length: 1 ms, think_time: 1 h,
                actions: {write_de: 1}, client: script}
      irish: {near: eu-west-1, arrivals: 6/h, session_length: 1 ms, think_time: 1 h,
              actions: {write_ie: 1}, client: script}
    faults: [{at: 5 min, for: 10 min, link: {between: [eu-central-1, eu-west-1]}, mode: cut}]
    """

GERMANY, IRELAND = 0, 1


@cache
def played_with(seed: int, irish: str = "write: rows", german: str = "write: rows") -> Outcome:
    topology = TOPOLOGY.replace("write_ie: [{write: rows}]", f"write_ie: [{{{irish}}}]")
    topology = topology.replace("write_de: [{write: rows}]", f"write_de: [{{{german}}}]")
    return played(topology, EXPERIMENT, seed=seed)


def overtaken(outcome: Outcome) -> dict[tuple[int, int, int], int]:
    """Lost updates by origin, by the region that overtook them, and by when: the start of a window in s."""
    counts, data = outcome.tallies.lost_updates[0], outcome.plan.data
    width_s, first_s = data.window_ns // 10**9, data.window_first_ns // 10**9
    found = np.argwhere(counts).tolist()
    return {(o, d, first_s + width_s * window): int(counts[o, d, window]) for o, d, window in found}


@pytest.mark.parametrize(
    ("seed", "discarded", "lost"),
    [
        # At 469 s, in the partition, Ireland writes, without the Germans' last 169 s and some. They go on:
        # their next write is the first without the Irish one in view, and in the end only that is missing.
        (1, 183, {(IRELAND, GERMANY, 460): 1}),
        # At 239 s, before it, and at 432 s, in it: the first had seen all, and was seen; the second as above.
        (2, 125, {(IRELAND, GERMANY, 430): 1}),
        # At 256 s Ireland writes without three German writes of the last 1.1 s. Its copy is there before the
        # next German write, so the line goes on from Ireland: what is discarded is what is missing.
        (22, 3, {(GERMANY, IRELAND, 250): 3}),
        # At 915 s the link is back, but Ireland is half a backlog behind. It discards 361 German writes, and
        # a German writes within the lag of the copy: only the Irish one is missing.
        (4, 362, {(IRELAND, GERMANY, 910): 1}),
        # At 102 s all that was written had arrived, and the next German write saw it.
        (5, 0, {}),
    ],
)
def test_trap_what_is_discarded_is_not_what_is_missing(
    seed: int, discarded: int, lost: dict[tuple[int, int, int], int]
) -> None:
    outcome = played_with(seed)
    assert outcome.tallies.discarded[0] == discarded
    assert overtaken(outcome) == lost
    assert outcome.tallies.missing[0] == outcome.tallies.lost_updates_of_item[0] == sum(lost.values())


def test_remedy_what_stands_alone_takes_nothing_away() -> None:
    """The Irish write of 1,124 s replaces the item whatever was there, three Germans' writes too.

    Those of 307 s and 499 s are themselves overtaken by the Germans, who change what they see.
    """
    irish = {(IRELAND, GERMANY, 300): 1, (IRELAND, GERMANY, 490): 1}
    assert overtaken(played_with(19)) == irish | {(GERMANY, IRELAND, 1120): 3}
    assert overtaken(played_with(19, irish="write: rows, stands_alone: true")) == irish


def test_remedy_where_all_writes_stand_alone_none_is_missing() -> None:
    alone = "write: rows, stands_alone: true"
    outcome = played_with(2, irish=alone, german=alone)
    assert outcome.tallies.discarded[0] == 125
    assert overtaken(outcome) == {}
    assert outcome.tallies.missing[0] == 0
