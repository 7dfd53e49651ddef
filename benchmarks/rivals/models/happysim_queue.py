"""M/M/1 in happysim, of its own parts: a source, a server and a sink."""

import random

from happysimulator import Instant, Server, Simulation, Sink, Source
from happysimulator.distributions import ExponentialLatency

MEAN_S = 10.0
LOAD = 0.8


def run(customers, seed):
    random.seed(seed)
    sink = Sink()
    server = Server("server", service_time=ExponentialLatency(MEAN_S), downstream=sink)
    source = Source.poisson(rate=LOAD / MEAN_S, target=server)
    end = Instant.from_seconds(customers * MEAN_S / LOAD)
    Simulation(sources=[source], entities=[server, sink], end_time=end).run()
    served = sink.events_received
    return {"requests": served, "mean_wait_s": sink.average_latency() - server.average_service_time}
