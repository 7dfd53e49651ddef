"""Queues of nodes against queueing theory, with 200,000 arrivals each in ten runs."""

import pytest

from tests.validation import queueing
from tests.validation.queueing import QUEUES, Queue

EACH = 20_000  # arrivals in each of the ten runs; tolerances are three standard errors of their mean


def named(queue: Queue) -> str:
    return queue.what


@pytest.mark.parametrize("queue", QUEUES, ids=named)
def test_mean_wait_is_the_closed_form(queue: Queue) -> None:
    assert queueing.wait(queue, EACH).holds


@pytest.mark.parametrize("queue", [q for q in QUEUES if q.service == "M"], ids=named)
def test_share_of_requests_that_wait_is_erlangs(queue: Queue) -> None:
    assert queueing.waited(queue, EACH).holds


@pytest.mark.parametrize("queue", QUEUES[:3], ids=named)
def test_time_in_the_system_is_exponential(queue: Queue) -> None:
    assert queueing.sojourn(queue, EACH).holds


def test_formulas_give_the_published_values() -> None:
    """Erlang C for 2, 5, 10 and 50 servers; half the wait of M/M/1 with constant service times."""
    published = {(2, 1.6): 0.71111, (5, 4): 0.55411, (10, 8): 0.40918, (50, 45): 0.36386}
    for (workers, load), share in published.items():
        assert Queue("M", workers, load).probability_of_waiting() == pytest.approx(share, abs=1e-5)
    assert Queue("M", 50, 45).mean_wait() == pytest.approx(0.07277, abs=1e-5)
    assert [Queue("M", 1, load).mean_wait() for load in (0.5, 0.8, 0.9)] == pytest.approx([1, 4, 9])
    assert [Queue("D", 1, load).mean_wait() for load in (0.5, 0.8, 0.9)] == pytest.approx([0.5, 2, 4.5])


def test_littles_law_is_an_identity() -> None:
    """Each run checks it; here it has something to say.

    A request waits for no more than the queue's length.
    """
    t = queueing.one_run(Queue("M", 1, 0.8), EACH).tallies
    assert t.queue_wait_time.sum() > 0
    assert t.queue_wait_time.tolist() == t.queue_integral_time.tolist()
