"""What a file says as a whole: names that must exist elsewhere, keys that go together, times in order.

A name whose declaration is faulty counts as declared (`Names`), and nothing more is said about it.
"""

from simulator.language.checks.alarms import check_alarms
from simulator.language.checks.autoscaling import check_scaling
from simulator.language.checks.callers import check_callers
from simulator.language.checks.compute import check_instances, check_quotas
from simulator.language.checks.conditions import check_conditions
from simulator.language.checks.databases import check_databases
from simulator.language.checks.detectors import check_detectors
from simulator.language.checks.expectations import check_expectations
from simulator.language.checks.externals import check_externals
from simulator.language.checks.faults import check_fault
from simulator.language.checks.health_checks import check_health_checks
from simulator.language.checks.monitoring import check_canaries, check_metrics
from simulator.language.checks.objectives import check_objectives
from simulator.language.checks.operator import check_operator
from simulator.language.checks.plans import check_plans
from simulator.language.checks.prices import check_prices
from simulator.language.checks.reactions import check_reactions, check_shed_populations
from simulator.language.checks.records import (
    check_failback_of,
    check_policy_keys,
    check_policy_regions,
    served_by,
)
from simulator.language.checks.replicas import check_absences
from simulator.language.checks.restores import check_restores
from simulator.language.checks.service_calls import check_service_calls
from simulator.language.checks.services import check_service
from simulator.language.checks.stores import check_stores
from simulator.language.checks.suppressions import check_suppressions
from simulator.language.checks.things import check_things
from simulator.language.checks.users import check_bots, check_population
from simulator.language.checks.values import (
    check_distributions,
    check_longer_than_0,
    check_repeats,
)
from simulator.language.checks.web_acls import check_web_acls
from simulator.language.models.drawn import both_ends, drawn_of
from simulator.language.models.experiment import Experiment, Within, with_usual_users
from simulator.language.models.faults import BotFault
from simulator.language.models.topology import DnsRecord, Identity, Topology
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names, is_whole
from simulator.times import LONGEST_RUN_NS
from simulator.units import format_duration

_MOST_POPULATIONS = 127
_MOST_WINDOWS = 10_000_000


def check_topology(topology: Topology, names: Names, document: Document) -> None:
    """Report whatever in a topology contradicts itself or the catalog."""
    for section in ("regions", "services", "dns"):
        if getattr(names, section) == ():
            document.problem(f"a topology needs at least one entry in '{section}'", (section,), at_key=True)
    check_quotas(topology, document)
    check_stores(topology, document)
    check_absences(topology, names, document)
    check_databases(topology, document)
    check_externals(topology, document)
    for name, service in topology.services.items():
        check_service(name, service, topology, names, document)
    check_things(topology, names, document)
    check_service_calls(topology, document)
    check_callers(topology, names, document)
    check_conditions(topology, names, document)
    check_instances(topology, document)
    for name, record in topology.dns.items():
        if any(map(str.isspace, name)):
            document.problem("a name of the DNS has no spaces", ("dns", name), at_key=True)
        _check_record(record, topology, document, ("dns", name))
    check_health_checks(topology, names, document)
    if topology.identity is not None:
        _check_identity(topology.identity, document)
    check_plans(topology, document)
    _check_roles(topology, names, document)
    for name, population in topology.users.items():
        check_population(population, topology, names, document, ("users", name))
    _check_count(len(topology.users), document)
    check_objectives(topology, names, document)
    check_canaries(topology, document)
    check_metrics(topology.metrics, topology, names, document)
    check_alarms(topology, names, document)
    check_web_acls(topology, document)
    check_scaling(topology, document)
    check_reactions(topology, document)
    check_detectors(topology, document)
    check_suppressions(topology.suppress, document)
    check_prices(topology, document)
    check_distributions(topology, document, ())


def _check_roles(topology: Topology, names: Names, document: Document) -> None:
    roles = {region.role for region in topology.regions.values()}
    if roles == {"standby"} and is_whole(topology.regions, names.regions):
        document.problem("every region is a standby; at least one must be active", ("regions",), at_key=True)


def _check_record(record: DnsRecord, topology: Topology, document: Document, path: Path) -> None:
    check_policy_keys(record, record.policy, document, path, required=True)
    check_policy_regions(record, served_by(record, topology), document, path)
    _check_target_health(record, topology, document, path)
    check_failback_of(record, topology, document, path)


def _check_target_health(record: DnsRecord, topology: Topology, document: Document, path: Path) -> None:
    """An alias record needs a target whose health Route 53 can tell, and another region to turn to."""
    if not record.evaluate_target_health:
        return
    service = topology.services.get(record.service)
    if service is not None and service.cdn is not None:
        complaint = "Route 53 does not evaluate the health of a content network; leave this out"
    elif record.policy == "simple":
        complaint = "a record of policy simple answers whatever its target's health; choose another policy"
    else:
        return
    document.problem(complaint, (*path, "evaluate_target_health"), at_key=True)


def _check_identity(identity: Identity, document: Document) -> None:
    check_repeats(identity.issuer, document, ("identity", "issuer"))
    if identity.access_token == 0:
        document.problem("a token must live longer than 0 s", ("identity", "access_token"))
    limit = identity.keys_fetch_limit
    check_longer_than_0(limit, "a limit", document, ("identity", "keys_fetch_limit"))


def check_experiment(experiment: Experiment, topology: Topology, names: Names, document: Document) -> None:
    """Report whatever in an experiment contradicts itself or its topology, whatever times are drawn.

    At the ends of what may be drawn, that is; what only times in between show is found by the run that draws
    them.
    """
    for number, fault in enumerate(experiment.faults):
        if (drawn := drawn_of(fault)) is not None and drawn.seconds <= 0:
            complaint = "no time lies between them; write 'any: 24 h', or from when to when: [8 h, 18 h]"
            document.problem(complaint, ("faults", number, "at", "any"))
    for one in both_ends(experiment):
        _check_with_times(one, topology, names, document)


def _check_with_times(experiment: Experiment, topology: Topology, names: Names, document: Document) -> None:
    own, experiment = experiment, with_usual_users(experiment, topology)
    _check_duration(experiment, document)
    bots = sum(isinstance(fault, BotFault) for fault in experiment.faults)
    _check_count(len(experiment.users) + bots, document)
    for name, population in own.users.items():
        check_population(population, topology, names, document, ("users", name))
    for number, fault in document.numbered("faults", experiment.faults):
        check_fault(fault, experiment, topology, document, ("faults", number))
        if isinstance(fault, BotFault):
            check_bots(fault.bots, topology, names, document, ("faults", number, "bots"))
    check_shed_populations(topology, experiment.users, own.shedding, document)
    check_operator(experiment, topology, document)
    check_restores(experiment, topology, document)
    check_metrics(experiment.metrics, topology, names, document)
    check_expectations(experiment, topology, document)
    check_suppressions(experiment.suppress, document)
    check_distributions(experiment, document, ())


def _check_count(populations: int, document: Document) -> None:
    if populations > _MOST_POPULATIONS:
        complaint = f"at most {_MOST_POPULATIONS} populations, of which each fault with bots is one"
        document.problem(complaint, ("users",), at_key=True)


def _check_hold_after_faults(experiment: Experiment, hold_ns: int, document: Document) -> None:
    """A hold that is longer than what follows the first fault shows nothing, however soon it is over."""
    first_ns = min((fault.at for fault in experiment.faults), default=0)
    if first_ns < experiment.duration < first_ns + hold_ns:
        rest, hold = format_duration(experiment.duration - first_ns), format_duration(hold_ns)
        complaint = f"a hold of {hold} shows no recovery: the run ends {rest} after the first fault begins"
        document.problem(complaint, ("objective", "hold"))


def _check_duration(experiment: Experiment, document: Document) -> None:
    duration_ns, objective = experiment.duration, experiment.objective
    window_ns, path = objective.window_ns(duration_ns), ("objective", "window")
    if not 0 < duration_ns <= LONGEST_RUN_NS:
        document.problem("a run lasts more than 0 s and at most 366 days", ("duration",))
    elif duration_ns + experiment.warm_up > LONGEST_RUN_NS:
        document.problem("a run and its warm-up last at most 366 days together", ("warm_up",))
    elif "window" in experiment.objective.model_fields_set and not 0 < window_ns <= duration_ns:
        window, run = format_duration(window_ns), format_duration(duration_ns)
        document.problem(f"a window lasts more than 0 s and at most the run's {run}, not {window}", path)
    elif duration_ns // window_ns > _MOST_WINDOWS:
        document.problem(f"a run has at most {_MOST_WINDOWS:,} windows; make them longer", path)
    if objective.hold is not None and objective.hold > duration_ns > 0:
        hold, run = format_duration(objective.hold), format_duration(duration_ns)
        document.problem(f"a hold lasts at most the run's {run}, not {hold}", ("objective", "hold"))
    elif objective.hold is not None:
        _check_hold_after_faults(experiment, objective.hold, document)
    _check_within(objective.within, document)
    if objective.success == 0:
        document.problem(
            "an objective of 0 % is met by a service that never answers", ("objective", "success")
        )


def _check_within(within: int | Within, document: Document) -> None:
    """Nothing is done within no time."""
    path: Path = ("objective", "within")
    if isinstance(within, int):
        check_longer_than_0(within, "an action's time", document, path)
        return
    check_longer_than_0(within.default, "an action's time", document, (*path, "default"))
    for section in ("operations", "populations"):
        for name, time_ns in getattr(within, section).items():
            check_longer_than_0(time_ns, "an action's time", document, (*path, section, name))
