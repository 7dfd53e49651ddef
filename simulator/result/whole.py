"""The result of a run: what goes to `result.json`, and the series that pictures are drawn from."""

import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from simulator.boundary.measure_terms import Unit
from simulator.errors import EXIT_INCONCLUSIVE, EXIT_MET, EXIT_MISSED
from simulator.plan.lowered import Assumption as Assumption
from simulator.records import dataclass
from simulator.result.calls import Calls
from simulator.result.capacity import Capacity
from simulator.result.continuity import Continuity
from simulator.result.countermeasures import Countermeasures
from simulator.result.damage import Damage
from simulator.result.databases import Databases
from simulator.result.detectors import Detector
from simulator.result.dns import Dns
from simulator.result.externals import ExternalCalls
from simulator.result.identity import Identity
from simulator.result.levers import Lever
from simulator.result.loss import Loss
from simulator.result.monitoring import Monitoring
from simulator.result.out_of_memory import KilledNodes
from simulator.result.plain import ONLY_IF_SAID, UNWRITTEN, plain
from simulator.result.plans import PlanRun
from simulator.result.protection import Exposure
from simulator.result.recovery import Recovery
from simulator.result.replication import Pair
from simulator.result.requests import Requests
from simulator.result.restores import Restore
from simulator.result.scaling import Scaler
from simulator.result.series import Series
from simulator.result.shedding import Shed
from simulator.result.shown import Shown
from simulator.result.slices import Slices
from simulator.result.web_acls import WebAcls

SCHEMA_VERSION = 1

EXIT_CODES = {
    "met": EXIT_MET,
    "missed": EXIT_MISSED,
    "inconclusive": EXIT_INCONCLUSIVE,
    "no_expectations": EXIT_MET,
}
"""The exit code of each verdict of a run."""


@dataclass(frozen=True)
class Recipe:
    """What makes the run repeatable. Nothing of where, when, or on how many processes it ran."""

    experiment: str
    """The experiment's own words."""
    topology: str
    """The topology's own words."""
    file: str
    """The name of the experiment's file."""
    sha256: Mapping[str, str]
    """The SHA-256 of the texts of `experiment` and `topology`; without those that a program has changed since
    they were read."""
    seed: int
    """The seed of every draw."""
    duration_s: float
    """The simulated time in seconds, without the warm-up."""
    warm_up_s: float
    """The time before it that counts for nothing, in seconds."""
    versions: Mapping[str, str]
    """The versions of the simulator, of Python, and of the libraries that figures depend on."""
    settings: tuple[str, ...] | None = field(default=None, metadata=ONLY_IF_SAID)
    """What was set beyond the texts of the files, as `PATH=VALUE`, in order; only there if anything was."""


@dataclass(frozen=True)
class Bounds:
    """The bounds of an expectation, in the unit of its measure; null where there is none."""

    at_least: float | None
    """The measure may not be below this."""
    at_most: float | None
    """The measure may not be above this."""
    in_: float | None = field(default=None, metadata=ONLY_IF_SAID)
    """In at least this share of all possible runs; only there if that is asked for."""
    confidence: float | None = field(default=None, metadata=ONLY_IF_SAID)
    """With so much confidence; only there beside `in`."""


@dataclass(frozen=True)
class Judgement:
    """One expectation, judged. An expectation with several parts (peaks) gives several judgements."""

    expectation: str
    """As a reader would say it: `recovery_time at most 5 min`."""
    verdict: str
    """met, missed, not_shown (the run ends too early to tell), not_exercised, or undecided: one run does not
    tell whether it holds in the share of all runs that is asked for."""
    measured: float | None
    """What was measured, in `unit`; null where there is no data, and where what was asked for never
    happened."""
    reason: str
    """Why it is missed, not shown, not exercised or undecided; empty if met."""
    measure: str
    """The measure, as the expectation names it."""
    scope: Mapping[str, str | float]
    """What the expectation narrows the measure to, by its keys; times in seconds of the run."""
    bounds: Bounds
    """What it asks for, in `unit`."""
    unit: Unit
    """s, count, share (0 to 1), ratio or bool (0 or 1)."""
    file: str
    """The name of the experiment's file."""
    line: int | None
    """The line of the expectation in it, from 1; null if it was not read from a file."""
    shown: str = field(metadata=UNWRITTEN)
    """What was measured, for a reader."""


@dataclass(frozen=True)
class Event:
    """One entry of the control plane's log."""

    number: int
    """Its place in the log, from 0."""
    at_s: float
    """When, in seconds of the run."""
    kind: str
    """What happened."""
    target: str
    """To whom."""
    detail: Mapping[str, object]
    """What else there is to say of this kind."""
    cause: int | None
    """The number of the entry from which it follows; null if it follows from none."""


@dataclass(frozen=True)
class Sections:
    """What was measured of a run."""

    recovery: Recovery
    """When the service was OK again, and what the time went to."""
    loss: Loss
    """The recovery point, and the fate of every acknowledged write."""
    damage: Damage
    """What became wrong in stores, and who was given wrong answers."""
    protection: tuple[Exposure, ...]
    """When stores were protected by less than before, and what a second outage would have taken then."""
    restores: tuple[Restore, ...]
    """What was restored, how long that took, and what is missing because of it."""
    databases: Databases
    """Promotions of databases with one writer, what they lost, and two writers at once."""
    plans: tuple[PlanRun, ...]
    """Failover plans that were triggered: their decisions and steps, and where they stranded."""
    continuity: Continuity
    """What became of the sessions alive during a fault."""
    slices: Slices
    """Actions and sessions by population, and actions by operation."""
    replication: tuple[Pair, ...]
    """The lag of each table, bucket and multi-region cache, by directed pair of its regions."""
    requests: Requests
    """What was tried, and what became of it."""
    capacity: Capacity
    """What sites, tables, caches and edges took on and turned away."""
    calls: Calls
    """Calls from instances to stores."""
    externals: Mapping[str, ExternalCalls]
    """External dependencies by name: calls to them, and what these brought about there."""
    identity: Identity
    """Tokens: asked for, verified, rejected."""
    dns: Dns
    """Lookups, detection, and the change of the answers."""
    monitoring: Monitoring | None = field(metadata=ONLY_IF_SAID)
    """What metrics showed; only there if any was asked for."""
    web_acls: WebAcls | None = field(metadata=ONLY_IF_SAID)
    """What web ACLs let in and blocked; only there if there is any."""
    shedding: tuple[Shed, ...] | None = field(metadata=ONLY_IF_SAID)
    """What load shedding turned away, by service, place and population; only there if anything sheds load."""
    scaling: tuple[Scaler, ...] | None = field(metadata=ONLY_IF_SAID)
    """What scalers asked for, and what was there; only there if there is any, in the order of the file."""
    out_of_memory: tuple[KilledNodes, ...] | None = field(metadata=ONLY_IF_SAID)
    """Nodes that were killed as their requests did not fit into their memory; only there if that can be."""
    detectors: tuple[Detector, ...] | None = field(metadata=ONLY_IF_SAID)
    """Whom each detector of unusual usage flagged, in file order; only there if there is any."""
    events: tuple[Event, ...]
    """The log of the control plane, in order."""
    assumptions: tuple[Assumption, ...]
    """The defaults that no source backs and that the run rests on."""
    series: Series = field(metadata=UNWRITTEN)
    """What happened over time."""


@dataclass(frozen=True)
class Verdict:
    """How a run was made, and how it was judged."""

    schema_version: int = field(default=SCHEMA_VERSION, init=False)
    """The version of this format; a higher one may have other fields."""
    recipe: Recipe
    """What makes the run repeatable."""
    verdict: str
    """met, missed, inconclusive or no_expectations."""
    expectations: tuple[Judgement, ...]
    """Every expectation, judged, in the file's order."""

    @property
    def exit_code(self) -> int:
        """0 met, 1 missed, 4 inconclusive."""
        return EXIT_CODES[self.verdict]


@dataclass(frozen=True)
class Result(Sections, Verdict, Shown):
    """One finished, measured and judged run.

    Every field is typed and says its unit: `result.recovery.recovery_time_s`. The same by the keys of
    `result.json`: `result["recovery"]["recovery_time_s"]`. (Fields of the base named last stand first.)
    """

    levers: tuple[Lever, ...] | None = None
    """What would have shortened the recovery, one thing of the design changed at a time; null if nobody
    asked, empty if there was nothing to recover from."""
    countermeasures: Countermeasures | None = field(default=None, metadata=ONLY_IF_SAID)
    """What each countermeasure that acted changed; only there if somebody asked."""

    def __getitem__(self, section: str) -> Any:
        """A section as plain data, by its name in `result.json`."""
        return self.to_dict()[section]

    def to_dict(self) -> dict[str, Any]:
        """Everything that `result.json` holds, as plain data."""
        found: dict[str, Any] = plain(self)
        return found

    def to_json(self) -> str:
        """Canonical text: the same run gives the same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
