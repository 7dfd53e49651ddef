"""A bound on the recovery point of a database: commits are blocked while every reader is further behind.

Amazon Aurora guide, *aurora-global-database-disaster-recovery*, "managing RPOs for Aurora PostgreSQL-based
global databases" (`rds.global_db_rpo`). Specification: docs/model-stores.md §4.
"""

from simulator.boundary.events_of_data import COMMITS_BLOCKED, COMMITS_RESUMED
from simulator.boundary.readings import Readings
from simulator.control_plane.causes import Cause
from simulator.control_plane.databases.roles import Database
from simulator.control_plane.world import Process, World

_LOOK_NS = 10**9


def keep_bound(world: World, database: Database, rpo_ns: int) -> Process:
    """Look once a second how far behind the readers are; block commits, and let them through again."""
    ages = world.touch().reader(Readings(world.plan.data, gauges=("backlog_age_ns",)))
    while True:
        yield world.after(_LOOK_NS)
        world.touch()
        found = ages.read()["backlog_age_ns"][database.store, database.writer]
        readers = database.followers()
        is_asked = database.coming is None and bool(readers)
        is_blocked = is_asked and all(int(found[reader]) > rpo_ns for reader in readers)
        if is_blocked != database.blocked:
            database.blocked = is_blocked
            kind = COMMITS_BLOCKED if is_blocked else COMMITS_RESUMED
            world.record(kind, database.subject, _lag_changed_by(world, database))
            database.settle()


def _lag_changed_by(world: World, database: Database) -> Cause:
    """What has changed last of the replication to any reader."""
    return world.causes.newest(("replica", (database.store, region)) for region in database.replicas)
