"""What sites, tables, caches and edges took on and turned away; calls from instances to stores; tokens."""

from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import (
    CALL_FAILURES,
    CONNECT_CALL,
    HISTOGRAM_BINS,
    THROTTLED_CALL,
    UNAUTHORIZED,
)
from simulator.measure import calls, capacity, identity
from simulator.measure.histogram import bin_of
from simulator.outcome import Outcome
from simulator.result.plain import plain
from tests.measure.handmade import HERE, SECOND, THERE, at, outcome, rich, times

SITES, PLACES = (2, 2), (4, 2)


def run(**tallies: Any) -> Outcome:
    """100 s of a system with one of everything: Lambda here, nodes there."""
    return outcome("-" * 10, plan=rich(10), **tallies)


def sites(**tallies: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = plain(capacity.section(run(**tallies)))["sites"]
    return found


def test_sites_are_the_services_where_they_run() -> None:
    found = [(one["service"], one["region"], one["compute"], one["gateway"]) for one in sites()]
    assert found == [
        ("api", HERE, "lambda", True),
        ("api", THERE, "nodes", False),
        ("identity", HERE, "unlimited", False),
    ]


def test_what_a_site_turned_away_is_told_by_reason() -> None:
    here, there, _ = sites(
        gateway_throttled=at((3, *SITES), _0_0_0=1, _1_0_0=2, _2_0_0=3),
        lambda_throttled=at(SITES, _0_0=4),
        overloaded=at(SITES, _0_1=5),
        unreachable=at(SITES, _0_1=6),
    )
    assert here["gateway_throttled"] == {"method": 1, "stage": 2, "account": 3}
    assert (here["lambda_throttled"], there["overloaded"], there["unreachable"]) == (4, 5, 6)


def test_cold_starts_are_shares_of_what_lambda_began() -> None:
    here, there, issuer = sites(started=at(SITES, _0_0=40, _0_1=9), cold_starts=at(SITES, _0_0=10))
    assert (here["cold_starts"], here["cold_start_share"]) == (10, 0.25)
    assert there["cold_start_share"] is issuer["cold_start_share"] is None
    assert sites()[0]["cold_start_share"] is None


def test_utilization_is_of_all_that_could_have_worked() -> None:
    busy = at(SITES, _0_0=500 * SECOND, _0_1=200 * SECOND, _1_0=7 * SECOND)
    found = sites(busy_time=times(busy), compute_time=times(at(SITES, _0_0=125 * SECOND)))
    # 100 environments for 100 s; two nodes of four workers for 100 s; the issuer has no limit
    assert [one["most_at_once"] for one in found] == [100, 8, None]
    assert [one["utilization"] for one in found] == [0.05, 0.25, None]
    assert [one["cpu_share"] for one in found] == [0.25, 0.0, 0.0]
    assert [one["busy_s"] for one in found] == [500, 200, 7]
    assert sites()[0]["cpu_share"] is None


def test_lambda_pays_for_gigabyte_seconds() -> None:
    found = sites(busy_time=times(at(SITES, _0_0=500 * SECOND, _0_1=10 * SECOND)))
    assert [one["memory_gb_s"] for one in found] == [250.0, None, None]  # 512 MB for 500 s


def test_memory_of_nodes_is_at_most_that_of_all_at_work_and_waiting() -> None:
    found = sites(peak_in_use=at(SITES, _0_0=5, _0_1=8), peak_queue=at(SITES, _0_1=24))
    # 32 requests of 8 MB on two nodes of 1 GB
    assert [one["peak_memory_share"] for one in found] == [None, 32 * 8 / 2048, None]


def test_queues_have_a_mean_length() -> None:
    found = sites(queue_integral_time=times(at(SITES, _0_1=50 * SECOND)), peak_queue=at(SITES, _0_1=3))
    assert [one["mean_queue"] for one in found] == [None, 0.5, None]  # 50 s of waiting in a run of 100 s
    assert found[1]["peak_queue"] == 3


def test_a_request_that_found_a_free_worker_has_waited_0_s() -> None:
    waits = at((HISTOGRAM_BINS,), **{f"_{bin_of(100)}": 2})
    numbers = {"started": at(SITES, _0_0=900, _0_1=100), "queued": at(SITES, _0_1=2)}
    found = plain(capacity.section(run(queue_wait=waits, **numbers)))["queue_wait"]
    assert (found["count"], found["waited"]) == (100, 2)
    assert (found["p50_s"], found["p99_s"], found["max_s"]) == (0, 1e-7, 1e-7)  # 98 of 100 did not wait
    nobody = plain(capacity.section(run(started=at(SITES, _0_0=9))))["queue_wait"]
    assert (nobody["count"], nobody["p99_s"]) == (0, None)


def test_tables_with_limits_tell_what_they_throttled() -> None:
    found = plain(
        capacity.section(
            run(store_throttled=at((2, *PLACES), _0_0_0=3, _1_0_0=2), copies_delayed=at(PLACES, _0_1=7))
        )
    )["tables"]
    assert found == [
        {"table": "items", "region": HERE, "throttled_writes": 3, "throttled_reads": 2, "copies_delayed": 0},
        {"table": "items", "region": THERE, "throttled_writes": 0, "throttled_reads": 0, "copies_delayed": 7},
    ]


def test_hit_ratio_is_of_the_looks_that_got_an_answer() -> None:
    found = capacity.section(run(cache_hits=at(PLACES, _2_0=3), cache_misses=at(PLACES, _2_0=1))).caches
    assert [(one.cache, one.region, one.hit_ratio) for one in found] == [
        ("looks", HERE, 0.75),
        ("looks", THERE, None),
        ("scores", HERE, None),
        ("scores", THERE, None),
    ]


def test_edges_are_counted_together() -> None:
    found = capacity.section(run(edge_hits=6, edge_misses=1, edge_errors=1, origin_failovers=2)).edges
    assert plain(found) == {"hits": 6, "misses": 1, "errors": 1, "failovers": 2, "hit_ratio": 0.75}
    assert plain(capacity.section(run()))["edges"]["hit_ratio"] is None


def test_a_system_without_limits_says_so() -> None:
    assert plain(capacity.section(run()))["limited"]
    assert not plain(capacity.section(outcome("----")))["limited"]


# calls


def test_calls_are_told_by_store_and_region_and_in_all() -> None:
    found = plain(
        calls.section(
            run(
                calls=at(PLACES, _0_0=10, _2_1=10),
                call_tries=at(PLACES, _0_0=15, _2_1=10),
                call_failures=at(
                    (len(CALL_FAILURES), *PLACES), **{f"_{CONNECT_CALL}_0_0": 5, f"_{THROTTLED_CALL}_0_0": 1}
                ),
                calls_failed=at(PLACES, _0_0=1),
                connections_opened=at(PLACES, _0_0=4),
                call_retries_denied=2,
            )
        )
    )
    first = found["stores"][0]
    assert (first["store"], first["region"], first["tries_per_call"]) == ("items", HERE, 1.5)
    assert first["failures"] == dict.fromkeys(CALL_FAILURES, 0) | {"connect": 5, "throttled": 1}
    assert found["total"] | {"failures": 0} == {
        "calls": 20,
        "tries": 25,
        "tries_per_call": 1.25,
        "failures": 0,
        "given_up": 1,
        "connections_opened": 4,
    }
    assert found["retries_denied"] == 2
    assert len(found["stores"]) == 8  # four stores in two regions
    assert plain(calls.section(run()))["total"]["tries_per_call"] is None


# identity


def test_tokens_are_told_by_kind_and_rejections_by_region() -> None:
    attempts = np.zeros(13, np.int64)
    attempts[[0, UNAUTHORIZED]] = 95, 5
    found = plain(
        identity.section(
            run(
                token_kinds=np.array([1, 2, 3, 4]),
                forced_logins=4,
                sessions_started=40,
                attempts=attempts,
                key_fetches=np.array([3, 1]),
                key_fetches_failed=np.array([0, 1]),
                tokens_rejected=np.array([2, 4]),
            )
        )
    )
    assert found == {
        "verified": True,
        "requests_by_kind": {"sign_up": 1, "sign_in": 2, "refresh": 3, "forced": 4},
        "forced_logins": 4,
        "forced_logins_per_session": 0.1,
        "rejected": 6,
        "rejected_share": 0.05,
        "regions": [
            {"region": HERE, "key_fetches": 3, "key_fetches_failed": 0, "rejected": 2},
            {"region": THERE, "key_fetches": 1, "key_fetches_failed": 1, "rejected": 4},
        ],
    }


@pytest.mark.parametrize("field", ["forced_logins_per_session", "rejected_share"])
def test_of_nobody_there_is_no_share(field: str) -> None:
    assert plain(identity.section(run()))[field] is None


def test_tokens_that_nobody_verifies_are_told_apart() -> None:
    assert not plain(identity.section(outcome("----")))["verified"]


def test_a_store_without_limits_that_throttled_all_the_same_is_shown() -> None:
    found = plain(capacity.section(outcome("----", store_throttled=at((2, 1, 2), _0_0_1=3, _1_0_1=2))))
    assert found["limited"]
    assert found["tables"] == [
        {"table": "items", "region": THERE, "throttled_writes": 3, "throttled_reads": 2, "copies_delayed": 0}
    ]
