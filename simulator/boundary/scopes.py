"""To what an expectation can narrow its measure: the keys of each scope, and the values under them."""

from dataclasses import replace

from simulator.boundary.measure_terms import Key, Scope
from simulator.boundary.outcomes import Presence
from simulator.records import dataclass


@dataclass(frozen=True)
class Asked:
    """What an expectation narrows its measure to; None where it does not."""

    table: str | None = None
    database: str | None = None
    cache: str | None = None
    alarm: str | None = None
    scaler: str | None = None
    plan: str | None = None
    step: str | None = None
    """Of a failover plan."""
    origin: str | None = None
    """The region that wrote."""
    target: str | None = None
    """The region that receives."""
    region: str | None = None
    """To which requests went."""
    from_ns: int | None = None
    to_ns: int | None = None
    percentile: float | None = None
    operation: str | None = None
    population: str | None = None
    share: float | None = None
    """Of which share of the actions."""
    who: Presence | None = None
    """Of the sessions alive during a fault, which."""

    def spans(self, start_ns: float, end_ns: float) -> bool:
        """Whether a window lies wholly in the part of the run that is asked for."""
        return (self.from_ns or 0) <= start_ns and (self.to_ns is None or end_ns <= self.to_ns)


RUN = Scope("Run")
TABLE = Scope(
    "Table",
    ", of one table or of all.",
    (Key("table", "store", "One table, database, bucket or multi-region cache; default all together."),),
    "`table:` for one table.",
)
WORST_TABLE = Scope(
    "WorstTable",
    ", of one table or of the worst.",
    (Key("table", "store", "One table, database, bucket or multi-region cache; default the worst."),),
    "`table:` for one table.",
)
_DATABASE = Key("database", "database", "One database; default all together.")
DATABASE = Scope("Database", ", of one database or of all.", (_DATABASE,), "`database:` for one database.")
WORST_DATABASE = Scope(
    "WorstDatabase",
    ", of one database or of the worst.",
    (Key("database", "database", "One database; default the worst."),),
    "`database:` for one database.",
)
SIDES = Scope(
    "Sides",
    ", of one database or of all, on one side or on both.",
    (_DATABASE, Key("region", "region", "Those made in one region; default all.", by_itself=True)),
    "`database:` for one database, `region:` for the writes of one side.",
)
PLAN = Scope(
    "Plan",
    ", of one failover plan or of the one that took longest.",
    (Key("plan", "failover plan", "One failover plan; default the one that took longest."),),
    "`plan:` for one plan.",
)
ALARM = Scope(
    "Alarm",
    ", of one alarm or of all.",
    (Key("alarm", "alarm", "One alarm; default all."),),
    "`alarm:` for one alarm.",
)
PLACE = Scope(
    "Place",
    ", in one region or in all.",
    (Key("region", "region", "In one region; default in all together.", by_itself=True, as_said="in {}"),),
    "`region:` for one region.",
)
SCALER = Scope(
    "Scaler",
    ", of one scaler or of all.",
    (Key("scaler", "scaler", "One scaler; default all together."),),
    "`scaler:` for one scaler.",
)
STRANDED = Scope(
    "Stranded",
    ", of one failover plan or of any, at one step or at any.",
    (
        Key("plan", "failover plan", "One failover plan; default any."),
        Key("step", "step of a plan", "One step, by its name; default any.", as_said="at '{}'"),
    ),
    "`{plan: …, step: …}` for one plan and one of its steps, with `holds: false` for not so.",
)
CACHE = Scope(
    "Cache",
    ", of one cache or of all.",
    (Key("cache", "cache", "One cache; default all together."),),
    "`cache:` for one cache.",
)
COUNTERS = Scope(
    "Counters",
    ", of one multi-region cache or of all.",
    (Key("cache", "cache", "One multi-region cache; default all together.", multi_region=True),),
    "`cache:` for one cache, which must be multi-region.",
)
PAIR = Scope(
    "Pair",
    " of a pair (default: the worst pair of the worst table).",
    (
        Key("table", "store", "One table, database, bucket or multi-region cache; default the worst."),
        Key("from", "region", "One pair: copies from this region …", reads="origin"),
        Key("to", "region", "… to this one.", joint="→", reads="target"),
    ),
    "`table:`, `from:` and `to:` for one pair; otherwise the worst.",
)
DAMAGED = Scope(
    "Damaged",
    ", of one table or of all, in one region or in all.",
    (
        Key("table", "store", "One table, bucket or multi-region cache; default all together."),
        Key("region", "region", "In which region; default in any.", by_itself=True, as_said="in {}"),
    ),
    "`table:` for one table; `region:` for one region.",
)
_FROM = Key(
    "from",
    "time",
    "The windows that begin at this time of the run or later …",
    required=True,
    reads="from_ns",
)
_TO = Key("to", "time", "… and end at this time or before.", required=True, joint=" to ", reads="to_ns")
_OPERATION = Key(
    "operation",
    "operation",
    "One operation, as `operation` or `service.operation`; default all together.",
)
_POPULATION = Key("population", "population", "One population of users; default all together.")
_EITHER = "`population:` or `operation:` for those alone."
SPAN = Scope(
    "Span",
    " over a part of the run: the windows that lie wholly between two times.",
    (_FROM, _TO, _POPULATION, _OPERATION),
    f"From the time `from:` to the time `to:`; {_EITHER}",
    one_slice=True,
)
TRAFFIC = Scope(
    "Traffic",
    " of the requests that are sent to a region, over the run or a part of it.",
    (
        Key("region", "region", "To which region.", required=True),
        replace(_FROM, required=False, as_said="from {}"),
        replace(_TO, required=False, joint=" ", as_said="to {}"),
        _POPULATION,
    ),
    "`region:`; from the time `from:` to the time `to:`, by default the whole run; `population:` for one.",
)
OVERTAKEN = Scope(
    "Overtaken",
    ", of one table or of all, between two regions or any, in a part of the run or all of it.",
    (
        Key("table", "store", "One table, database, bucket or multi-region cache; default all together."),
        Key(
            "origin",
            "region",
            "Those written in this region; default in any.",
            by_itself=True,
            as_said="written in {}",
        ),
        Key(
            "target",
            "region",
            "Those overtaken by a write in this region; default in any.",
            by_itself=True,
            as_said="overtaken in {}",
        ),
        Key(
            "from",
            "time",
            "Those overtaken in the windows that begin at this time of the run or later; default its start.",
            as_said="from {}",
            reads="from_ns",
        ),
        Key(
            "to",
            "time",
            "Those overtaken in the windows that end at this time or before; default its end.",
            joint=" ",
            as_said="to {}",
            reads="to_ns",
        ),
    ),
    "`table:` for one table; `origin:` and `target:` for where they were written and overtaken; "
    "`from:` and `to:` for the times between which they were overtaken.",
)
_PERCENTILE = Key(
    "percentile",
    "percentile",
    "Which: 50 is the median, 99.9 the time that one of a thousand exceeds, 100 the maximum.",
    required=True,
)
PERCENTILE = Scope("Percentile", ": a percentile.", (_PERCENTILE,), "`percentile:` from 1 to 100.")
ACTIONS = Scope(
    "Actions",
    ": a percentile of how long user actions took, of some of them or of all.",
    (
        _PERCENTILE,
        _OPERATION,
        _POPULATION,
    ),
    "`percentile:` from 1 to 100; `operation:` and `population:` for those alone.",
)
RECOVERED = Scope(
    "Recovery",
    ", of the objective or of another share of the actions.",
    (
        Key(
            "of",
            "share",
            "Until so large a share of the actions is good again and stays so; default the objective's.",
            reads="share",
        ),
        _POPULATION,
        _OPERATION,
    ),
    f"`of:` for another share of the actions than the objective's; {_EITHER}",
    one_slice=True,
)
BOTH = Scope(
    "Slice",
    ", of all user actions or of some.",
    (_OPERATION, _POPULATION),
    "`operation:` and `population:` for those alone.",
)
EITHER = Scope(
    "Isolation",
    ", of all user actions or of some.",
    (_POPULATION, _OPERATION),
    "`{population: …}` or `{operation: …}` for those alone, with `holds: false` for not so.",
    one_slice=True,
)
PEOPLE = Scope(
    "Population", ", of all users or of one population.", (_POPULATION,), "`population:` for one alone."
)
SHED = Scope(
    "Shed",
    ", of all users or of one population, for all regions or for one.",
    (
        _POPULATION,
        Key(
            "region",
            "region",
            "Those for one region; default all, and those at the edges of content networks.",
            by_itself=True,
            as_said="in {}",
        ),
    ),
    "`population:` for one alone, `region:` for those that were sent to one.",
)
SESSIONS = Scope(
    "Sessions",
    ", of all sessions alive during a fault or of some.",
    (
        _POPULATION,
        Key(
            "who",
            "presence",
            "Those that were `signed_in` when the fault began, or `arriving` meanwhile; default both.",
        ),
    ),
    "`population:` for one; `who: signed_in` for those that were there before, `who: arriving` for others.",
)
