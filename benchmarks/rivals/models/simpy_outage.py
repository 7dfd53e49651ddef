"""Two regions, a table copied between them, and five minutes without one of them, in SimPy."""

import random

import simpy

REGIONS = ("eu-west-1", "eu-central-1")
DURATION_S = 900
LOST, LOST_FROM_S, LOST_FOR_S = "eu-west-1", 300, 300
THINK_S, TAKES_S = 5.0, 0.020
NEAR_S, FAR_S = 0.02, 0.04  # each way
WRITES, ITEMS, COPY_S = 0.2, 20_000, 0.5
TTL_S, CHECK_S, IN_A_ROW, PROPAGATION_S = 60, 10, 2, 5
OBJECTIVE, WINDOW_S = 0.99, 10


class Region:
    def __init__(self, env, name):
        self.name = name
        self.up = True
        self.returned = env.event()
        self.seen = {}  # item: time of its newest write that is visible here
        self.copies_on_their_way = 0


class World:
    def __init__(self, env, rng):
        self.env, self.rng = env, rng
        self.regions = {name: Region(env, name) for name in REGIONS}
        self.answered = {name: name for name in REGIONS}  # where users near a region are led
        self.changes = []
        self.good = [0] * (DURATION_S // WINDOW_S)
        self.bad = [0] * (DURATION_S // WINDOW_S)
        self.latencies = []
        self.reads = self.stale = self.at_risk = 0

    def other(self, name):
        return self.regions[REGIONS[1 - REGIONS.index(name)]]


def user(world, home):
    env, rng = world.env, world.rng
    answer, expires = home, rng.uniform(0, TTL_S)
    while True:
        yield env.timeout(rng.expovariate(1 / THINK_S))
        begun = env.now
        if begun >= expires:
            answer, expires = world.answered[home], begun + TTL_S
        region = world.regions[answer]
        way_s = NEAR_S if answer == home else FAR_S
        yield env.timeout(way_s)
        served = region.up
        if served:
            yield env.timeout(rng.expovariate(1 / TAKES_S))
            item = rng.randrange(ITEMS)
            if rng.random() < WRITES:
                write(world, region, item)
            else:
                read(world, region, item)
        yield env.timeout(way_s)
        tally = world.good if served else world.bad
        tally[int(env.now // WINDOW_S)] += 1
        world.latencies.append(env.now - begun)


def read(world, region, item):
    world.reads += 1
    world.stale += world.other(region.name).seen.get(item, -1) > region.seen.get(item, -1)


def write(world, region, item):
    region.seen[item] = world.env.now
    world.env.process(copy(world, region, world.other(region.name), item, world.env.now))


def copy(world, origin, target, item, written):
    origin.copies_on_their_way += 1
    yield world.env.timeout(COPY_S)
    while not (origin.up and target.up):
        yield (target if origin.up else origin).returned
    origin.copies_on_their_way -= 1
    target.seen[item] = max(written, target.seen.get(item, -1))


def outage(world):
    region = world.regions[LOST]
    yield world.env.timeout(LOST_FROM_S)
    region.up = False
    world.at_risk = region.copies_on_their_way
    yield world.env.timeout(LOST_FOR_S)
    region.up = True
    region.returned.succeed()


def health_check(world, name):
    healthy, against = True, 0
    yield world.env.timeout(CHECK_S / 2)
    while True:
        against = against + 1 if world.regions[name].up != healthy else 0
        if against == IN_A_ROW:
            healthy, against = not healthy, 0
            world.env.process(change(world, name, healthy))
        yield world.env.timeout(CHECK_S)


def change(world, name, healthy):
    yield world.env.timeout(PROPAGATION_S)
    world.answered[name] = name if healthy else world.other(name).name
    world.changes.append(world.env.now)


def run(users, seed):
    env = simpy.Environment()
    world = World(env, random.Random(seed))
    for number in range(users):
        env.process(user(world, REGIONS[number % len(REGIONS)]))
    env.process(outage(world))
    for name in REGIONS:
        env.process(health_check(world, name))
    env.run(until=DURATION_S)
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
