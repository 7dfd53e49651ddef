"""Two regions, a table copied between them, and five minutes without one of them, in happysim."""

import random

from happysimulator import Entity, Event, Instant, Simulation

REGIONS = ("eu-west-1", "eu-central-1")
DURATION_S = 900
LOST, LOST_FROM_S, LOST_FOR_S = "eu-west-1", 300, 300
THINK_S, TAKES_S = 5.0, 0.020
NEAR_S, FAR_S = 0.02, 0.04  # each way
WRITES, ITEMS, COPY_S = 0.2, 20_000, 0.5
TTL_S, CHECK_S, IN_A_ROW, PROPAGATION_S = 60, 10, 2, 5
OBJECTIVE, WINDOW_S = 0.99, 10


class Figures:
    def __init__(self):
        self.answered = {name: name for name in REGIONS}  # where users near a region are led
        self.changes = []
        self.good = [0] * (DURATION_S // WINDOW_S)
        self.bad = [0] * (DURATION_S // WINDOW_S)
        self.latencies = []
        self.reads = self.stale = self.at_risk = 0


class Region(Entity):
    def __init__(self, name, figures):
        super().__init__(name)
        self.figures = figures
        self.other = None
        self.up = True
        self.seen = {}  # item: time of its newest write that is visible here
        self.copies_on_their_way = 0
        self.waiting = []

    def handle_event(self, event):
        if event.event_type == "copy":
            self.arrive(event)
        elif event.event_type == "lost":
            self.up = False
            self.figures.at_risk = self.copies_on_their_way
        else:
            self.up = True
            for late in (*self.waiting, *self.other.waiting):
                late.target.apply(late)
            self.waiting, self.other.waiting = [], []

    def arrive(self, event):
        if self.up and self.other.up:
            self.apply(event)
        else:
            self.waiting.append(event)

    def apply(self, event):
        self.other.copies_on_their_way -= 1
        item, written = event.context["item"], event.context["written"]
        self.seen[item] = max(written, self.seen.get(item, -1))

    def read(self, item):
        self.figures.reads += 1
        self.figures.stale += self.other.seen.get(item, -1) > self.seen.get(item, -1)

    def write(self, item):
        written = self.now.to_seconds()
        self.seen[item] = written
        self.copies_on_their_way += 1
        context = {"item": item, "written": written}
        return [Event(self.now + COPY_S, "copy", target=self.other, context=context)]


class User(Entity):
    def __init__(self, name, home, regions, figures, rng):
        super().__init__(name)
        self.home, self.regions, self.figures, self.rng = home, regions, figures, rng

    def handle_event(self, event):
        rng, figures = self.rng, self.figures
        answer, expires = self.home, rng.uniform(0, TTL_S)
        while True:
            yield rng.expovariate(1 / THINK_S)
            begun = self.now.to_seconds()
            if begun >= expires:
                answer, expires = figures.answered[self.home], begun + TTL_S
            region = self.regions[answer]
            way_s = NEAR_S if answer == self.home else FAR_S
            yield way_s
            served, copies = region.up, []
            if served:
                yield rng.expovariate(1 / TAKES_S)
                item = rng.randrange(ITEMS)
                if rng.random() < WRITES:
                    copies = region.write(item)
                else:
                    region.read(item)
            yield way_s, copies
            ended = self.now.to_seconds()
            tally = figures.good if served else figures.bad
            if ended < DURATION_S:
                tally[int(ended // WINDOW_S)] += 1
                figures.latencies.append(ended - begun)


class HealthCheck(Entity):
    def __init__(self, region, figures):
        super().__init__(f"check of {region.name}")
        self.region, self.figures = region, figures
        self.healthy, self.against = True, 0

    def handle_event(self, event):
        if event.event_type == "change":
            self.change(event)
            return None
        self.against = self.against + 1 if self.region.up != self.healthy else 0
        following = [Event(self.now + CHECK_S, "check", target=self)]
        if self.against == IN_A_ROW:
            self.healthy, self.against = not self.healthy, 0
            context = {"healthy": self.healthy}
            following.append(Event(self.now + PROPAGATION_S, "change", target=self, context=context))
        return following

    def change(self, event):
        led = self.region if event.context["healthy"] else self.region.other
        self.figures.answered[self.region.name] = led.name
        self.figures.changes.append(self.now.to_seconds())


def run(users, seed):
    figures, rng = Figures(), random.Random(seed)
    regions = {name: Region(name, figures) for name in REGIONS}
    for name in REGIONS:
        regions[name].other = regions[REGIONS[1 - REGIONS.index(name)]]
    people = [User(f"user {n}", REGIONS[n % 2], regions, figures, rng) for n in range(users)]
    checks = [HealthCheck(region, figures) for region in regions.values()]
    end = Instant.from_seconds(DURATION_S)
    simulation = Simulation(entities=[*regions.values(), *people, *checks], end_time=end)
    simulation.schedule([Event(Instant.Epoch, "begin", target=person) for person in people])
    simulation.schedule([Event(Instant.from_seconds(CHECK_S / 2), "check", target=check) for check in checks])
    lost, back = Instant.from_seconds(LOST_FROM_S), Instant.from_seconds(LOST_FROM_S + LOST_FOR_S)
    simulation.schedule([Event(lost, "lost", target=regions[LOST])])
    simulation.schedule([Event(back, "back", target=regions[LOST])])
    simulation.run()
    windows = enumerate(zip(figures.good, figures.bad, strict=True))
    not_ok = [number for number, (good, bad) in windows if good < OBJECTIVE * (good + bad)]
    return {
        "requests": len(figures.latencies),
        "changes_s": figures.changes,
        "not_ok_s": [WINDOW_S * min(not_ok), WINDOW_S * (max(not_ok) + 1)],
        "at_risk": figures.at_risk,
        "stale": figures.stale / figures.reads,
        "p99_s": sorted(figures.latencies)[int(0.99 * len(figures.latencies))],
    }
