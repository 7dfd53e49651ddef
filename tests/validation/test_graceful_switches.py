"""A graceful switch loses nothing: drawn systems of tables and a database, of which a region is lost later.

Writes are fenced off, what is under way arrives, the database is switched and traffic led elsewhere; ten
minutes after the plan began the region is lost for good. The same plan in an emergency leaves all that out.
"""

from random import Random
from typing import Any

import pytest

from simulator.outcome import Outcome
from tests.small import Written, played

REGIONS = ["eu-central-1", "eu-west-1", "eu-north-1"]
OLD, NEW = REGIONS[:2]


def drawn(seed: int) -> tuple[Written, Written]:
    """A system of one or two tables and a database, users near the old region, and the plan at some time."""
    random = Random(seed)
    tables = {f"t{number}": _table(random) for number in range(random.randint(1, 2))}
    base = {"engine": "aurora_global", "writer": OLD, "readers": [NEW], "items": random.randint(1, 50)}
    base |= {"replication_lag": _lag(random, 2.0), "promotion": "30 s", "switchover": "5 s"}
    stores = [*tables, "base"]
    operations = {f"op{number}": _steps(random, stores) for number in range(3)}
    service = {"regions": [OLD, NEW], "operations": operations}
    name = {"service": "api", "policy": "failover", "order": [OLD, NEW], "health_check": "c", "ttl": "5 s"}
    system = {
        "topology": "drawn",
        "regions": {region: {} for region in REGIONS},
        "tables": tables,
        "databases": {"base": base},
        "services": {"api": service},
        "dns": {"api.example": name},
        "health_checks": {"c": {"interval": "10 s"}},
        "plans": {"over": _plan(random, stores)},
    }
    return system, _run(random, operations)


def _table(random: Random) -> Written:
    return {"replicas": REGIONS[: random.randint(2, 3)], "items": random.choice((1, 5, 100)),
            "replication_lag": _lag(random, 20.0)}  # fmt: skip


def _lag(random: Random, longest_s: float) -> Written:
    median_s = random.uniform(0.1, longest_s)
    return {"median": f"{median_s:.3f} s", "p99": f"{median_s * random.uniform(1.2, 4):.3f} s"}


def _steps(random: Random, stores: list[str]) -> list[Written]:
    kinds = ("read", "write", "write")
    steps = [{random.choice(kinds): random.choice(stores)} for _ in range(random.randint(1, 3))]
    return [{"compute": f"{random.randint(1, 200)} ms"}, *steps]


def _plan(random: Random, stores: list[str]) -> Written:
    """Fence, wait, switch, then lead traffic away; nothing but the promotion in an emergency."""
    fence = {"fence": OLD, "settles": f"{random.randint(0, 30)} s", "by": "application"}
    waits = [{"wait_for": {"replication": store, "region": NEW}, "only": "graceful"} for store in stores]
    graceful = [fence, {"together": waits}]
    promote = {"promote": "base", "to": NEW}
    steps = [*({**one, "only": "graceful"} if "fence" in one else one for one in graceful), promote,
             {"drain": OLD, "only": "graceful"}]  # fmt: skip
    return {"decision": "none", "steps": steps}


def _run(random: Random, operations: Written) -> Written:
    at_s = random.randint(60, 180)
    users = {"near": OLD, "sessions": random.randint(2, 12), "think_time": f"{random.randint(2, 8)} s"}
    return {
        "experiment": "drawn",
        "topology": "topology.yaml",
        "duration": f"{at_s + 660} s",
        "users": {"people": users | {"actions": dict.fromkeys(operations, 1), "client": "script"}},
        "operator": [{"run": "over", "at": f"{at_s} s", "mode": "graceful"}],
        "faults": [{"at": f"{at_s + 600} s", "region": OLD, "mode": "lost"}],
    }


def switched(seed: int, mode: str) -> Outcome:
    system, run = drawn(seed)
    run["operator"][0]["mode"] = mode
    return played(system, run, seed)


def assert_loses_nothing(seed: int) -> int:
    """Of what was acknowledged nothing is lost, nothing overtaken. How many writes there were."""
    outcome = switched(seed, "graceful")
    assert [event.kind for event in outcome.events if event.kind.startswith("plan_")][-1] == "plan_done", seed
    tallies: Any = outcome.tallies
    assert (tallies.lost.sum(), tallies.lost_updates.sum()) == (0, 0), seed
    return int(tallies.writes.sum())


QUICK, ALL = range(6), range(1000)


def test_a_graceful_switch_loses_nothing() -> None:
    assert sum(assert_loses_nothing(seed) for seed in QUICK) > 500


def test_the_same_plan_in_an_emergency_loses_writes() -> None:
    """The database's unshipped writes, and what the tables had not copied when the region was lost."""
    lost = [switched(seed, "ungraceful").tallies.lost.sum() for seed in QUICK]
    assert sum(1 for one in lost if one) >= len(lost) // 2


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_a_thousand_graceful_switches_lose_nothing(block: int) -> None:
    """A twentieth of them: writes that are lost without the plan are not with it."""
    seeds = ALL[block::20]
    assert sum(assert_loses_nothing(seed) for seed in seeds) > 5000
    assert sum(switched(seed, "ungraceful").tallies.lost.sum() for seed in seeds[::5]) > 0
