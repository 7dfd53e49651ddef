"""The search for the worst outage: what is drawn, what is found and made smaller, the same twice."""

from random import Random
from typing import Any

import pytest

from simulator.errors import SpecError, UsageError
from simulator.explore.worst.drawing import Limits, Outage, alone, breakables, changed, drawn, surges
from simulator.explore.worst.searching import Effort, limits_of, worst_outage
from simulator.explore.worst.shrinking import shrunk, smaller
from simulator.language.files import Loaded
from tests.small import HERE, THERE, experiment, read, topology

MIN_NS = 60 * 10**9
LIMITS = Limits(("region",), 3, 10 * MIN_NS, MIN_NS, 5 * MIN_NS, 40 * MIN_NS)
REGIONS = [{"region": region, "mode": mode} for region in (HERE, THERE) for mode in ("black_hole", "refused")]


def shop(**changes: Any) -> Loaded:
    """Everybody is served by one of two regions; nobody ever asks the other."""
    api = {"regions": [HERE], "operations": {"view": [{"read": "orders"}]}}
    system = topology(
        services={"api": api, "spare": {"regions": [THERE], "operations": {"look": [{"compute": "1 ms"}]}}},
        tables={"orders": {"replicas": [HERE, THERE]}},
    )
    return read(system, experiment(duration="20 min", **changes))


def what_is_broken(outage: Outage) -> list[Any]:
    return [next(iter(fault.values())) for fault, _, _ in outage.faults]


def test_drawn_outages_keep_to_the_limits_and_break_a_thing_once() -> None:
    random, lengths, counts = Random(3), set[int](), set[int]()
    outage = alone(REGIONS, LIMITS)[0]
    for _ in range(500):
        outage = (
            changed(outage, REGIONS, LIMITS, random)
            if random.random() < 0.7
            else drawn(REGIONS, LIMITS, random)
        )
        assert len({*what_is_broken(outage)}) == len(outage.faults) <= 2  # there are two regions
        for _, at_ns, for_ns in outage.faults:
            assert LIMITS.earliest_ns <= at_ns
            assert at_ns + for_ns <= LIMITS.latest_ns
            assert LIMITS.shortest_ns <= for_ns <= LIMITS.longest_ns
            lengths.add(for_ns)
        counts.add(len(outage.faults))
    assert lengths == {minutes * MIN_NS for minutes in range(1, 11)}
    assert counts == {1, 2}


def test_what_may_break_is_what_the_topology_has() -> None:
    system = shop().topology
    kinds = {next(iter(one)) for one in breakables(system, ("region", "table", "cache", "zone", "issuer"))}
    assert kinds == {"region", "table"}  # nothing is bound to a zone, and nobody logs in
    assert surges(["people"]) == [{"surge": "people", "factor": 2}, {"surge": "people", "factor": 5}]


def test_the_worst_is_the_region_that_serves_everybody_for_as_long_as_it_may() -> None:
    loaded = shop(expect=[{"success": {"at_least": "50 %"}}])
    limits = limits_of(loaded, ["region"], at_once=2)
    found, again = worst_outage(loaded, limits, Effort(tries=12, cache=False))
    assert {fault["region"] for fault in found.faults} == {HERE}
    assert (
        found.found.user_minutes_lost
        >= found.kept.user_minutes_lost
        > found.as_written.user_minutes_lost
        == 0
    )
    assert len(again.experiment.faults) == len(found.faults)
    twice, _ = worst_outage(loaded, limits, Effort(tries=12, cache=False))
    assert twice == found


def test_the_smaller_one_misses_the_same_expectations() -> None:
    """Whoever is refused for three minutes has no service for more than two."""
    loaded = shop(expect=[{"recovery_time": {"at_most": "2 min"}}])
    found, _ = worst_outage(loaded, limits_of(loaded, ["region"], at_once=1), Effort(tries=8, cache=False))
    assert found.kept.missed == found.found.missed != ()
    assert found.kept.user_minutes_lost < found.found.user_minutes_lost
    (fault,) = found.faults
    assert fault["for"] in {"2 min", "3 min"}


def test_shrinking_takes_faults_away_first_and_stops_where_nothing_smaller_does() -> None:
    three = Outage(tuple((fault, 5 * MIN_NS, 8 * MIN_NS) for fault in REGIONS[:3]))
    needed = REGIONS[1]

    def still(outages: list[Outage]) -> list[bool]:
        return [
            any(fault == needed and for_ns >= 3 * MIN_NS for fault, _, for_ns in one.faults)
            for one in outages
        ]

    small = shrunk(three, LIMITS, still, rounds=20)
    assert small == Outage(((needed, 5 * MIN_NS, 3 * MIN_NS),))
    assert shrunk(three, LIMITS, lambda some: [False] * len(some), rounds=20) == three
    assert [*smaller(Outage(((needed, 0, MIN_NS),)), LIMITS)] == []


@pytest.mark.parametrize(
    ("kinds", "changes", "measure", "said"),
    [
        (["moon"], {}, "user_minutes_lost", "there is no kind 'moon' to be broken; one of: region, zone"),
        (
            ["issuer"],
            {},
            "user_minutes_lost",
            "the topology has nothing of the kinds issuer that could break",
        ),
        ([], {}, "beauty", "there is no measure 'beauty'"),
        (["region"], {}, "user_minutes_lost{population: lions}", "a run has no figure"),
    ],
)
def test_what_cannot_be_searched_for(kinds: list[str], changes: Any, measure: str, said: str) -> None:
    loaded = shop(**changes)
    with pytest.raises(UsageError) as caught:
        worst_outage(loaded, limits_of(loaded, kinds), Effort(tries=1, cache=False), measure=measure)
    assert said in str(caught.value)


def test_an_outage_must_leave_time_to_recover() -> None:
    with pytest.raises(UsageError, match="an outage may last 11 min at most"):
        limits_of(shop(), longest_ns=15 * MIN_NS)


def test_an_experiment_that_can_have_none_of_them_says_why() -> None:
    """It asks for 19 minutes of service after the first fault, and an outage begins after two of twenty."""
    fault = {"at": "30 s", "for": "10 s", "region": THERE, "mode": "refused"}
    loaded = shop(faults=[fault], objective={"hold": "19 min"})
    with pytest.raises(SpecError, match="hold"):
        worst_outage(loaded, limits_of(loaded, ["region"], at_once=1), Effort(tries=2, cache=False))
