"""What is scaled: how much has been asked for, what is under way, and what becomes of a change."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Protocol

from simulator.control_plane.chance import uniform
from simulator.control_plane.control_planes import why_refused
from simulator.control_plane.fleets import begin_launch, fleets_of, take_away, why_too_many, zone_is_up
from simulator.control_plane.functions import claims_of, grow_function, shrink_function, why_too_much
from simulator.control_plane.scaling.amounts import gently, may_be_lowered
from simulator.control_plane.throughputs import change_throughput, rates_of
from simulator.control_plane.world import Process, World
from simulator.plan.scaling import FunctionScaled, NodesScaled, ScalingPlan, TableScaled
from simulator.randomness.draws import SCALING


class Capacity(Protocol):
    """What a scaler changes."""

    @property
    def asked(self) -> float:
        """What has been asked for."""

    @property
    def is_settling(self) -> bool:
        """Whether a change is under way, during which nothing is taken away."""

    def is_there(self) -> bool:
        """Whether there is anything to scale: a study may have taken away its limits."""

    def refuses(self, to: float) -> str:
        """Why it cannot become so much now, in words; nothing if it can."""

    def ask(self, to: float) -> None:
        """It is to become so much."""

    def settle(self) -> str:
        """Begin what is left to be done. Why that is impossible, in words, or nothing."""

    def gently(self, wanted: float) -> float:
        """As much less as may be wanted at one look of target tracking."""

    def bases(self) -> tuple[int, int]:
        """To how many step policies add, and from how many they take away."""


class NodesOfSite:
    """Nodes of a service in a region."""

    def __init__(self, world: World, plan: ScalingPlan, of: NodesScaled) -> None:
        self._world, self._plan, self._of = world, plan, of
        self._site = of.fleet.service, of.fleet.region
        self._fleet = world.one(fleets_of)[self._site]
        self._fleet.asked = int(plan.at_first)
        self._launched = 0

    @property
    def asked(self) -> float:
        """What has been asked for, by a failover plan, too."""
        return float(self._fleet.asked)

    def is_there(self) -> bool:
        """Whether the site runs on nodes."""
        return self._site in self._world.nodes

    @property
    def is_settling(self) -> bool:
        """Whether any node is missing, is launched or warms up."""
        there = len(self._world.nodes[self._site])
        return there < self._fleet.asked or bool(self._fleet.launching) or self._warm() < there

    def _warm(self) -> int:
        """How many of those that are there have warmed up."""
        now_ns, since_ns = self._world.now_ns, self._fleet.since_ns
        there = self._world.nodes[self._site]
        return sum(now_ns >= since_ns[one] + self._of.warms_ns if one in since_ns else True for one in there)

    def _leaving(self) -> int:
        until_ns = self._fleet.leaving_until_ns.values()
        return sum(self._world.now_ns < one for one in until_ns)

    def bases(self) -> tuple[int, int]:
        """Added is to those that are warm, taken away is from those that are there or leaving."""
        return self._warm(), len(self._world.nodes[self._site]) + self._leaving()

    def gently(self, wanted: float) -> float:
        """A share of those that are there or leaving."""
        return gently(wanted, self.bases()[1], self._of.in_most)

    def refuses(self, _to: float) -> str:
        """Nodes can be asked for while EC2 launches none."""
        return why_refused(self._world, "auto_scaling", self._plan.region)

    def ask(self, to: float) -> None:
        """So many nodes are to be there."""
        self._fleet.asked = int(to)

    def settle(self) -> str:
        """Launch what is missing, or take away what is too much."""
        there, fleet = self._world.nodes[self._site], self._fleet
        missing = fleet.asked - len(there) - len(fleet.launching)
        if missing <= 0 and len(there) <= fleet.asked:
            return ""
        if why := why_refused(self._world, "ec2", self._plan.region):
            return why
        for _ in range(len(there) - fleet.asked):
            take_away(self._world, self._site, self._of.leaves_ns)
        return self._launch(missing) if missing > 0 else ""

    def _launch(self, missing: int) -> str:
        if why := why_too_many(self._world, self._of.fleet, missing):
            return why
        free = sorted(self._free())[:missing]
        for _, number in free:
            count, self._launched = self._launched, self._launched + 1
            begin_launch(self._world, self._of.fleet, number, partial(self._draw, count))
        return "" if len(free) == missing else "zones are down, and the others have no place for more nodes"

    def _draw(self, count: int, _node: int, word: int) -> float:
        """Of the nodes that it launches, each has draws of its own."""
        return uniform(self._world.plan.data.seed, SCALING, self._plan.number, count, 0, word)

    def _free(self) -> Iterator[tuple[int, int]]:
        """The numbers that are free, those first that nobody is leaving: when, and which."""
        taken = self._world.nodes[self._site] | self._fleet.launching.keys()
        for number in range(self._of.rows):
            if number not in taken and zone_is_up(self._world, self._site, number):
                until_ns = self._fleet.leaving_until_ns.get(number, 0)
                yield (until_ns if until_ns > self._world.now_ns else 0), number


class EnvironmentsOfFunction:
    """Provisioned concurrency of a function in a region."""

    def __init__(self, world: World, plan: ScalingPlan, of: FunctionScaled) -> None:
        self._world, self._plan, self._function = world, plan, of.function
        self._site = of.function.service, of.function.region
        self._claims = world.one(claims_of)
        self._asked = 0

    def is_there(self) -> bool:
        """Whether the site runs on Lambda."""
        return self._site in self._claims.provisioned

    @property
    def asked(self) -> float:
        """What has been asked for, by a failover plan, too."""
        return float(self._claims.provisioned[self._site])

    @property
    def is_settling(self) -> bool:
        """Whether environments are being started."""
        return self._claims.warm[self._site] < self._claims.provisioned[self._site]

    def bases(self) -> tuple[int, int]:
        """There are no step policies of functions."""
        return self._claims.warm[self._site], self._claims.warm[self._site]

    def gently(self, wanted: float) -> float:
        """As much as is wanted."""
        return wanted

    def refuses(self, to: float) -> str:
        """The control planes, and what the account has."""
        for plane in ("auto_scaling", "lambda"):
            if why := why_refused(self._world, plane, self._plan.region):
                return why
        return why_too_much(self._world, self._function, self._claims.reserved[self._site], int(to))

    def ask(self, to: float) -> None:
        """Environments are started, or are ordinary ones from now on."""
        if to < self.asked:
            shrink_function(self._world, self._site, int(to))
            return
        u = uniform(self._world.plan.data.seed, SCALING, self._plan.number, self._asked)
        self._asked += 1
        self._world.begin(grow_function(self._world, replace(self._function, provisioned=int(to)), u))

    def settle(self) -> str:
        """Nothing is left to be done."""
        return ""


class ThroughputOfTable:
    """Units a second of a table."""

    def __init__(self, world: World, plan: ScalingPlan, of: TableScaled) -> None:
        self._world, self._plan, self._of = world, plan, of
        self._changing: float | None = None
        self._lowered_ns: list[int] = []
        self._asked = 0

    def is_there(self) -> bool:
        """Whether the table has limits."""
        return bool(self._world.plan.data.store_limited[self._of.throughput.store])

    @property
    def asked(self) -> float:
        """What is being changed to, or what there is."""
        of = self._of
        rate = self._world.one(rates_of)[of.throughput.store, of.throughput.region, of.way]
        return float(rate) if self._changing is None else self._changing

    @property
    def is_settling(self) -> bool:
        """Whether the table is being changed."""
        return self._changing is not None

    def bases(self) -> tuple[int, int]:
        """There are no step policies of tables."""
        return int(self.asked), int(self.asked)

    def gently(self, wanted: float) -> float:
        """As much as is wanted."""
        return wanted

    def refuses(self, to: float) -> str:
        """The control planes, a change that is under way, and how often a table may be lowered."""
        for plane in ("auto_scaling", "dynamodb"):
            if why := why_refused(self._world, plane, self._plan.region):
                return why
        if self.is_settling:
            return "the table is being changed already"
        offset_ns = self._world.plan.data.day_offset_ns
        if to < self.asked and not may_be_lowered(self._lowered_ns, self._world.now_ns, offset_ns):
            return "a table is lowered four times in the first hour of a day, and then once an hour"
        return ""

    def ask(self, to: float) -> None:
        """The table is changed."""
        if to < self.asked:
            self._lowered_ns.append(self._world.now_ns)
        self._changing = to
        self._world.begin(self._change(to))

    def _change(self, to: float) -> Process:
        u = uniform(self._world.plan.data.seed, SCALING, self._plan.number, self._asked)
        self._asked += 1
        yield from change_throughput(self._world, self._of.throughput, self._of.way, to, u)
        self._changing = None

    def settle(self) -> str:
        """Nothing is left to be done."""
        return ""


def capacity_of(world: World, plan: ScalingPlan) -> Capacity:
    """What a scaler changes."""
    if isinstance(plan.of, NodesScaled):
        return NodesOfSite(world, plan, plan.of)
    if isinstance(plan.of, FunctionScaled):
        return EnvironmentsOfFunction(world, plan, plan.of)
    return ThroughputOfTable(world, plan, plan.of)
