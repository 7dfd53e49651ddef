"""Load shedding before services, as specified in docs/model-request-path.md §1.2."""

from typing import Any

from simulator.boundary.causes import SHEDDING
from simulator.randomness.draws import ATTEMPT

AT_DOOR, AT_EDGE = 0, 1
LANE = 2


def is_shed(request: Any, service: int, region: int, where: int) -> bool:
    """Whether load shedding turns a request away; what services ask of each other passes no edge."""
    if where == AT_EDGE and request.user is not request:
        return False
    plane, population = request.plane, int(request.population)
    share = plane.shed.get((where, int(request.operation), region, population), 0.0)
    if request.uniform(ATTEMPT, LANE, 2 + where) >= share:
        return False
    request.note(SHEDDING)
    plane.counts.shed[where, service, region, population] += 1
    return True
