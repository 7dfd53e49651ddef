"""Grey zones, and nodes that die, err or are slow: what users see of them follows from how many there are.

Twenty requests a second for two minutes are 2,400; a share of them is known within four standard errors.
"""

import pytest

import simulator
from tests.small import HERE, NAME, Written, experiment, read, topology

NODES: Written = {"nodes": {"per_zone": 2, "workers": 50, "check": {"interval": "10 s"}}}
FUNCTION: Written = {"lambda": {"provisioned": 30, "init": "100 ms"}}
PEOPLE = {
    "near": HERE,
    "arrivals": "20/s",
    "session_length": "1 ms",
    "think_time": "1 h",
    "actions": {"view": 1},
    "client": {"profile": "script", "attempts": 1, "timeout": "20 s"},
}
WHILE = {"at": "30 s", "for": "120 s"}


def system(compute: Written, **changes: Written) -> Written:
    steps = [{"compute": "200 ms"}]
    service = {"regions": [HERE], "compute": compute, "operations": {"view": steps}}
    return topology(
        regions={HERE: {}},
        services={"api": service},
        dns={NAME: {"service": "api", "policy": "simple", "ttl": "60 s"}},
        **changes,
    )


def run(fault: Written, compute: Written = NODES) -> simulator.Result:
    """Four minutes of requests, for two of which something is grey or dead."""
    told = experiment(users={"people": PEOPLE}, duration="240 s", faults=[WHILE | fault])
    return simulator.run(read(system(compute), told), seed=1)


def failed(result: simulator.Result) -> int:
    return int(result.requests.attempts.by_outcome["error"])


def about(count: float) -> object:
    """Within four standard errors of a Poisson count."""
    return pytest.approx(count, abs=4 * count**0.5)


def test_a_balancer_that_does_not_see_it_sends_a_third_of_all_to_a_grey_zone() -> None:
    """A tenth of what a third gets: 80. Two failed checks in a row are one in a hundred of these."""
    assert failed(run({"zone": f"{HERE}b", "mode": "error", "share": "10 %"})) == about(80)


def test_a_zone_that_always_errs_is_taken_out_by_checks() -> None:
    """Until the second check of each of its two nodes has failed: at 10 s + 5 s on average, of a third."""
    result = run({"zone": f"{HERE}b", "mode": "error"})
    out = [event for event in result.events if event.kind == "target_unhealthy"]
    assert {event.target for event in out} == {f"api@{HERE} node {number}" for number in (1, 4)}
    lost = sum(event.at_s - 30 for event in out) / 6 * 20
    assert failed(result) == about(lost)


def test_environments_in_a_grey_zone_fail_with_nobody_to_take_them_out() -> None:
    """Nobody checks functions: half of the requests whose environment is in the zone fail to the end.

    Environments are a stack, and so few run at once that those on top serve most: the zone's share of the
    2,400 is not a third.
    """
    result = run({"zone": f"{HERE}a", "mode": "error", "share": "50 %"}, FUNCTION)
    (fault,) = result.recovery.faults
    assert 400 < fault.requests < 2_000
    assert failed(result) == about(fault.requests / 2)


@pytest.mark.parametrize(("mode", "longest_s"), [("refused", 20), ("black_hole", 25)])
def test_one_node_of_six_dies_and_is_taken_out(mode: str, longest_s: float) -> None:
    """A sixth of the requests meets it until its second failed check: within 20 s, or 5 s more in silence."""
    result = run({"node": f"2 of api@{HERE}", "mode": mode})
    (out,) = (event for event in result.events if event.kind == "target_unhealthy")
    (back,) = (event for event in result.events if event.kind == "target_healthy")
    assert (out.target, back.target) == (f"api@{HERE} node 2",) * 2
    assert 30 + 10 < out.at_s < 30 + longest_s
    assert back.at_s > 150
    (begun,) = (event for event in result.events if event.kind == "fault_on")
    said = "refuses connections" if mode == "refused" else "does not answer"
    assert begun.target == f"node 2 of api in {HERE} {said} (Frankfurt)"
    assert out.cause == begun.number
    by_outcome = result.requests.attempts.by_outcome
    bad = sum(count for outcome, count in by_outcome.items() if outcome != "succeeded")
    assert bad == about((out.at_s - 30) / 6 * 20 + 1)


def test_a_slow_node_is_as_healthy_as_its_checks_are_patient() -> None:
    """It answers after 3 s: within the 5 s that a check waits, beyond the 2 s that another one waits."""
    patient = run({"node": f"2 of api@{HERE}", "mode": "slow", "add": "3 s"})
    assert not [event for event in patient.events if event.kind == "target_unhealthy"]
    strict: Written = {"nodes": NODES["nodes"] | {"check": {"interval": "10 s", "timeout": "2 s"}}}
    found = run({"node": f"2 of api@{HERE}", "mode": "slow", "add": "3 s"}, strict)
    assert [event.target for event in found.events if event.kind == "target_unhealthy"]


def test_only_requests_that_are_handed_to_a_node_meet_its_fault() -> None:
    """A sixth of 2,400, as nobody takes it out: it errs once in a thousand requests."""
    result = run({"node": f"0 of api@{HERE}", "mode": "error", "share": "0.1 %"})
    (fault,) = result.recovery.faults
    assert fault.requests == about(400)
