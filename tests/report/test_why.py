"""Chains of causes for a reader: which is chosen, and how it is told."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest

from simulator.errors import UsageError
from simulator.report.why import chain_to, why_lines
from simulator.result.whole import Event, Result

FAULT = Event(0, 600.0, "fault_on", "eu-south-1 does not answer", {}, None)
STOPPED = Event(1, 600.0, "replication_stopped", "orders eu-south-1→eu-central-1", {}, 0)
SICK = Event(2, 636.25, "health_unhealthy", "api@eu-south-1", {}, 0)
MOVED = Event(3, 639.501, "answer_changed", "api.example", {"cause": "health", "regions": ["a", "b"]}, 2)
OTHER = Event(4, 700.0, "fault_on", "eu-central-1 is slow", {}, None)
LOG = (FAULT, STOPPED, SICK, MOVED, OTHER)
S = 10**9


def result(*events: Event) -> Result:
    return cast(Result, SimpleNamespace(events=events, recipe=SimpleNamespace(duration_s=2700.0)))


def test_the_last_change_of_answers_is_traced_back_to_the_fault() -> None:
    assert chain_to(result(*LOG), 640 * S) == [FAULT, SICK, MOVED]
    assert chain_to(result(*LOG), 2700 * S) == [FAULT, SICK, MOVED]


def test_an_entry_at_the_very_instant_counts() -> None:
    assert chain_to(result(*LOG), 639_501_000_000)[-1] == MOVED
    with pytest.raises(UsageError, match="no change of answers had happened by 10 min 39 s"):
        chain_to(result(*LOG), 639 * S)


@pytest.mark.parametrize(
    ("about", "chain"), [("ORDERS", [FAULT, STOPPED]), ("api@", [FAULT, SICK]), ("slow", [OTHER])]
)
def test_a_text_chooses_another_target(about: str, chain: list[Event]) -> None:
    assert chain_to(result(*LOG), 2700 * S, about) == chain


@pytest.mark.parametrize(
    ("at_s", "about", "said"),
    [
        (2701, None, "--at 45 min 1 s is after the end of the run; give a time from 0 s to 45 min"),
        (5, None, "no change of answers had happened by 5 s; the next is at 10 min 39.6 s"),
        (650, "slow", "nothing about 'slow' had happened by 10 min 50 s; the next is at 11 min 40 s"),
        (650, "lima", "ask with --about for one of: 'eu-south-1 does not answer', 'orders"),
    ],
)
def test_where_there_is_nothing_it_is_said_what_else_to_ask(at_s: int, about: str | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        chain_to(result(*LOG), at_s * S, about)
    assert said in str(caught.value)


def test_an_empty_log_is_called_so() -> None:
    with pytest.raises(UsageError, match="which is empty"):
        chain_to(result(), 5 * S)


def test_a_chain_is_told_with_times_of_the_run_and_of_the_clock() -> None:
    assert [*why_lines([FAULT, SICK, MOVED], 10 * 3600.0, 80)] == [
        "Why answer_changed of api.example at 10 min 39.6 s:",
        "",
        "10 min         10:10:00  eu-south-1 does not answer",
        "                         fault_on: a fault begins to act; each flap begins anew",
        "10 min 36.3 s  10:10:36  api@eu-south-1",
        "+36.3 s                  health_unhealthy: the check, or the record's own",
        "                         target, has failed",
        "10 min 39.6 s  10:10:39  api.example",
        "+3.3 s                   answer_changed: users at some place are answered",
        "                         something else",
        "                         regions: a, b",
    ]


def test_lines_keep_to_the_width_and_nothing_steers_a_terminal() -> None:
    odd = replace(MOVED, target="x\x1b[31m " + "word " * 40)
    lines = [*why_lines([FAULT, odd], 23 * 3600.0, 80)]
    assert max(map(len, lines)) <= 80
    assert not any("\x1b" in line for line in lines)


def test_whose_clients_were_flagged_is_told_by_population() -> None:
    flagged = Event(
        0, 900.0, "clients_flagged", "unusual", {"clients": 3, "populations": {"bots 1": 3}}, None
    )
    told = " ".join(why_lines([flagged], 0, 80))
    assert "clients: 3; populations: 3 of bots 1" in " ".join(told.split())
