"""M/M/1 in simulus."""

import random

import simulus

MEAN_S = 10.0
LOAD = 0.8


def run(customers, seed):
    simulator = simulus.simulator()
    server = simulator.resource(capacity=1)
    rng = random.Random(seed)
    waits = []

    def customer():
        came = simulator.now
        server.acquire()
        waits.append(simulator.now - came)
        simulator.sleep(rng.expovariate(1 / MEAN_S))
        server.release()

    def arrivals():
        for _ in range(customers):
            simulator.sleep(rng.expovariate(LOAD / MEAN_S))
            simulator.process(customer)

    simulator.process(arrivals)
    simulator.run()
    return {"requests": len(waits), "mean_wait_s": sum(waits) / len(waits)}
