"""M/M/1 in SimPy."""

import random

import simpy

MEAN_S = 10.0
LOAD = 0.8


def customer(env, server, rng, waits):
    came = env.now
    with server.request() as turn:
        yield turn
        waits.append(env.now - came)
        yield env.timeout(rng.expovariate(1 / MEAN_S))


def arrivals(env, server, rng, customers, waits):
    for _ in range(customers):
        yield env.timeout(rng.expovariate(LOAD / MEAN_S))
        env.process(customer(env, server, rng, waits))


def run(customers, seed):
    env = simpy.Environment()
    server = simpy.Resource(env, capacity=1)
    waits = []
    env.process(arrivals(env, server, random.Random(seed), customers, waits))
    env.run()
    return {"requests": len(waits), "mean_wait_s": sum(waits) / len(waits)}
