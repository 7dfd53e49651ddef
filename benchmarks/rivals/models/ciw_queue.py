"""M/M/1 in Ciw."""

import ciw

MEAN_S = 10.0
LOAD = 0.8


def run(customers, seed):
    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=LOAD / MEAN_S)],
        service_distributions=[ciw.dists.Exponential(rate=1 / MEAN_S)],
        number_of_servers=[1],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return {"requests": len(waits), "mean_wait_s": sum(waits) / len(waits)}
