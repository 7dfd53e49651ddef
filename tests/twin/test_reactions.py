"""Twin equality while load is shed and a zone is left, in a system in which much is under way."""

from simulator.boundary.events_of_reactions import ZONAL_SHIFT_BEGAN, ZONAL_SHIFT_ENDED
from tests.small import plan_of
from tests.twin import crowded
from tests.twin.test_equality import assert_equal, attempts

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
    """Everywhere for ten seconds, in one region for longer; the zone that errs is left for forty."""
    topology = crowded.topology(crowded.COMPUTE["nodes"]) | REACTIONS
    outcome = assert_equal(plan_of(topology, crowded.experiment("zone errs") | {"duration": "90 s"}))
    assert attempts(outcome) > 300
    assert (outcome.tallies.shed.sum(axis=(0, 3))[0, :2] > 20).all()
    (began,), (ended,) = outcome.events_of(ZONAL_SHIFT_BEGAN), outcome.events_of(ZONAL_SHIFT_ENDED)
    assert (began.at_ns, ended.at_ns, began.detail["services"]) == (30 * 10**9, 70 * 10**9, ["api"])


def test_they_agree_on_what_is_shed_at_edges_and_of_whom() -> None:
    """At the edges of the bucket's network, before a service at CloudFront, and of one population alone."""
    shed = {"keep": "40 %", "trigger": {"at": "12 s"}, "for": "60 s", "ramp_back": "50 s"}
    shedding = {
        "edges": shed | {"of": "web"},
        "before all": shed | {"of": "api", "scope": "cloudfront", "populations": ["north"]},
        "south": shed | {"of": "api@eu-south-1", "populations": "south"},
    }
    topology = crowded.topology(crowded.COMPUTE["nodes"]) | {"shedding": shedding}
    outcome = assert_equal(plan_of(topology, crowded.experiment("zone errs")))
    assert attempts(outcome) > 300
    shed = outcome.tallies.shed
    assert (shed[0].sum() > 5, shed[1, 0].sum() > 5, shed[1, 1].sum() > 5) == (True, True, True)
