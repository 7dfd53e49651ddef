"""Services lowered: operations and their steps; the last operation is the token request."""

from dataclasses import dataclass

import numpy as np

from simulator.plan.lowered import COMPUTE, READ, WRITE, Ints
from simulator.plan.sources import Distributions, Sources, lower_distribution
from simulator.spec.topology import Compute, Read, Step, Topology

_TOKEN = "token"


@dataclass(frozen=True)
class LoweredServices:
    """Arrays as in `simulator.plan.lowered.DataPlan`, and the operations' names."""

    names: tuple[str, ...]
    op_name: Ints
    op_step_first: Ints
    op_step_count: Ints
    op_writes: Ints
    step_kind: Ints
    step_dist: Ints
    step_table: Ints
    step_own: Ints


def _row(
    step: Step, topology: Topology, distributions: Distributions, sources: Sources
) -> tuple[int, int, int, int]:
    """Kind, distribution, table, own item of a step."""
    if isinstance(step, Compute):
        return COMPUTE, distributions.number_of(lower_distribution(step.compute)), -1, 0
    kind, table, default = (
        (READ, step.read, "read") if isinstance(step, Read) else (WRITE, step.write, "write")
    )
    takes = sources.distribution(f"dynamodb.{default}", step.takes)
    return kind, distributions.number_of(takes), [*topology.tables].index(table), int(step.key == "user")


def _token_row(
    topology: Topology, distributions: Distributions, sources: Sources
) -> tuple[int, int, int, int]:
    takes = (
        (0, 0.0, 0.0)
        if topology.identity is None
        else sources.distribution("identity.takes", topology.identity.takes)
    )
    return COMPUTE, distributions.number_of(takes), -1, 0


def lower_services(topology: Topology, distributions: Distributions, sources: Sources) -> LoweredServices:
    """Lower every operation of every service, in file order, and the token request."""
    name_of = {record.service: number for number, record in enumerate(topology.dns.values())}
    names, op_name, rows = [], [], []
    for service_name, service in topology.services.items():
        for operation, steps in service.operations.items():
            names.append(f"{service_name}.{operation}")
            op_name.append(name_of.get(service_name, -1))
            rows.append([_row(step, topology, distributions, sources) for step in steps])
    names, op_name = [*names, _TOKEN], [*op_name, -1]
    rows.append([_token_row(topology, distributions, sources)])
    counts = np.array([len(steps) for steps in rows], np.int64)
    table = np.array([row for steps in rows for row in steps], np.int64)
    return LoweredServices(
        names=tuple(names),
        op_name=np.array(op_name, np.int64),
        op_step_first=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        op_step_count=counts,
        op_writes=np.array([int(any(row[0] == WRITE for row in steps)) for steps in rows], np.int64),
        step_kind=table[:, 0].copy(),
        step_dist=table[:, 1].copy(),
        step_table=table[:, 2].copy(),
        step_own=table[:, 3].copy(),
    )
