"""Concurrency of Lambda that failover plans and scalers ask for, within what the account has.

Rules: AWS Lambda developer guide, *Configuring provisioned concurrency* and *reserved concurrency*.
Specification: docs/model-control-plane.md §8.
"""

from dataclasses import field

import simpy

from simulator.boundary.events import CONCURRENCY_RAISED
from simulator.boundary.kinds import LAMBDA
from simulator.boundary.looks import Place
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfSite
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.standbys import FunctionPlan
from simulator.records import dataclass

_S_NS = 10**9


@dataclass
class Claims:
    """What functions have been promised so far, by site."""

    provisioned: dict[Place, int] = field(default_factory=dict)
    reserved: dict[Place, int] = field(default_factory=dict)
    warm: dict[Place, int] = field(default_factory=dict)
    """Of what is provisioned, what is there."""
    provided: simpy.Event | None = None
    """Fires when some function next has all that is provisioned: nobody else can see that."""

    def of(self, site: Place) -> int:
        """What others cannot have: what is reserved, else what is provisioned."""
        return self.reserved[site] or self.provisioned[site]


def claims_of(world: World) -> Claims:
    """What the topology says; one for all plans."""
    data, found = world.plan.data, Claims()
    for service, region in zip(*(data.site_compute == LAMBDA).nonzero(), strict=True):
        site = int(service), int(region)
        found.provisioned[site] = found.warm[site] = int(data.lambda_provisioned[site])
        found.reserved[site] = int(data.lambda_reserved[site])
    return found


def grow_function(world: World, plan: FunctionPlan, u: float) -> Doing:
    """Reserve and provision what fits; wait until it is warm. Why it does not fit, in words, or nothing."""
    site, claims = (plan.service, plan.region), world.one(claims_of)
    if site not in claims.provisioned:  # the site has lost its limits
        return ""
    reserved = max(plan.reserved, claims.reserved[site])
    provisioned = max(plan.provisioned, claims.provisioned[site])
    if why := why_too_much(world, plan, reserved, provisioned):
        return why
    if reserved > claims.reserved[site]:
        claims.reserved[site] = reserved
        world.touch().set_reserved(*site, reserved, plan.bucket)
        world.record(
            CONCURRENCY_RAISED, _subject(world, site), reserved=reserved, provisioned=claims.warm[site]
        )
    if provisioned > claims.provisioned[site]:
        is_under_way = claims.warm[site] < claims.provisioned[site]
        claims.provisioned[site] = provisioned
        if not is_under_way:  # else what is under way goes on to the new number
            world.begin(_provision(world, plan, duration_ns(plan.begins, u)))
    while plan.waits and claims.warm[site] < provisioned:
        claims.provided = claims.provided or world.env.event()
        yield claims.provided
    return ""


def shrink_function(world: World, site: Place, provisioned: int) -> None:
    """Fewer environments are kept warm at once; the others are ordinary ones from now on."""
    claims = world.one(claims_of)
    claims.provisioned[site] = provisioned
    claims.warm[site] = min(claims.warm[site], provisioned)
    world.touch().set_provisioned(*site, claims.warm[site])


def why_too_much(world: World, plan: FunctionPlan, reserved: int, provisioned: int) -> str:
    """100 executions of the account stay for functions that reserve none."""
    site, claims = (plan.service, plan.region), world.one(claims_of)
    if 0 < reserved < provisioned:
        return f"{provisioned:,} provisioned environments are more than the {reserved:,} reserved executions"
    others = sum(claims.of(one) for one in claims.reserved if one[1] == plan.region and one != site)
    wanted = reserved or provisioned
    if wanted <= claims.of(site) or others + wanted <= plan.most:
        return ""
    beside = f" beside {others:,} of other functions" if others else ""
    return (
        f"{wanted:,} executions{beside} are more than the {plan.most:,} of the account in "
        f"{world.plan.regions[plan.region]} that may be reserved or provisioned"
    )


def _provision(world: World, plan: FunctionPlan, begins_ns: int) -> Process:
    """Environments are started second by second, as many as the documented rate allows, while all is up."""
    site, claims = (plan.service, plan.region), world.one(claims_of)
    yield world.after(begins_ns)
    while claims.warm[site] < claims.provisioned[site]:
        yield world.after(_S_NS)
        if world.region_mode[plan.region] != UP:
            continue
        claims.warm[site] = min(claims.provisioned[site], claims.warm[site] + plan.per_second)
        world.touch().set_provisioned(*site, claims.warm[site])
    told = {"reserved": claims.reserved[site], "provisioned": claims.warm[site]}
    world.record(CONCURRENCY_RAISED, _subject(world, site), **told)
    if claims.provided is not None:
        claims.provided.succeed()
        claims.provided = None


def _subject(world: World, site: Place) -> OfSite:
    return OfSite(world.plan.services[site[0]], world.plan.regions[site[1]])
