"""Kinds of steps, stores, compute and verifiers, as plans number them."""

NEVER_NS = 2**62
"""A time that no run reaches."""

# kinds of step
COMPUTE = 0
READ = 1  # of a table's item, or an object
WRITE = 2
GET = 3  # from a cache
INCREMENT = 4  # in a multi-region cache

# kinds of store
TABLE = 0
OBJECTS = 1
CACHE = 2  # in one region each
SHARED_CACHE = 3  # multi-region

# kinds of compute of a site
NOWHERE = 0  # the service does not run in the region
UNLIMITED = 1
LAMBDA = 2
NODES = 3

# who verifies tokens
NOBODY = 0
GATEWAY = 1
INSTANCE = 2
