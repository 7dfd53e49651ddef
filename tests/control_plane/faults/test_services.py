"""Faults of services and of the issuer, alone and together with those of their regions."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.plan.timeline import FaultPlan
from tests.control_plane.handmade import (
    API,
    FRANKFURT,
    IDENTITY,
    MILAN,
    SECOND,
    VIRGINIA,
    WEB,
    changes,
    fault,
)

MODES: dict[str, dict[str, Any]] = {
    "refused": {},
    "black_hole": {},
    "error": {"share": 0.25},
    "slow": {"factor": 3.0, "add_ns": SECOND},
    "capacity": {"share": 0.5},
}
LOOKS = {
    "refused": Look(mode=REFUSED),
    "black_hole": Look(mode=BLACK_HOLE),
    "error": Look(error_share=0.25),
    "slow": Look(factor=3.0, add_ns=SECOND),
    "capacity": Look(capacity=0.5),
}


def of_service(mode: str, start_s: float, end_s: float | None = None, **more: Any) -> FaultPlan:
    given = {"service": API, "regions": (MILAN,)} | MODES[mode] | more
    return fault("service", mode, start_s, end_s, **given)


def of_region(mode: str, start_s: float, end_s: float | None = None) -> FaultPlan:
    return fault("region", mode, start_s, end_s, region=MILAN, **MODES.get(mode, {}))


@pytest.mark.parametrize("mode", MODES)
def test_a_fault_of_a_service_changes_its_site_alone(mode: str) -> None:
    told = changes([of_service(mode, 10, 20)], "set_site")
    assert told == [(10, (API, MILAN, LOOKS[mode])), (20, (API, MILAN, WELL))]
    assert changes([of_service(mode, 10, 20)], "set_region", "set_replication", "mark_at_risk") == []


def test_a_fault_of_a_service_everywhere_strikes_each_of_its_sites() -> None:
    told = changes([of_service("refused", 10, regions=(MILAN, FRANKFURT, VIRGINIA))], "set_site")
    assert told == [(10, (API, region, LOOKS["refused"])) for region in (MILAN, FRANKFURT, VIRGINIA)]


def test_the_issuer_is_the_site_of_the_last_service() -> None:
    issuer = fault("issuer", "error", 10, 20, service=IDENTITY, regions=(MILAN,), share=0.25)
    assert changes([issuer], "set_site") == [
        (10, (IDENTITY, MILAN, LOOKS["error"])),
        (20, (IDENTITY, MILAN, WELL)),
    ]


@pytest.mark.parametrize(
    ("region_mode", "service_mode", "together"),
    [
        ("refused", "black_hole", Look(mode=BLACK_HOLE)),
        ("black_hole", "refused", Look(mode=BLACK_HOLE)),
        ("lost", "refused", Look(mode=BLACK_HOLE)),
        ("refused", "slow", Look(mode=REFUSED, factor=3.0, add_ns=SECOND)),
        ("error", "error", Look(error_share=0.4375)),  # 1 - 0.75 · 0.75
        ("error", "refused", Look(mode=REFUSED, error_share=0.25)),
        ("slow", "slow", Look(factor=9.0, add_ns=2 * SECOND)),
        ("slow", "error", Look(error_share=0.25, factor=3.0, add_ns=SECOND)),
        ("slow", "capacity", Look(factor=3.0, add_ns=SECOND, capacity=0.5)),
        ("black_hole", "capacity", Look(mode=BLACK_HOLE, capacity=0.5)),
    ],
)
def test_faults_of_a_region_and_of_a_service_add_up_at_the_site(
    region_mode: str, service_mode: str, together: Look
) -> None:
    alone = LOOKS.get(region_mode, LOOKS["black_hole"])
    faults = [of_region(region_mode, 10), of_service(service_mode, 20, 30)]
    for order in (faults, faults[::-1]):
        told = changes(order, "set_site")
        assert [(at, given[2]) for at, given in told if given[:2] == (API, MILAN)] == [
            (at, look)
            for at, look in ((10, alone), (20, together), (30, alone))
            if at == 10 or alone != together
        ]
        assert [(at, given) for at, given in told if given[0] != API] == [
            (10, (service, MILAN, alone)) for service in (WEB, IDENTITY)
        ]


def test_shares_of_capacity_multiply() -> None:
    told = changes([of_service("capacity", 10, 40), of_service("capacity", 20, 30, share=0.2)], "set_site")
    assert [(at, given[2].capacity) for at, given in told] == [(10, 0.5), (20, 0.1), (30, 0.5), (40, 1.0)]


def test_three_faults_of_a_site_give_the_same_bits_in_any_order() -> None:
    """Shares and factors whose float products depend on the order in which they are taken."""
    faults = [
        *(of_service("error", 10, share=share) for share in (0.1, 0.2, 0.7)),
        *(of_service("capacity", 10, share=share) for share in (0.1, 0.2, 0.7)),
        *(of_service("slow", 10, factor=factor) for factor in (1.1, 1.2, 1.4)),
    ]
    [first] = changes(faults, "set_site")
    look = first[1][2]
    severity = (look.error_share, look.factor, look.capacity)
    assert severity == tuple(map(pytest.approx, (0.784, 1.848, 0.014)))
    assert look.add_ns == 3 * SECOND
    for a, b, c in permutations(range(3)):
        turned = [faults[3 * group + number] for group in (a, b, c) for number in (c, b, a)]
        assert changes(turned, "set_site") == [first]


def test_a_flapping_service_in_a_region_that_goes_down() -> None:
    # on in [10, 14), [20, 24), [30, 34); the region refuses in [12, 22)
    flaps = of_service("black_hole", 10, 40, period_ns=10 * SECOND, on_ns=4 * SECOND)
    told = changes([flaps, of_region("refused", 12, 22)], "set_site")
    assert [(at, given[2].mode) for at, given in told if given[0] == API] == [
        (10, BLACK_HOLE), (14, REFUSED), (20, BLACK_HOLE), (24, UP), (30, BLACK_HOLE), (34, UP),
    ]  # fmt: skip


# limited faults: `api` looks otherwise to some, whose face has the number behind the services'

SOME = IDENTITY + 1
FACES = np.array([API, WEB, IDENTITY, API])
"""Whose each face is."""


def limited(kind: str, mode: str, **more: Any) -> FaultPlan:
    where = {"region": MILAN} if kind == "region" else {"service": API, "regions": (MILAN,)}
    return fault(kind, mode, 10, 20, faces=frozenset({SOME}), **MODES[mode], **where, **more)


@pytest.mark.parametrize("kind", ["region", "service"])
@pytest.mark.parametrize("mode", ["error", "slow", "black_hole"])
def test_a_limited_fault_changes_the_face_of_those_whom_it_touches_alone(kind: str, mode: str) -> None:
    """No region goes down, no data are out of reach, and nobody else sees anything."""
    fault = limited(kind, mode)
    told = changes([fault], "set_site", face_service=FACES)
    assert told == [(10, (SOME, MILAN, LOOKS[mode])), (20, (SOME, MILAN, WELL))]
    rest = ("set_region", "set_zone", "set_replication", "mark_at_risk", "set_endpoint")
    assert changes([fault], *rest, face_service=FACES) == []
    shown = [given for _, given in changes([fault], "show", face_service=FACES)]
    assert shown == [("site", (SOME, MILAN), {0}), ("site", (SOME, MILAN), set())]


def test_a_limited_fault_adds_up_with_one_that_strikes_everybody() -> None:
    """5xx: 1 - 0.75 · 0.75 for those whom both touch, 25 % for everybody else."""
    told = changes([of_service("error", 15, 30), limited("service", "error")], "set_site", face_service=FACES)
    assert [(at, given[0], given[2].error_share) for at, given in told] == [
        (10, SOME, 0.25), (15, API, 0.25), (15, SOME, 0.4375), (20, SOME, 0.25),
        (30, API, 0.0), (30, SOME, 0.0),
    ]  # fmt: skip


def test_a_region_that_goes_down_is_down_for_those_whom_a_limited_fault_touches() -> None:
    told = changes([of_region("refused", 12), limited("service", "slow")], "set_site", face_service=FACES)
    assert [(at, given[2].mode, given[2].factor) for at, given in told if given[0] == SOME] == [
        (10, UP, 3.0), (12, REFUSED, 3.0), (20, REFUSED, 1.0),
    ]  # fmt: skip
