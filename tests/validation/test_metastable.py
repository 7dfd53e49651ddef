"""The metastable retry loop, and what ends it."""

import pytest

from tests.validation import metastable

RUNS = 5


@pytest.mark.parametrize(("load", "outage_s", "survives"), metastable.SURVIVES)
def test_load_is_served_again_or_never_as_published(load: int, outage_s: int, survives: bool) -> None:
    runs = RUNS if outage_s == 1 else 1  # luck decides after one second
    assert metastable.survival(load, outage_s, survives, runs).holds


def test_the_loop_doubles_the_load() -> None:
    assert metastable.offered(280).holds


@pytest.mark.parametrize(("load", "retries"), [(280, 5), (160, 16), (200, 20), (250, 25)])
def test_few_enough_retries_end_the_loop_when_the_backlog_is_worked_off(load: int, retries: int) -> None:
    assert metastable.recovery(load, retries, RUNS).holds


def test_more_retries_than_spare_capacity_never_end_it() -> None:
    assert metastable.stuck(280, 28).holds


def _regulars(**client: object) -> float:
    """Share of the load that 2,400 clients, each asking every ten seconds or so, are served in the end."""
    regulars = metastable.clients(1, 2, sessions=2400, think_time={"mean": "10 s"})
    del regulars["arrivals"], regulars["session_length"]
    regulars["client"] |= client
    succeeded = metastable.windows({"people": regulars}, 10, 240)[200:235]
    return float(succeeded.mean()) / 240


def test_a_quota_of_each_client_ends_the_loop() -> None:
    """In the loop a client asks twice every 12 s: 400/s.

    With an empty quota it asks once in 11 s: 218/s, less than 300.
    """
    assert _regulars() < 0.05
    assert _regulars(quota={"tokens": 10, "cost": 10}) > 0.95


def test_quotas_of_clients_that_ask_only_once_help_nobody() -> None:
    """Each session is a client with a full quota of its own."""
    fresh = metastable.clients(240, 2)
    fresh["client"] |= {"quota": {"tokens": 10, "cost": 10}}
    assert metastable.windows({"people": fresh}, 10, 240)[200:235].sum() == 0


def test_closed_form_is_the_backlog_by_the_spare_capacity() -> None:
    """2,800 requests and 45 retries wait at the outage's end, and 300 may.

    300 - 280 - 5 a second are worked off.
    """
    assert metastable.drain_s(280, 5) == pytest.approx((2800 + 45 - 300) / 15)
