"""Kinds of steps, stores, compute and verifiers, as plans number them."""

from simulator.records import dataclass
from simulator.times import NEVER_NS as NEVER_NS

REPEATS_NOTHING, REPEATS_READS, REPEATS_ALL = range(3)
"""Which requests a client repeats by itself when a reused connection was reset."""

ORDINAL_BITS = 36
"""A session's number is that of its population, and, in so many bits below, its own among theirs."""

# kinds of step
COMPUTE = 0
READ = 1  # of a table's item, or an object
WRITE = 2
GET = 3  # from a cache
INCREMENT = 4  # in a multi-region cache
DELETE = 5  # of a table's item
ASK = 6  # an external dependency
ASK_SERVICE = 7  # an operation of another service

# kinds of store
TABLE = 0
OBJECTS = 1
CACHE = 2  # in one region each
SHARED_CACHE = 3  # multi-region
DATABASE = 5  # one writer, readers in other regions
EXTERNAL = 6  # what others run; it holds no data of the system
SERVICE = 7  # no store: another service, as services call it; it holds no data

# conditions of a write
UNCONDITIONAL, ABSENT, UNCHANGED = range(3)
CONDITIONS = {None: UNCONDITIONAL, "absent": ABSENT, "unchanged": UNCHANGED}

ENDLESS = 2**62
"""So many of something never come together."""

# where requests are turned away before a service
REGIONAL, AT_CLOUDFRONT = 0, 1
FRONTS = ("regional", "cloudfront")
"""As users write them."""

# kinds of compute of a site
NOWHERE = 0  # the service does not run in the region
UNLIMITED = 1
LAMBDA = 2
NODES = 3

# who verifies tokens
NOBODY = 0
GATEWAY = 1
INSTANCE = 2


@dataclass(frozen=True)
class Call:
    """A step that calls a store: how users write it, and what it needs."""

    key: str
    """The key that users write; its value names the store."""
    number: int
    """The kind of step in plans."""
    stores: str
    """The section of the topology that declares the store."""
    takes: str
    """The catalog's name of how long it takes."""
    writes: bool = False
    """It changes what the store holds, so a failure may leave it applied. Of an external the step tells."""
    also: str = ""
    """Another section that may declare it, with a latency of its own."""
    multi_region: str = ""
    """If only a multi-region store can do it: what is asked for, in the words of a complaint."""


CALLS = (
    Call("read", READ, "tables", "dynamodb.read", also="databases"),
    Call("write", WRITE, "tables", "dynamodb.write", writes=True, also="databases"),
    Call("delete", DELETE, "tables", "dynamodb.write", writes=True, also="databases"),
    Call("get", READ, "buckets", "s3.get"),
    Call("put", WRITE, "buckets", "s3.put", writes=True),
    Call("cache", GET, "caches", "memorydb.get"),
    Call("increment", INCREMENT, "caches", "memorydb.increment", writes=True, multi_region="increments"),
    Call("call", ASK, "external", "external.call"),
)
"""Every kind of step but `compute`, which calls nothing."""

SECTIONS = {"tables": "table", "databases": "database", "caches": "cache", "buckets": "bucket"}
"""The sections of a topology that declare stores, and what one store of each is called."""
