"""What the terminal and the pictures say of the request path, from outcomes made by hand."""

import io
import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from rich.console import Console

from simulator.boundary.causes import Cause
from simulator.boundary.outcomes import CALL_FAILURES, HISTOGRAM_BINS, OUTCOMES, SUCCEEDED, THROTTLED, TIMEOUT
from simulator.measure.histogram import bin_of
from simulator.plan.lowered import Plan
from simulator.report import limits, series
from simulator.report.pictures.recovery import recovery
from simulator.report.pictures.service import service
from simulator.report.terminal import print_result
from simulator.result.whole import Result
from tests.measure.handmade import SECOND, at, fault, outcome, result, rich, small, times

SITES, PLACES = (2, 2), (4, 2)


def result_of(plan: Plan | None = None, **tallies: Any) -> Result:
    """100 s in which ten thousand actions succeeded; the first region is dark from 20 s to 30 s."""
    run = outcome(
        "..........",
        fault(20, 30),
        plan=plan or rich(10),
        actions=at((len(OUTCOMES),), **{f"_{SUCCEEDED}": 10_000}),
        action_latency=at((HISTOGRAM_BINS,), _300=10_000),
        **tallies,
    )
    return result(run)


def printed(result: Result, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    print_result(result, console, verbose=True)
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def section(text: str, title: str) -> list[list[str]]:
    """The cells of each line below a title, up to the next blank line."""
    lines = text.splitlines()
    first = lines.index(title) + 1
    last = lines.index("", first) if "" in lines[first:] else len(lines)
    return [re.split(r"\s{2,}", line.strip()) for line in lines[first:last]]


EVERYTHING: dict[str, Any] = {
    "attempts_started": 15_000,
    "actions_started": 10_000,
    "retries_denied": 1,
    "started": at(SITES, _0_0=9_000, _0_1=1_000, _1_0=40),
    "busy_time": times(at(SITES, _0_0=1_000 * SECOND, _0_1=200 * SECOND)),
    "cold_starts": at(SITES, _0_0=90),
    "peak_in_use": at(SITES, _0_0=100, _0_1=8),
    "gateway_throttled": at((3, *SITES), _2_0_0=1_100),
    "lambda_throttled": at(SITES, _0_0=70),
    "overloaded": at(SITES, _0_1=30),
    "queued": at(SITES, _0_1=500),
    "queue_wait": at((HISTOGRAM_BINS,), **{f"_{bin_of(2 * SECOND)}": 500}),
    "peak_queue": at(SITES, _0_1=25),
    "store_throttled": at((2, *PLACES), _0_0_0=3, _1_0_0=1),
    "copies_delayed": at(PLACES, _0_1=7),
    "cache_hits": at(PLACES, _2_0=90),
    "cache_misses": at(PLACES, _2_1=10),
    "edge_hits": 60,
    "edge_misses": 20,
    "edge_errors": 20,
    "origin_failovers": 2,
    "token_kinds": np.array([0, 12, 3, 4]),
    "tokens_rejected": np.array([5, 0]),
    "key_fetches_failed": np.array([1, 1]),
    "sessions_by_cause": at(
        (5, len(OUTCOMES)), **{f"_1_{TIMEOUT}": 3, f"_2_{THROTTLED}": 4, f"_2_{TIMEOUT}": 9}
    ),
}


def test_sites_with_limits_are_listed_with_what_they_turned_away() -> None:
    rows = section(printed(result_of(**EVERYTHING), 120), "Capacity")
    assert rows[:3] == [
        ["service", "worked on", "at once", "busy", "cold starts", "turned away"],
        [
            "api in eu-central-1",
            "9,000",
            "100 of 100",
            "10 %",  # 1,000 s of a hundred environments for 100 s
            "90 (1 %)",
            "1,100 account limit, 70 concurrency",
        ],
        ["api in eu-west-1", "1,000", "8 of 8", "25 %", "–", "30 queue full"],
    ]


def test_what_waited_missed_and_was_rejected_is_told_in_a_line_each() -> None:
    lines = [" ".join(row) for row in section(printed(result_of(**EVERYTHING), 120), "Capacity")[3:]]
    assert lines == [
        "500 of 1,000 requests at nodes waited for a worker: 2 s (99 %), 2 s (longest), up to 25 at once",
        "Table items in eu-central-1 throttled 3 writes and 1 read",
        "Table items in eu-west-1 took 7 copied writes late for lack of capacity",
        "Cache looks had 90 % of 100 things looked for",
        "The content network's edges had 60 % of 100 requests, 20 × cached error, "
        "2 × failover to another origin",
        "Tokens: 12 × sign-in, 3 × refresh, 4 × forced login, 5 requests rejected, 2 fetches of keys failed",
    ]


def test_a_full_queue_is_told_with_the_table_that_kept_its_workers_waiting() -> None:
    full = {"overloaded": at(SITES, _0_1=30), "store_throttled": at((2, *PLACES), _0_0_1=300)}
    said = "api in eu-west-1 turned away 30 (queue full) while the limits of items kept calls waiting"
    assert said in [*limits.gist(result_of(**EVERYTHING | full))]


def test_calls_that_were_given_up_say_why_their_tries_failed() -> None:
    tries = {
        "calls": at(PLACES, _0_1=100),
        "call_tries": at(PLACES, _0_1=120),
        "calls_failed": at(PLACES, _0_1=9),
    }
    failed = at((len(CALL_FAILURES), *PLACES), _0_0_1=20, _3_0_1=5)
    text = printed(result_of(**tries, call_failures=failed), 120)
    assert (
        "9 of 100 calls to items in eu-west-1 were given up; failed tries: no address 20, timeout 5" in text
    )


def test_retries_are_told_where_they_multiplied_the_load() -> None:
    text = printed(result_of(**EVERYTHING))
    assert "Retries multiplied the load: 1.5 attempts an action\n" in text
    assert "Clients' retry quotas held back 1 retry" in text
    both = {"calls": at(PLACES, _0_0=100), "call_tries": at(PLACES, _0_0=120)}
    assert "1.5 attempts an action, 1.2 tries a call" in printed(result_of(**EVERYTHING, **both))
    assert "Retries" not in printed(result_of(attempts_started=10_000, actions_started=10_000))


def test_sessions_that_failed_say_what_came_first() -> None:
    rows = section(printed(result_of(**EVERYTHING)), "What first went wrong in sessions")
    assert rows == [["recovered", "3", "timeout 3"], ["interrupted", "13", "timeout 9, throttled 4"]]


def test_what_did_not_happen_is_not_told() -> None:
    for plan in (rich(10), small(10)):
        text = printed(result_of(plan))
        assert "Capacity" not in text
        assert "What first went wrong" not in text
    assert "Tokens" not in printed(result_of(token_kinds=np.array([0, 12, 3, 0])))


def test_lost_increments_are_told_with_the_writes() -> None:
    counts = {"writes": np.array([0, 0, 0, 9]), "increments": np.array([0, 0, 0, 9])}
    text = printed(result_of(**counts, lost_increments=np.array([0, 0, 0, 2])))
    assert "Of 9 increments, 2 were lost to concurrent ones." in " ".join(text.split())


@pytest.mark.parametrize("width", [80, 100, 120])
def test_nothing_is_cut_or_runs_over(width: int) -> None:
    text = printed(result_of(**EVERYTHING), width)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width


# pictures and series


def rejecting() -> Result:
    rejected = at((10, 2), _3_0=200, _4_1=100)
    return result_of(window_rejected=rejected, window_failed_region=rejected)


def test_rejected_requests_are_a_grey_layer_of_the_service_picture() -> None:
    bottom = service(rejecting()).axes[2]
    (layer,) = [one for one in bottom.collections if isinstance(one, PolyCollection)]
    assert layer.get_label() == "turned away"
    assert to_hex(layer.get_facecolor()[0]) != "#d55e00"  # the colour of faults
    assert layer.get_paths()[0].get_extents().y1 == 20  # 200 in a window of 10 s


def test_a_picture_without_rejected_requests_has_no_such_layer() -> None:
    served = at((10, 2), _3_0=200, _4_1=100)
    bottom = service(result_of(window_served=served)).axes[2]
    labels = [text.get_text() for text in bottom.get_legend().get_texts()]
    assert labels == ["eu-central-1 (Frankfurt)", "eu-west-1 (Dublin)"]


def test_rejected_attempts_are_a_series_of_each_region() -> None:
    header, *rows = series.windows_csv(rejecting().series.windows).splitlines()
    columns = dict(zip(header.split(","), zip(*(row.split(",") for row in rows), strict=True), strict=True))
    assert [int(cell) for cell in columns["rejected_eu-central-1"]] == [0, 0, 0, 200, 0, 0, 0, 0, 0, 0]
    assert sum(map(int, columns["rejected_eu-west-1"])) == 100


def test_the_waterfall_shows_where_capacity_was_too_small() -> None:
    held: Mapping[Cause, str] = {"no_other_answer": "..xx......", "gateway_limits": "....xxxx.."}
    run = outcome("..xxxxxx..", fault(20, 40), plan=rich(10), held=held)
    axes, _ = recovery(result(run)).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["no other answer", "capacity too small"]
    text = printed(result(run))
    assert re.search(r"capacity too small +40 s +67 %", text)  # from the repair at 40 s to 80 s, of 60 s
    assert "the limits of a gateway; ended by itself" in text
