"""The world as control processes have set it: what the data plane looks up, and never changes."""

from typing import Any

import numpy as np

from simulator.boundary.fields import (
    FACE,
    FAULT_WORD,
    FRONT,
    INSTANCE,
    LOCATION,
    NAME,
    NUMBER,
    OPERATION,
    POPULATION,
    REGION,
    SERVICE,
    SHEDDABLE,
    STORE,
    UNIT_KIND,
    ZONE,
    Floats,
    Ints,
    by,
    table,
)


def _read_places(plan: Any) -> Any:
    """Every region reads in itself; of a database without a replica there, at the writer."""
    places = _write_places(plan)
    regions = np.arange(places.shape[1])
    return np.where(plan.store_replica == 1, regions, places)


def _write_places(plan: Any) -> Any:
    """Every region writes in itself; a database at its writer."""
    regions = np.arange(plan.store_replica.shape[1])
    writers = plan.store_writer[:, np.newaxis]
    return np.where(writers < 0, regions[np.newaxis, :], writers).astype(np.int64)


def _members_reached(plan: Any) -> Ints:
    """Every member of a strong table reaches every other one."""
    reached = np.zeros((len(plan.store_strong), plan.region_count, len(plan.rtt_ns)), np.int64)
    for store in np.flatnonzero(plan.store_strong).tolist():
        replicas, witness = np.flatnonzero(plan.store_replica[store]), int(plan.store_witness[store])
        for region in replicas.tolist():
            reached[store, region, replicas] = 1
            reached[store, region, region] = 0
            if witness >= 0:
                reached[store, region, witness] = 1
    return reached


@table
class World:
    """What control processes set: at first everything works and no name has an answer yet."""

    region_mode: Ints = by(REGION, says="UP, REFUSED or BLACK_HOLE")
    region_lost: Ints = by(REGION, says="1: gone for good")
    replica_lost: Ints = by(STORE, REGION, says="1: gone for good with its region, or forked")
    region_skew_ns: Ints = by(REGION, says="error of its clocks")
    key_removed: Ints = by(REGION, says="1: an issuer's key is missing from the published set")
    site_mode: Ints = by(FACE, REGION, says="UP, REFUSED or BLACK_HOLE")
    site_error_share: Floats = by(FACE, REGION, says="share of requests answered with a 5xx")
    site_factor: Floats = by(FACE, REGION, start=1, says="factor of its compute steps")
    site_add_ns: Ints = by(FACE, REGION, says="added to its compute steps")
    site_capacity: Floats = by(FACE, REGION, start=1, says="share of its capacity that is left")
    site_resets: Ints = by(
        SERVICE, REGION, says="times it began to refuse: connections made before are broken"
    )
    targets: Ints = by(
        INSTANCE,
        start=lambda plan: np.arange(len(plan.instance_region)),
        says="nodes of each site, in its segment: first those that the load balancer believes alive, then "
        "the others that are there",
    )
    target_count: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.site_there.copy(), says="nodes believed alive"
    )
    nodes_there: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.site_there.copy(), says="nodes that are there"
    )
    provisioned: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.lambda_provisioned.copy(), says="environments kept warm"
    )
    reserved: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.lambda_reserved.copy(), says="executions at once; 0: none"
    )
    invocation_gap_ns: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.lambda_rate_gap_ns.copy(), says="of a function's invocations"
    )
    invocation_slack_ns: Ints = by(
        SERVICE, REGION, start=lambda plan: plan.lambda_rate_slack_ns.copy(), says="of them"
    )
    shed_share: Floats = by(
        FRONT,
        OPERATION,
        REGION,
        SHEDDABLE,
        says="share of their requests that load shedding turns away there",
    )
    zone_mode: Ints = by(REGION, ZONE, says="UP, REFUSED or BLACK_HOLE")
    instance_mode: Ints = by(INSTANCE, says="UP, REFUSED or BLACK_HOLE, by faults of the node alone")
    instance_error_share: Floats = by(
        INSTANCE, says="share of requests answered with a 5xx, by faults of it and of its zone"
    )
    instance_factor: Floats = by(INSTANCE, start=1, says="factor of its compute steps, by the same")
    instance_add_ns: Ints = by(INSTANCE, says="added to its compute steps, by the same")
    endpoint_mode: Ints = by(STORE, REGION, says="UP, REFUSED or BLACK_HOLE")
    endpoint_error_share: Floats = by(STORE, REGION, says="share of calls answered with a 5xx")
    endpoint_throttle_share: Floats = by(STORE, REGION, says="share of the other calls that are throttled")
    endpoint_factor: Floats = by(STORE, REGION, start=1, says="factor of the time that a call takes")
    endpoint_add_ns: Ints = by(STORE, REGION, says="added to the time that a call takes")
    endpoint_empty: Ints = by(STORE, REGION, says="1: its name leads nowhere")
    throughput: Floats = by(
        STORE,
        REGION,
        UNIT_KIND,
        start=lambda plan: plan.store_rate.copy(),
        says="units a second of a table: provisioned, or warm throughput",
    )
    endpoint_capacity: Floats = by(STORE, REGION, start=1, says="share of its capacity that is left")
    read_place: Ints = by(STORE, REGION, start=_read_places, says="where services of a region read")
    write_place: Ints = by(STORE, REGION, start=_write_places, says="where they write; -1: nowhere")
    epoch: Ints = by(
        STORE, REGION, says="of what is written there to a database: see docs/model-stores.md §4"
    )
    promoting: Ints = by(STORE, says="1: another region is being made the writer of a database")
    commits_blocked: Ints = by(STORE, says="1: the writer of a database lets no commit through")
    two_writers: Ints = by(STORE, says="1: two regions take the writes of a database")
    forked: Ints = by(STORE, REGION, says="1: an old writer of a database, whose writes are lost at once")
    endpoint_resets: Ints = by(STORE, REGION, says="times it began to refuse")
    endpoint_absent: Ints = by(STORE, REGION, says="1: the table is not there")
    endpoint_fenced: Ints = by(STORE, REGION, says="1: writes are refused there")
    endpoint_corrupt_share: Floats = by(STORE, REGION, says="share of writes that become wrong")
    flush_ns: Ints = by(STORE, REGION, start=-1, says="when a cache was last emptied")
    surge: Floats = by(POPULATION, start=lambda plan: plan.pop_surge_base.copy(), says="factor of the load")
    link_cut: Ints = by(LOCATION, LOCATION, says="1: nothing passes")
    link_loss: Floats = by(LOCATION, LOCATION, says="share of packets lost")
    link_factor: Floats = by(LOCATION, LOCATION, start=1, says="factor of the time on the way")
    link_add_ns: Ints = by(LOCATION, LOCATION, says="added to the time on the way")
    answer_weight: Ints = by(NAME, LOCATION, REGION, says="weight of a region in what Route 53 answers")
    answer_every: Ints = by(NAME, LOCATION, says="1: every region of weight > 0 is in the answer")
    authoritative_mode: Ints = by(NAME, says="ANSWERING, FAILING, LOSING or EMPTY")
    authoritative_share: Floats = by(NAME, says="share of queries that fail or are lost")
    reaches: Ints = by(
        STORE,
        REGION,
        LOCATION,
        start=_members_reached,
        says="1: a replica of a strong table reaches another member",
    )
    replicating: Ints = by(STORE, REGION, REGION, start=1, says="1 while the replicator runs")
    resumed_ns: Ints = by(
        STORE, REGION, REGION, says="when it last resumed (or stopped, while it stands still)"
    )
    resumed_clock_ns: Ints = by(STORE, REGION, REGION, says="its replication clock at that time")
    caught_up_ns: Ints = by(STORE, REGION, REGION, says="when its clock is the time again")

    # bits of the faults that each shows (docs/model-control-plane.md §2)
    population_faults: Ints = by(POPULATION, FAULT_WORD, says="by its load")
    name_faults: Ints = by(NAME, FAULT_WORD, says="by its authoritative servers")
    link_faults: Ints = by(LOCATION, LOCATION, FAULT_WORD, says="by a link")
    region_faults: Ints = by(REGION, FAULT_WORD, says="that take a region down")
    zone_faults: Ints = by(REGION, ZONE, FAULT_WORD, says="that take a zone down")
    instance_faults: Ints = by(INSTANCE, FAULT_WORD, says="of the node, and those that make its zone grey")
    site_faults: Ints = by(FACE, REGION, FAULT_WORD, says="by a site")
    key_faults: Ints = by(REGION, FAULT_WORD, says="by an issuer's key")
    endpoint_faults: Ints = by(STORE, REGION, FAULT_WORD, says="by the endpoint of a store")
    flush_faults: Ints = by(STORE, REGION, FAULT_WORD, says="that have flushed a cache")
    corruption_faults: Ints = by(STORE, REGION, FAULT_WORD, says="by what makes writes wrong there")
    damage_faults: Ints = by(STORE, FAULT_WORD, says="that have damaged what a store holds")
    replica_faults: Ints = by(STORE, REGION, FAULT_WORD, says="by the replicators of a replica")
    clock_faults: Ints = by(REGION, FAULT_WORD, says="by a region's clock")
    showing: int = by(NUMBER, says="how many words of these show any")
