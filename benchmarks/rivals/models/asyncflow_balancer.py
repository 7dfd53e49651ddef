"""Two servers behind a load balancer, in asyncflow: a scenario in YAML, and its runner."""

from pathlib import Path

import numpy as np
import simpy
import yaml
from asyncflow.runtime.simulation_runner import SimulationRunner
from asyncflow.schemas.payload import SimulationPayload

CONSTANT_S = 0.003 + 0.001 + 0.0001 + 0.001 + 0.000001  # of the mean latency: service, and the ways


def run(seconds, seed):
    scenario = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    scenario["sim_settings"]["total_simulation_time"] = seconds
    payload = SimulationPayload.model_validate(scenario)
    runner = SimulationRunner(env=simpy.Environment(), simulation_input=payload)
    runner.rng = np.random.default_rng(seed)
    stats = runner.run().get_latency_stats()
    return {
        "requests": int(stats["total_requests"]),
        "mean_wait_s": stats["mean"] - CONSTANT_S,
        "p99_s": stats["p99"],
    }
