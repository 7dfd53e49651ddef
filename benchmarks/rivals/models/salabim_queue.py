"""M/M/1 in salabim, in its quicker way of writing processes: with `yield`."""

import salabim as sim

MEAN_S = 10.0
LOAD = 0.8

sim.yieldless(False)


class Customer(sim.Component):
    def process(self, server, takes, waits):
        came = self.env.now()
        yield self.request(server)
        waits.append(self.env.now() - came)
        yield self.hold(takes.sample())
        self.release(server)


class Arrivals(sim.Component):
    def process(self, server, customers, waits):
        gap = sim.Exponential(MEAN_S / LOAD)
        takes = sim.Exponential(MEAN_S)
        for _ in range(customers):
            yield self.hold(gap.sample())
            Customer(server=server, takes=takes, waits=waits)


def run(customers, seed):
    env = sim.Environment(random_seed=seed, trace=False)
    waits = []
    Arrivals(server=sim.Resource("server", capacity=1), customers=customers, waits=waits)
    env.run()
    return {"requests": len(waits), "mean_wait_s": sum(waits) / len(waits)}
