"""Rules of web ACLs that will not do what they are for: notes for `simulator check`."""

from collections.abc import Iterator

from simulator.language.checks.cost import actions_of
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import BotFault
from simulator.language.models.guarded import places_of_acl
from simulator.language.models.topology import Topology, is_called, operations_of
from simulator.language.models.users import Population
from simulator.language.models.web_acls import RateRule, WebAcl
from simulator.rules.table import Note
from simulator.units import parse_duration


def acl_notes(topology: Topology) -> Iterator[Note]:
    """What is true of web ACLs whoever asks."""
    for name, acl in topology.waf.items():
        places = places_of_acl(acl, topology)
        if len(places) > 1:
            yield Note(
                "acl-counts-apart",
                f"web ACL {name} counts apart in each of {len(places)} regions: who asks in all of them has "
                "each limit so often, and begins anew behind a failover; a 'scope: cloudfront' counts once",
                ("waf", name),
            )


def load_notes(experiment: Experiment, topology: Topology) -> Iterator[Note]:
    """What comes of web ACLs with those who ask."""
    rules = [(acl, rule) for acl in topology.waf for rule in topology.waf[acl].rules]
    for acl, rule in rules:
        yield from _above_the_limit(acl, rule, experiment, topology)
    bots = [fault.bots for fault in experiment.faults if isinstance(fault, BotFault)]
    if rules and any(one.addresses is None for one in bots):
        yield Note(
            "bots-unseen",
            "bots without 'addresses' send each request from another address, and no rule of a web ACL sees "
            "them; say from how many they come",
            ("faults",),
            "experiment",
        )
    elif bots and rules and all(topology.waf[acl].rules[rule].by == "client" for acl, rule in rules):
        said = "bots carry nothing that tells clients apart, and no rule of a web ACL counts 'by: address'"
        yield Note("bots-unseen", said, ("faults",), "experiment")


def _above_the_limit(acl: str, rule: str, experiment: Experiment, topology: Topology) -> Iterator[Note]:
    """People behind few addresses who ask for more than the limit, as they always do."""
    one = topology.waf[acl].rules[rule]
    if one.limit is None or one.flagged_by is not None:
        return  # it concerns those whom a detector has flagged
    window_ns, run_ns = parse_duration(one.window), experiment.duration + experiment.warm_up
    for who, population in experiment.users.items() if one.by == "address" else ():
        share = _concerned(one, population, topology.waf[acl], topology)
        actions = actions_of(population, experiment) * share * window_ns / run_ns
        if population.addresses is not None and actions > one.limit * population.addresses:
            each = f"{actions / population.addresses:,.0f} times in {one.window} from each of their addresses"
            yield Note(
                "acl-blocks-honest",
                f"{who} ask about {each}, and the limit of rule {rule} of web ACL {acl} is {one.limit:,}: "
                "honest people are blocked; raise it, or count 'by: client'",
                ("waf", acl, "rules", rule),
            )


def _concerned(rule: RateRule, population: Population, acl: WebAcl, topology: Topology) -> float:
    """The share of a population's actions at which a rule looks."""
    actions = population.actions
    looked_at = sum(weight for one, weight in actions.items() if _concerns(rule, one, acl, topology))
    return looked_at / sum(actions.values())


def _concerns(rule: RateRule, action: str, acl: WebAcl, topology: Topology) -> bool:
    """Whether a rule looks at what somebody does."""
    meant = [one for one in operations_of(topology) if is_called(action, *one) and one[0] in acl.protects]
    named = rule.operations
    return any(named is None or any(is_called(said, *one) for said in named) for one in meant)
