"""The outage in SimPy under many seeds, by two processes."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial

from benchmarks.rivals.models import simpy_outage

USERS = 2000


def run(seeds, first):
    with ProcessPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(partial(simpy_outage.run, USERS), range(first, first + seeds)))
    until = sorted(result["not_ok_s"][1] for result in results)
    return {
        "requests": sum(result["requests"] for result in results),
        "changes_s": results[0]["changes_s"],
        "not_ok_s": [min(result["not_ok_s"][0] for result in results), until[len(until) // 2]],
        "at_risk": sum(result["at_risk"] for result in results),
    }
