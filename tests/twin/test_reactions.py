"""Twin equality while load is shed and a zone is left, in a system in which much is under way."""

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
