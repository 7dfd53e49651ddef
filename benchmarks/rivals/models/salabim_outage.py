"""Two regions, a table copied between them, and five minutes without one of them, in salabim."""

import random

import salabim as sim

REGIONS = ("eu-west-1", "eu-central-1")
DURATION_S = 900
LOST, LOST_FROM_S, LOST_FOR_S = "eu-west-1", 300, 300
THINK_S, TAKES_S = 5.0, 0.020
NEAR_S, FAR_S = 0.02, 0.04  # each way
WRITES, ITEMS, COPY_S = 0.2, 20_000, 0.5
TTL_S, CHECK_S, IN_A_ROW, PROPAGATION_S = 60, 10, 2, 5
OBJECTIVE, WINDOW_S = 0.99, 10

sim.yieldless(False)


class Region:
    def __init__(self, name):
        self.name = name
        self.up = sim.State(f"{name} is up", value=True)
        self.seen = {}  # item: time of its newest write that is visible here
        self.copies_on_their_way = 0


class World:
    def __init__(self, rng):
        self.rng = rng
        self.regions = {name: Region(name) for name in REGIONS}
        self.answered = {name: name for name in REGIONS}  # where users near a region are led
        self.changes = []
        self.good = [0] * (DURATION_S // WINDOW_S)
        self.bad = [0] * (DURATION_S // WINDOW_S)
        self.latencies = []
        self.reads = self.stale = self.at_risk = 0

    def other(self, name):
        return self.regions[REGIONS[1 - REGIONS.index(name)]]


class User(sim.Component):
    def process(self, world, home):
        rng = world.rng
        answer, expires = home, rng.uniform(0, TTL_S)
        while True:
            yield self.hold(rng.expovariate(1 / THINK_S))
            begun = self.env.now()
            if begun >= expires:
                answer, expires = world.answered[home], begun + TTL_S
            region = world.regions[answer]
            way_s = NEAR_S if answer == home else FAR_S
            yield self.hold(way_s)
            served = region.up()
            if served:
                yield self.hold(rng.expovariate(1 / TAKES_S))
                item = rng.randrange(ITEMS)
                if rng.random() < WRITES:
                    region.seen[item] = self.env.now()
                    Copy(world=world, origin=region, item=item)
                else:
                    world.reads += 1
                    world.stale += world.other(region.name).seen.get(item, -1) > region.seen.get(item, -1)
            yield self.hold(way_s)
            tally = world.good if served else world.bad
            tally[int(self.env.now() // WINDOW_S)] += 1
            world.latencies.append(self.env.now() - begun)


class Copy(sim.Component):
    def process(self, world, origin, item):
        target, written = world.other(origin.name), self.env.now()
        origin.copies_on_their_way += 1
        yield self.hold(COPY_S)
        if not (origin.up() and target.up()):
            yield self.wait((origin.up, True), (target.up, True), all=True)
        origin.copies_on_their_way -= 1
        target.seen[item] = max(written, target.seen.get(item, -1))


class Outage(sim.Component):
    def process(self, world):
        region = world.regions[LOST]
        yield self.hold(LOST_FROM_S)
        region.up.set(False)
        world.at_risk = region.copies_on_their_way
        yield self.hold(LOST_FOR_S)
        region.up.set(True)


class HealthCheck(sim.Component):
    def process(self, world, place):
        healthy, against = True, 0
        yield self.hold(CHECK_S / 2)
        while True:
            against = against + 1 if world.regions[place].up() != healthy else 0
            if against == IN_A_ROW:
                healthy, against = not healthy, 0
                Change(world=world, place=place, healthy=healthy)
            yield self.hold(CHECK_S)


class Change(sim.Component):
    def process(self, world, place, healthy):
        yield self.hold(PROPAGATION_S)
        world.answered[place] = place if healthy else world.other(place).name
        world.changes.append(self.env.now())


def run(users, seed):
    env = sim.Environment(random_seed=seed, trace=False)
    world = World(random.Random(seed))
    for number in range(users):
        User(world=world, home=REGIONS[number % len(REGIONS)])
    Outage(world=world)
    for name in REGIONS:
        HealthCheck(world=world, place=name)
    env.run(till=DURATION_S)
    windows = enumerate(zip(world.good, world.bad, strict=True))
    not_ok = [number for number, (good, bad) in windows if good < OBJECTIVE * (good + bad)]
    return {
        "requests": len(world.latencies),
        "changes_s": world.changes,
        "not_ok_s": [WINDOW_S * min(not_ok), WINDOW_S * (max(not_ok) + 1)],
        "at_risk": world.at_risk,
        "stale": world.stale / world.reads,
        "p99_s": sorted(world.latencies)[int(0.99 * len(world.latencies))],
    }
