"""Two servers behind a load balancer, in SimPy."""

import itertools
import random

import simpy

RATE_PER_S = 400
SERVERS = 2
TAKES_S = 0.003
CLIENT_S = 0.001  # mean of each way between client and balancer, or server and client
INSIDE_S = 0.0001  # mean from the balancer to a server


def request(env, turns, rng, waits, latencies):
    begun = env.now
    yield env.timeout(rng.expovariate(1 / CLIENT_S))
    server = next(turns)
    yield env.timeout(rng.expovariate(1 / INSIDE_S))
    came = env.now
    with server.request() as turn:
        yield turn
        waits.append(env.now - came)
        yield env.timeout(TAKES_S)
    yield env.timeout(rng.expovariate(1 / CLIENT_S))
    latencies.append(env.now - begun)


def arrivals(env, turns, rng, waits, latencies):
    while True:
        yield env.timeout(rng.expovariate(RATE_PER_S))
        env.process(request(env, turns, rng, waits, latencies))


def run(seconds, seed):
    env = simpy.Environment()
    turns = itertools.cycle([simpy.Resource(env, capacity=1) for _ in range(SERVERS)])
    waits, latencies = [], []
    env.process(arrivals(env, turns, random.Random(seed), waits, latencies))
    env.run(until=seconds)
    p99 = sorted(latencies)[int(0.99 * len(latencies))]
    return {"requests": len(latencies), "mean_wait_s": sum(waits) / len(waits), "p99_s": p99}
