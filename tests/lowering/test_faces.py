"""Whom limited faults touch, lowered: which requests meet which face of a service."""

from typing import Any

import numpy as np

from simulator.plan.lowered import Plan
from tests.small import HERE, NAME, THERE, Written, experiment, plan_of, topology

WORK = [{"compute": "1 ms"}]
SERVICES = {
    "web": {"regions": [HERE, THERE], "operations": {"view": WORK, "pay": WORK}},
    "back": {"regions": [HERE], "operations": {"sync": WORK}},
}
RECORDS = {NAME: {"service": "web", "policy": "simple"}, "b.example": {"service": "back", "policy": "simple"}}
SYSTEM = topology(services=SERVICES, dns=RECORDS, identity={"issuer": [HERE]})

ONE = {"near": HERE, "sessions": 1, "think_time": "5 s", "actions": {"view": 1, "pay": 1, "sync": 1}}
USERS = {"mobile": ONE, "desk": ONE}
BOTS = {"at": "0 s", "bots": {"near": HERE, "rate": "1/s", "actions": {"view": 1}}}
VIEW, PAY, SYNC, TOKEN = range(4)
WEB, BACK, IDENTITY = range(3)
MOBILE, DESK, BOT = range(3)


def lowered(*faults: Written, **more: Any) -> Plan:
    begun = [{"at": "1 min", "mode": "error"} | fault for fault in faults]
    return plan_of(SYSTEM, experiment(users=USERS, faults=[*begun, BOTS]))


def touched(plan: Plan, number: int = 0) -> set[tuple[int, int]]:
    """Operation and population of the requests that a fault touches."""
    faces = plan.control.faults[number].faces
    assert faces is not None
    return {(int(o), int(p)) for o, p in np.argwhere(np.isin(plan.data.op_face, [*faces]))}


def pages(plan: Plan) -> set[int]:
    """The operations whose pages the first fault touches."""
    return {*np.flatnonzero(np.isin(plan.data.page_face, [*(plan.control.faults[0].faces or ())])).tolist()}


def test_without_limits_everybody_meets_the_service_itself() -> None:
    plan = lowered({"service": "web"})
    assert plan.control.faults[0].faces is None
    assert plan.data.face_service.tolist() == [WEB, BACK, IDENTITY]
    assert plan.data.op_face.tolist() == [[WEB] * 3, [WEB] * 3, [BACK] * 3, [IDENTITY] * 3]
    assert plan.data.page_face.tolist() == [WEB, WEB, BACK, IDENTITY]


def test_operations_of_a_service_are_touched_for_everybody_and_on_their_page() -> None:
    for name in ("pay", "web.pay", ["pay"]):
        plan = lowered({"service": "web", "operations": name})
        assert touched(plan) == {(PAY, MOBILE), (PAY, DESK), (PAY, BOT)}
        assert pages(plan) == {PAY}


def test_populations_are_touched_in_all_that_they_ask_the_service_and_no_check_is() -> None:
    plan = lowered({"service": "web", "populations": "mobile"})
    assert touched(plan) == {(VIEW, MOBILE), (PAY, MOBILE)}
    assert pages(plan) == set()


def test_both_together_touch_what_is_in_both() -> None:
    plan = lowered({"service": "web", "operations": ["pay"], "populations": ["desk", "mobile"]})
    assert touched(plan) == {(PAY, MOBILE), (PAY, DESK)}
    assert pages(plan) == set()


def test_a_region_s_fault_reaches_tokens_by_population_and_not_by_operation() -> None:
    by_user = lowered({"region": HERE, "populations": ["desk"]})
    assert touched(by_user) == {(VIEW, DESK), (PAY, DESK), (SYNC, DESK), (TOKEN, DESK)}
    assert touched(lowered({"region": HERE, "operations": ["pay", "sync"]})) == {
        *((PAY, user) for user in range(3)), *((SYNC, user) for user in range(3)),
    }  # fmt: skip


def test_an_issuer_s_fault_touches_the_token_requests_of_some() -> None:
    assert touched(lowered({"issuer": HERE, "populations": ["mobile"]})) == {(TOKEN, MOBILE)}


def test_requests_that_the_same_faults_touch_meet_one_face() -> None:
    plan = lowered({"service": "web", "operations": ["pay"]}, {"service": "web", "populations": ["mobile"]})
    assert touched(plan, 0) == {(PAY, MOBILE), (PAY, DESK), (PAY, BOT)}
    assert touched(plan, 1) == {(VIEW, MOBILE), (PAY, MOBILE)}
    faces = plan.data.op_face
    assert faces[PAY, DESK] == faces[PAY, BOT] == plan.data.page_face[PAY]
    assert (
        len(
            {int(faces[VIEW, DESK]), *(int(faces[at]) for at in ((VIEW, MOBILE), (PAY, MOBILE), (PAY, DESK)))}
        )
        == 4
    )
    assert plan.data.face_service.tolist() == [WEB, BACK, IDENTITY, WEB, WEB, WEB]


def test_labels_say_whom_a_fault_touches() -> None:
    def label(**fault: Any) -> str:
        return lowered(fault).control.faults[0].label

    assert (
        label(service="web", region=THERE, operations="pay")
        == "web in eu-west-1 answers errors to pay (Dublin)"
    )
    assert (
        label(service="web", populations=["desk", "mobile"])
        == "web answers errors to requests of desk and mobile"
    )
    assert label(region=HERE, share="20 %", operations=["view", "pay"], populations="desk") == (
        "eu-central-1 answers 20 % of view and pay of desk with errors (Frankfurt)"
    )
    assert label(service="web", mode="black_hole", operations="pay") == "web does not answer pay"
