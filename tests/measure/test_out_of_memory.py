"""What a result tells of nodes that ran out of memory; expectations, sentences and chains of it."""

from dataclasses import replace

from simulator.boundary.measures import Asked
from simulator.measure.out_of_memory import READERS, REASONS, section
from simulator.measure.sections import _logged
from simulator.outcome import Outcome
from simulator.report import out_of_memory as report
from simulator.report.why import chain_to, why_lines
from simulator.result.out_of_memory import KilledNodes
from simulator.result.whole import Result
from tests.control_plane.handmade import MILAN, SECOND
from tests.control_plane.test_out_of_memory import ROOM, run
from tests.faults import fault_plan
from tests.measure import handmade

SLOW = fault_plan("region", "slow", 60 * SECOND, 500 * SECOND, region=MILAN, add_ns=SECOND)


def cascade() -> Outcome:
    """Milan's six nodes are slow from 60 s on; one dies at 102 s, the others by 130 s, two of them again."""
    deaths = [(102.0, [1]), (130.0, [0, 2, 3, 4, 5]), (200.0, [0, 1])]
    return run(deaths, [SLOW], restart=(0, 50.0 * SECOND, 0.0))[0]


def found(outcome: Outcome) -> tuple[KilledNodes, ...]:
    sites = section(outcome)
    assert sites is not None
    return sites


def result(outcome: Outcome) -> Result:
    empty = handmade.result(handmade.outcome("."))
    events = tuple(_logged(event) for event in outcome.events)
    recipe = replace(empty.recipe, duration_s=1000.0)
    return replace(empty, recipe=recipe, out_of_memory=section(outcome), events=events)


def test_deaths_are_counted_and_the_first_is_timed_from_the_fault_that_led_to_it() -> None:
    (site,) = found(cascade())
    assert (site.service, site.region, site.room) == ("api", "eu-south-1", ROOM)
    assert (site.killed, site.nodes, site.none_left) == (8, 6, 1)
    assert (site.first_s, site.fault, site.after_s) == (102.0, SLOW.label, 42.0)


def test_without_a_fault_they_have_a_time_alone() -> None:
    (site,) = found(run([(102.0, [1])])[0])
    assert (site.killed, site.first_s, site.fault, site.after_s) == (1, 102.0, None, None)
    (said,) = report.gist(result(run([(102.0, [1])])[0]))
    assert said == "1 node of api in eu-south-1 ran out of memory at 1 min 42 s"


def test_the_report_says_how_many_how_soon_and_that_none_was_left() -> None:
    (said,) = report.gist(result(cascade()))
    assert said == (
        f"6 nodes of api in eu-south-1 ran out of memory 8 times, the first 42 s after '{SLOW.label}' began, "
        f"and at times none was left"
    )
    assert not [*report.gist(result(run([])[0]))]


def test_expectations_count_in_one_region_or_in_all() -> None:
    read, cascaded = READERS["nodes_killed"], result(cascade())
    assert read(cascaded, Asked()) == read(cascaded, Asked(region="eu-south-1")) == 8
    assert read(cascaded, Asked(region="eu-central-1")) == 0
    (reason,) = REASONS
    assert not REASONS[reason](cascaded, Asked())
    assert REASONS[reason](replace(cascaded, out_of_memory=None), Asked())


def test_why_a_node_was_taken_out_leads_from_the_overload_over_its_death() -> None:
    outcome = run([(102.0, [1])], [SLOW])[0]
    chain = chain_to(result(outcome), 125 * SECOND, "node 1")
    assert [one.kind for one in chain] == ["fault_on", "node_killed", "target_unhealthy"]
    told = " ".join(" ".join(why_lines(chain, 0.0, 80)).split())
    assert "node_killed: a node has taken on more requests than its memory has room for" in told
    assert "room: 100; left: 5" in told
