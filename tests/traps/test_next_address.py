"""With several addresses in an answer, who tries the next one hides a region that is down; others fail.

And a request whose reused connection was reset is sent again by browsers: Chromium, `net/socket` and
`HttpNetworkTransaction::ShouldResendRequest`; RFC 9110, section 9.2.2.
"""

import pytest

from simulator.boundary.outcomes import OUTCOMES
from simulator.outcome import Outcome
from tests.small import played
from tests.traps.figures import latency_s

TOPOLOGY = """
    topology: two addresses in every answer
    regions: {eu-central-1: {}, eu-west-1: {}}
    tables: {rows: {replicas: [eu-central-1, eu-west-1]}}
    services:
      api:
        regions: [eu-central-1, eu-west-1]
        operations: {view: [{compute: 10 ms}], save: [{write: rows}]}
    dns: {api.example: {service: api, policy: multivalue}}
    """

EXPERIMENT = """
    experiment: one of the regions goes down
    topology: system.yaml
    duration: 20 min
    users:
      people: {{near: eu-central-1, {who}, think_time: 1 h, actions: {{{action}: 1}}, last_mile: 0 ms,
               client: {{profile: browser, attempts: 1, timeout: 10 s, {client}}}}}
    faults: [{{region: eu-west-1, mode: {mode}, {at}}}]
    """

ONCE = "arrivals: 1/s, session_length: 1 ms"


def run(mode: str, client: str, who: str = ONCE, at: str = "at: 0 s", action: str = "view") -> Outcome:
    return played(TOPOLOGY, EXPERIMENT.format(mode=mode, client=client, who=who, at=at, action=action))


def outcomes(outcome: Outcome) -> dict[str, int]:
    found = outcome.tallies.attempts
    return {OUTCOMES[number]: int(found[number]) for number in found.nonzero()[0]}


def test_a_refused_address_costs_two_round_trips_at_most() -> None:
    """Half of some 1,200 requests choose the region that refuses first; none fails, and none takes 1 s."""
    outcome = run("refused", "next_address: 8 s")
    assert outcomes(outcome).keys() == {"succeeded"}
    assert 480 < outcome.tallies.next_addresses < 720  # 600, seven standard deviations of 17
    assert latency_s(outcome, 0.999) < 1


@pytest.mark.parametrize(("time_s", "fails"), [(8, False), (2, False), (10, True), (21, True)])
def test_a_silent_address_costs_its_time_if_the_request_lasts_that_long(time_s: int, fails: bool) -> None:
    """At 10 s, the client's own timeout, it is too late."""
    outcome = run("black_hole", f"next_address: {time_s} s")
    found = outcomes(outcome)
    assert found.keys() == ({"succeeded", "timeout"} if fails else {"succeeded"})
    if not fails:
        assert outcome.tallies.next_addresses > 480
        assert time_s < latency_s(outcome, 0.9) < time_s + 1
    else:
        assert outcome.tallies.next_addresses == 0
        assert found["timeout"] > 480


def test_who_tries_one_address_fails_half_of_the_time() -> None:
    found = outcomes(run("refused", "next_address: none"))
    assert 480 < found["refused"] < 720


BUSY = "sessions: 100"


@pytest.mark.parametrize(
    ("action", "what", "repeated"),
    [
        ("view", "reads", True),
        ("save", "reads", False),  # it writes, and a write may have been applied
        ("save", "all", True),
        ("view", "none", False),
    ],
)
def test_a_request_is_sent_again_after_a_reset_where_that_is_safe(
    action: str, what: str, repeated: bool
) -> None:
    """The region blinks: every connection that is kept to it breaks with the next request over it."""
    client = f"keep_alive: 1 h, next_address: none, repeat_reset: {what}"
    outcome = played(
        TOPOLOGY,
        EXPERIMENT.format(
            mode="refused", client=client, who=BUSY, at="at: 10 min, for: 1 ms", action=action
        ).replace("think_time: 1 h", "think_time: 10 s"),
    )
    resets, t = outcomes(outcome)["reset"], outcome.tallies
    assert 20 < resets <= 100
    assert t.repeated == (resets if repeated else 0)
    assert t.actions[OUTCOMES.index("reset")] == (0 if repeated else resets)
