"""Twin equality while load is shed and a zone is left, in a system in which much is under way."""

from simulator.data_plane.plane import CompiledPlane
from simulator.simulation import play
from tests.small import plan_of
from tests.twin import crowded
from tests.twin.test_equality import assert_equal

REACTIONS = {
    "shedding": {
        "pause": {
            "of": "api@eu-south-1",
            "keep": "30 %",
            "trigger": {"at": "12 s"},
            "for": "15 s",
            "ramp_back": "65 s",
        },
        "more": {"of": "api", "keep": "50 %", "trigger": {"at": "20 s"}, "for": "10 s"},
    },
    "zonal_shifts": {"away": {"zone": "eu-south-1a", "trigger": {"at": "30 s"}, "expires": "40 s"}},
}


def test_they_agree_on_what_is_shed_and_on_a_zone_that_is_left() -> None:
    topology = crowded.topology(crowded.COMPUTE["nodes"]) | REACTIONS
    assert assert_equal(plan_of(topology, crowded.experiment("zone errs"))) > 300


def test_they_agree_on_what_is_shed_at_edges_and_of_whom() -> None:
    """At the edges of the bucket's network, before a service at CloudFront, and of one population alone."""
    shed = {"keep": "40 %", "trigger": {"at": "12 s"}, "for": "60 s", "ramp_back": "50 s"}
    shedding = {
        "edges": shed | {"of": "web"},
        "before all": shed | {"of": "api", "scope": "cloudfront", "populations": ["north"]},
        "south": shed | {"of": "api@eu-south-1", "populations": "south"},
    }
    topology = crowded.topology(crowded.COMPUTE["nodes"]) | {"shedding": shedding}
    plan = plan_of(topology, crowded.experiment("zone errs"))
    assert assert_equal(plan) > 300
    shed = play(plan, CompiledPlane(plan.data)).tallies.shed
    assert (shed[0].sum() > 5, shed[1, 0].sum() > 5, shed[1, 1].sum() > 5) == (True, True, True)
