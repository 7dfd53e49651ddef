"""Faces: how a service looks to the requests that limited faults touch (docs/model-control-plane.md §2).

The first faces are the services, as each looks to everybody. Requests that limited faults touch meet another
face of their service, which they share with all that the same faults touch.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Any

import numpy as np

from simulator.boundary.fields import Ints
from simulator.language.models.faults import FaultOfUsers
from simulator.language.models.topology import operations_of
from simulator.lowering.context import IDENTITY, Context
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass

Bits = int
"""Some faults: a bit for each, by its number."""


@dataclass
class _Faces:
    """The faces found so far."""

    services: list[int]  # whose each is
    touched_by: list[Bits] = field(default_factory=list)
    _found: dict[tuple[int, Bits], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.touched_by = [0] * len(self.services)
        self._found = {(service, 0): service for service in self.services}

    def of(self, service: int, faults: Bits) -> int:
        """The number of the face that a service has where these faults touch a request."""
        if (service, faults) not in self._found:
            self._found[service, faults] = len(self.services)
            self.services.append(service)
            self.touched_by.append(faults)
        return self._found[service, faults]

    def touched(self, fault: int) -> frozenset[int]:
        """The faces that a fault touches."""
        return frozenset(face for face, faults in enumerate(self.touched_by) if faults >> fault & 1)


def lower_faces(
    context: Context, faults: tuple[FaultPlan, ...], op_service: Ints
) -> tuple[tuple[FaultPlan, ...], dict[str, Any]]:
    """The faults, limited ones with the faces that they touch; and the arrays of faces."""
    written = enumerate(context.experiment.faults)
    limited = {n: fault for n, fault in written if isinstance(fault, FaultOfUsers) and fault.is_limited}
    faces, by = _Faces([*range(len(context.services))]), _by_user(limited, context)
    rows = [
        [faces.of(int(service), bits & by_user) for by_user in by]
        for service, bits in zip(op_service, _for_operation(limited, context), strict=True)
    ]
    table = np.array(rows, np.int64)
    touched = {number: faces.touched(number) for number in limited}
    arrays = {"op_face": table[:, :-1].copy(), "page_face": table[:, -1].copy()}
    return (
        tuple(replace(fault, faces=touched.get(fault.number)) for fault in faults),
        arrays | {"face_service": np.array(faces.services, np.int64)},
    )


def _by_user(limited: Mapping[int, FaultOfUsers], context: Context) -> list[Bits]:
    """Which faults touch the requests of each population, programs behind the others; and last, of checks."""
    users = [*context.experiment.users, *(None for _ in range(context.programs)), None]
    return [_bits(number for number, fault in limited.items() if fault.is_by(user)) for user in users]


def _for_operation(limited: Mapping[int, FaultOfUsers], context: Context) -> list[Bits]:
    """Which faults touch the requests for each operation, by whomsoever; and last, for tokens."""
    return [
        _bits(number for number, fault in limited.items() if fault.is_for(*one))
        for one in (*operations_of(context.topology), (IDENTITY, None))
    ]


def _bits(numbers: Iterable[int]) -> Bits:
    return sum(1 << number for number in numbers)
