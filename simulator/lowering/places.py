"""The places of a system: its regions first, then users, bots, checkers, witnesses, homes, ends of links."""

import numpy as np

from simulator import catalog
from simulator.boundary.fields import Ints
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import BotFault, LinkFault
from simulator.language.models.health_checks import EndpointCheck, with_children
from simulator.language.models.quantities import EVERYWHERE
from simulator.language.models.topology import Topology

"""As one end of a link: every other place."""

CHECKERS_PER_REGION = 2  # catalog: route53.health_check.checkers_per_region


def locations(experiment: Experiment, topology: Topology) -> tuple[str, ...]:
    """Every place, regions of the topology first, each once."""
    near = [population.near for population in experiment.users.values()]
    near += [fault.bots.near for fault in experiment.faults if isinstance(fault, BotFault)]
    near += [canary.near for canary in topology.canaries.values()]
    checkers = _checkers(topology)
    links = [fault.link for fault in experiment.faults if isinstance(fault, LinkFault)]
    ends = [end for link in links for end in [*(link.between or []), link.from_, link.to]]
    witnesses = [table.witness for table in topology.tables.values() if table.witness is not None]
    homes = [external.home for external in topology.external.values() if external.home is not None]
    named = [end for end in ends if end is not None and end != EVERYWHERE]
    return tuple(dict.fromkeys([*topology.regions, *near, *checkers, *witnesses, *homes, *named]))


def _checkers(topology: Topology) -> list[str]:
    """Where the checkers of health checks are that names use."""
    used = [record.health_check for record in topology.dns.values() if record.health_check is not None]
    checks = [topology.health_checks[name] for name in with_children(used, topology.health_checks)]
    of_endpoints = [check for check in checks if isinstance(check, EndpointCheck)]
    return [region for check in of_endpoints for region in check.checker_regions or catalog.checker_regions()]


def round_trips_ns(places: tuple[str, ...]) -> Ints:
    """Median round-trip times between places, [place, place]."""
    table = catalog.round_trips_ms()
    return np.array([[table[a][b] * 1_000_000 for b in places] for a in places], np.int64)
