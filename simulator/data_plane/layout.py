"""The arrays that the kernels work on, block by block; `simulator.data_plane.pools` makes them.

Those of versions and their copies are in `simulator.data_plane.stores.layout`, those of web ACLs in
`simulator.data_plane.way.layout`. The plan is constant. The world is what control processes change
(`simulator.boundary.world`); the rest, which is here, is the data plane's own memory. Scalars that change
live in arrays of length one. Pools (sessions, attempts, deeds, tokens, versions, lanes, copies, clients) have
a stack of free slots and grow between events; the first axis of their fields is the slot. In a pool, fields
that are used together stand together: they share cache lines.
"""

from typing import Any

import numpy as np

from simulator.boundary.fields import (
    CACHED_ITEM,
    CLIENT_COUNT,
    EDGE_ITEM,
    FAULT_WORD,
    GUARDED,
    HISTOGRAM_BIN,
    INSTANCE,
    LOCATION,
    NAME,
    OPERATION,
    PARTITION,
    POPULATION,
    REGION,
    RESOLVER,
    RULE,
    RULE_SLICE,
    SERVICE,
    STORE,
    UNIT_KIND,
    VERIFIER,
    WATCHED,
    Axis,
    Floats,
    Ints,
    by,
    slots,
    table,
)
from simulator.boundary.outcomes import HISTOGRAM_BINS

RECENT_READS = 4  # items a session remembers for monotonic reads
CALL_TRIES = 64  # most tries of a call; so many lanes of draws has each step
LONG_AGO_NS = -(2**62)
NOT_ASKED_NS = -1  # until when a connection may live whose instance has not asked for it yet

RECENT_READ = Axis("recent read", lambda _plan: RECENT_READS)
DRAWN = Axis("step of four", lambda _plan: 4)
ACCOUNT = Axis("account", lambda _plan: 1)

NESTED = Axis("caller, if services call services", lambda plan: int(plan.service_calls > 0))
SESSION = slots("session")
SEEN = Axis("read that is kept", lambda plan: int(plan.seen_slots))
ROUND = Axis("round, if there are conditions", lambda plan: int(plan.conditions > 0))
ATTEMPT = slots("attempt")
CLIENT = slots("client")
DEED = slots("deed")
TOKEN = slots("token")


@table
class Sessions:
    """A user's session, and the action and try in progress. Two axes: the slot, and what is named."""

    number: Ints = by(SESSION, start=-1, says="population << 36 | ordinal; -1: free slot")
    due_end_ns: Ints = by(SESSION, says="when it is due to end")
    deadline_ns: Ints = by(SESSION, says="of the attempt in progress")
    begin_ns: Ints = by(SESSION, says="of the attempt in progress")
    actions: Ints = by(SESSION, bits=32, says="begun so far")
    attempts: Ints = by(SESSION, bits=32, says="finished so far")
    tries: Ints = by(SESSION, bits=32, says="unsuccessful so far, of this action or token request")
    operation: Ints = by(SESSION, bits=32, says="of the action in progress")
    deed: Ints = by(SESSION, bits=32, says="what the action begun last has applied, -1: it writes nothing")
    region: Ints = by(SESSION, bits=8, says="to which the attempt in progress goes")
    reused: Ints = by(SESSION, bits=8, says="1: the try in progress goes over a kept-alive connection")
    seeking_token: Ints = by(SESSION, bits=8, says="1: its tries are token requests")
    token_kind: Ints = by(SESSION, bits=8, says="of the token request in progress")
    last_outcome: Ints = by(SESSION, bits=8, says="of this action's tries")
    trouble: Ints = by(SESSION, bits=8, says="0 none, 1 an attempt failed, 2 an action failed")
    cause: Ints = by(SESSION, bits=8, says="outcome of the first failed attempt, 0: none")
    renewed: Ints = by(SESSION, bits=8, says="1: this action has had its token renewed after a 401")
    granted: Ints = by(SESSION, bits=8, says="1: the limiter and the breaker have let the coming try through")
    turned_away: Ints = by(SESSION, bits=8, says="1: a limit of Lambda turned the try in progress away")
    action_unknown: Ints = by(SESSION, bits=8, says="1 if any try of this action had an unknown outcome")
    wrong: Ints = by(SESSION, bits=8, says="1: the attempt in progress has read what is damaged")
    own_item: Floats = by(SESSION, says="uniform number that picks the session's own item")
    action_item: Floats = by(SESSION, says="uniform number that picks the action's item")
    action_start_ns: Ints = by(SESSION, says="of the action in progress; NEVER_NS: none")
    think_ns: Ints = by(SESSION, says="how long the user thinks after it, unless there is a surge")
    trouble_since_ns: Ints = by(SESSION, says="begin of its first bad action in a row; NEVER_NS: none")
    last_mile_ns: Ints = by(SESSION, says="round trip between the device and its location")
    token_expiry_ns: Ints = by(SESSION, says="when its token expires")
    retry_cost: Ints = by(SESSION, bits=32, says="of the last retry of this run of tries, -1: none yet")
    breaker_epoch: Ints = by(SESSION, bits=32, says="in which the try was let through")
    resets: Ints = by(SESSION, bits=32, says="of the site, when the try's connection was made")
    token_issuer: Ints = by(SESSION, bits=8, says="region; -1: not bound to one, -2: no token")
    first_issuer: Ints = by(SESSION, bits=8, says="number in the list of issuers that is asked first")
    route: Ints = by(SESSION, bits=8, says="how the try in progress found its place")
    stale: Ints = by(SESSION, bits=8, says="1: as it began, Route 53 answered otherwise")
    addresses: Ints = by(SESSION, says="bits of the answer's regions that this try has not tried")
    opened_ns: Ints = by(SESSION, says="when the try's connection was opened; till it arrives, its way back")
    version: Ints = by(SESSION, says="last version read, for traces")
    start_ns: Ints = by(SESSION, says="when it started; < 0: in progress when the run began")
    resolver: Ints = by(SESSION, bits=32, says="the one that it asks")
    held: Ints = by(SESSION, bits=16, says="what held the action's last failed try; NOTHING: none has failed")
    why: Ints = by(SESSION, bits=16, says="what the try in progress has met, SLOW for nothing")
    connection_region: Ints = by(SESSION, NAME, bits=8, says="of the kept-alive connection, -1: none")
    recent_origin: Ints = by(SESSION, RECENT_READ, bits=8, says="of the version read")
    connection_resets: Ints = by(SESSION, NAME, bits=32, says="of the site, when the connection was made")
    recent_item: Ints = by(SESSION, RECENT_READ, bits=32, says="items read, most recent first, -1: none")
    blocked_since_ns: Ints = by(SESSION, GUARDED, says="begin of its blocked actions; NEVER_NS: none")
    was_blocked: Ints = by(SESSION, GUARDED, bits=8, says="1: it has heard that it is blocked")
    rule_newest: Ints = by(SESSION, RULE, says="for its own key: the newest slice with a request")
    rule_requests: Ints = by(SESSION, RULE, says="for its own key: all in the slices that are kept")
    rule_marks: Ints = by(SESSION, RULE, says="for its own key: bits, see simulator.data_plane.way.web_acl")
    rule_slices: Ints = by(SESSION, RULE_SLICE, says="for its own key: requests by slice, modulo 7")
    callee: Ints = by(SESSION, NESTED, bits=32, says="the called service that the try in progress has met")
    held_callee: Ints = by(SESSION, NESTED, bits=32, says="that which the action's last failed try had met")
    asked: Ints = by(SESSION, CLIENT_COUNT, says="since the last look: requests by operation, 4xx and 5xx")
    device_answer: Ints = by(SESSION, NAME, says="bits of regions; 0 empty, -1 failure")
    device_expiry_ns: Ints = by(SESSION, NAME, says="until when the device keeps it")
    connection_used_ns: Ints = by(SESSION, NAME, says="when it was last used")
    connection_opened_ns: Ints = by(SESSION, NAME, says="when it was opened")
    recent_stamp_ns: Ints = by(SESSION, RECENT_READ, says="timestamp of the version read")
    recent_time_ns: Ints = by(SESSION, RECENT_READ, says="its time")
    wrote_ns: Ints = by(SESSION, REGION, says="when it last wrote there")


@table
class Attempts:
    """A request on its way, from the client's connection to the end of the work on it."""

    slot: Ints = by(ATTEMPT, bits=32, says="of the session")
    operation: Ints = by(ATTEMPT, bits=32, says="what is asked for")
    number: Ints = by(ATTEMPT, says="of the session: the slot may have passed to another")
    attempt: Ints = by(
        ATTEMPT, says="which of the session's attempts; of a nested request, its path << 32 as well"
    )
    action: Ints = by(
        ATTEMPT, says="which of the session's actions; of a nested request, the steps that lead to it << 32"
    )
    region: Ints = by(ATTEMPT, bits=8, says="that is asked")
    state: Ints = by(ATTEMPT, bits=8, says="QUEUED while it waits for a worker")
    outcome: Ints = by(ATTEMPT, bits=8, says="how it ends, once decided")
    sent: Ints = by(ATTEMPT, bits=8, says="1: the request has left the client")
    reused: Ints = by(ATTEMPT, bits=8, says="1: on a kept-alive connection")
    wrong: Ints = by(ATTEMPT, bits=8, says="1: what it read last is damaged")
    ambiguous: Ints = by(ATTEMPT, bits=8, says="1: a write of it may have been applied")
    turned_away: Ints = by(ATTEMPT, bits=8, says="1: a limit of Lambda turned it away")
    step: Ints = by(ATTEMPT, bits=32, says="the next to take effect")
    drawn: Ints = by(ATTEMPT, bits=32, says="of which four steps the draws are kept, -1: of none")
    instance: Ints = by(ATTEMPT, bits=32, says="that works on it")
    generation: Ints = by(ATTEMPT, bits=32, says="of the instance, when the work began")
    deed: Ints = by(ATTEMPT, bits=32, says="what its action has applied, -1: it writes nothing")
    forward_ns: Ints = by(ATTEMPT, says="way of the request")
    backward_ns: Ints = by(ATTEMPT, says="way of the answer")
    connecting_ns: Ints = by(ATTEMPT, says="since when it tries to connect to its region")
    resets: Ints = by(ATTEMPT, bits=32, says="of the site, when the connection was made")
    factor: Floats = by(ATTEMPT, says="of the site's slowness, when the work began")
    started_ns: Ints = by(ATTEMPT, says="when the work began")
    arrived_ns: Ints = by(ATTEMPT, says="when it came to its front; NEVER_NS: not yet, or answered")
    passed_ns: Ints = by(ATTEMPT, says="when the front has passed it on, NEVER_NS: not yet")
    overhead_ns: Ints = by(ATTEMPT, says="of the gateway")
    initial_ns: Ints = by(ATTEMPT, says="of the work, before its first step: a cold start's initialization")
    takes_ns: Ints = by(ATTEMPT, says="how long the store takes for the try in progress")
    compute_ns: Ints = by(ATTEMPT, says="spent in compute steps")
    gateway_deadline_ns: Ints = by(ATTEMPT, says="until when the gateway waits")
    token_issuer: Ints = by(ATTEMPT, bits=8, says="-2: no token")
    queue_next: Ints = by(ATTEMPT, bits=32, says="the request behind it, -1: none")
    queued_ns: Ints = by(ATTEMPT, says="when it began to wait")
    call_try: Ints = by(ATTEMPT, bits=32, says="which try of the call in progress")
    call_begin_ns: Ints = by(ATTEMPT, says="when the try began")
    call_flags: Ints = by(ATTEMPT, says="see simulator.data_plane.work.progress")
    call_failure: Ints = by(ATTEMPT, bits=16, says="cause of a failure that the caller has not learned yet")
    retry_cost: Ints = by(ATTEMPT, bits=32, says="of the call's last retry, -1: none yet")
    breaker_epoch: Ints = by(ATTEMPT, bits=32, says="in which the try was let through")
    origin: Ints = by(ATTEMPT, bits=16, says="of a content network, the one asked now")
    owner: Ints = by(ATTEMPT, says="who waits for its end; see simulator.data_plane.owners")
    own_item: Floats = by(ATTEMPT, says="the session's draw, kept because it may have moved on")
    action_item: Floats = by(ATTEMPT, says="the session's draw, kept because it may have moved on")
    draws: Floats = by(ATTEMPT, DRAWN, says="uniform numbers of those steps")
    met: Ints = by(ATTEMPT, FAULT_WORD, says="bits of the faults that it has met")
    caller: Ints = by(
        ATTEMPT, NESTED, bits=32, says="of a nested request: the slot of the job that waits for it"
    )
    limit_ns: Ints = by(ATTEMPT, NESTED, says="of a nested request: until when its caller waits")
    asked_from: Ints = by(ATTEMPT, NESTED, bits=16, says="of a nested request: the region of its caller")
    rounds: Ints = by(ATTEMPT, ROUND, bits=32, says="refused conditions after which it has begun another one")
    seen: Ints = by(ATTEMPT, SEEN, says="state of an item that it has read: a version's number, -1: nothing")


@table
class Deeds:
    """What an action has applied so far, for as long as its session or a request of it knows it."""

    holders: Ints = by(DEED, says="the requests of the action, and its session until the next action")
    applied: Ints = by(DEED, says="bit k: step k has been applied")
    token: Ints = by(DEED, says="the last that an idempotent step has stored, -1: none")
    first: Ints = by(DEED, NESTED, says="the deed of one of the services that it has called, -1: none")
    next: Ints = by(DEED, NESTED, says="another deed of a service that the same has called, -1: none")
    of_step: Ints = by(DEED, NESTED, says="of a called service: the step that calls it")


@table
class Tokens:
    """A token that an idempotent step has stored with what it wrote."""

    step: Ints = by(TOKEN, says="which")
    version: Ints = by(TOKEN, says="that was written: its slot, which may have passed to another since")
    number: Ints = by(TOKEN, says="of that version, in order of writing")
    before: Ints = by(TOKEN, says="another token of the action, -1: none")


@table
class Clients:
    """A client's retry quota, breaker and adaptive limiter: all zero when new."""

    spent: Ints = by(CLIENT, says="of the retry quota")
    breaker_state: Ints = by(CLIENT, says="see simulator.data_plane.retrying.breaker")
    breaker_epoch: Ints = by(CLIENT, says="grows with each change of state")
    breaker_until_ns: Ints = by(CLIENT, says="until when it is open")
    remembered: Ints = by(CLIENT, says="results that it remembers")
    position: Ints = by(CLIENT, says="of the next one")
    failures: Ints = by(CLIENT, says="among them")
    results_0: Ints = by(CLIENT, says="bits of the remembered results: the first 60")
    results_1: Ints = by(CLIENT, says="bits of the remembered results: the others")
    probes_sent: Ints = by(CLIENT, says="of the half-open breaker")
    probes_back: Ints = by(CLIENT, says="of them, those whose result is known")
    probes_failed: Ints = by(CLIENT, says="of them, those that failed")
    limiter_used: Ints = by(CLIENT, says="1: its clock has started")
    limiter_enabled: Ints = by(CLIENT, says="1: it has seen a throttled request")
    fill: Floats = by(CLIENT, says="requests a second")
    capacity: Floats = by(CLIENT, says="most tokens")
    current: Floats = by(CLIENT, says="tokens")
    stamped: Ints = by(CLIENT, says="1: `stamp` counts")
    stamp: Floats = by(CLIENT, says="when the tokens were last counted, in seconds")
    measured: Floats = by(CLIENT, says="measured rate, requests a second")
    bucket: Floats = by(CLIENT, says="the half second in which is measured")
    count: Ints = by(CLIENT, says="requests in it")
    w_max: Floats = by(CLIENT, says="rate when last throttled")
    k: Floats = by(CLIENT, says="seconds until that rate is reached again")
    last_fail: Floats = by(CLIENT, says="when last throttled, in seconds")


@table
class Instances:
    """Lambda environments, nodes, and one endless instance of each site without limits."""

    generation: Ints = by(INSTANCE, says="times it was lost")
    loss: Ints = by(INSTANCE, says="how it was last lost: REFUSED if its zone refused")
    lost_by: Ints = by(INSTANCE, FAULT_WORD, says="bits of the faults by which it was last lost")
    busy: Ints = by(INSTANCE, says="requests that it works on")
    killed: Ints = by(INSTANCE, says="1: it has run out of memory, and the control plane does not know yet")
    keys_expiry_ns: Ints = by(INSTANCE, says="until when it keeps the issuers' keys")
    keys_held: Ints = by(INSTANCE, says="1: the issuer's key is among them")
    released_ns: Ints = by(INSTANCE, says="when an environment last became idle")
    released_generation: Ints = by(INSTANCE, says="its generation then")
    head: Ints = by(INSTANCE, start=-1, says="queue of waiting attempts")
    tail: Ints = by(INSTANCE, start=-1, says="the last of them")
    length: Ints = by(INSTANCE, says="how many wait")
    connection_limit_ns: Ints = by(
        INSTANCE, STORE, start=NOT_ASKED_NS, says="until when one may live; 0: closed; -1: before the run"
    )
    connection_used_ns: Ints = by(INSTANCE, STORE, says="when it was last used")
    connection_resets: Ints = by(INSTANCE, STORE, says="of the endpoint, when it was made")
    name_expiry_ns: Ints = by(INSTANCE, STORE, says="until when it keeps the endpoint's address")
    name_empty: Ints = by(INSTANCE, STORE, says="1: what it keeps is no address")


def _provisioned_idle(plan: Any) -> Any:
    """Each site's stack in its own segment, with the first environment on top."""
    idle = np.zeros(len(plan.instance_region), np.int64)
    for site in np.argwhere(plan.site_count > 0):
        first, warm = plan.site_first[tuple(site)], plan.lambda_provisioned[tuple(site)]
        idle[first : first + warm] = first + np.arange(warm - 1, -1, -1)
    return idle


def _never_started(plan: Any) -> Any:
    """Each site's stack in its own segment, with the first environment on top."""
    unborn = np.zeros(len(plan.instance_region), np.int64)
    for site in np.argwhere(plan.site_count > 0):
        first, count, warm = (
            array[tuple(site)] for array in (plan.site_first, plan.site_count, plan.lambda_provisioned)
        )
        unborn[first : first + count - warm] = first + np.arange(count - 1, warm - 1, -1)
    return unborn


@table
class Sites:
    """Services in regions, at rest: provisioned environments idle, all other environments not yet born."""

    in_use: Ints = by(SERVICE, REGION, says="requests at work")
    region_in_use: Ints = by(REGION, says="requests at work on Lambda")
    idle: Ints = by(INSTANCE, start=_provisioned_idle, says="stacks of idle environments")
    idle_count: Ints = by(
        SERVICE,
        REGION,
        start=lambda plan: np.where(plan.site_count > 0, plan.lambda_provisioned, 0),
        says="height of the stack",
    )
    unborn: Ints = by(INSTANCE, start=_never_started, says="stacks of numbers for new environments")
    unborn_count: Ints = by(
        SERVICE,
        REGION,
        start=lambda plan: np.where(plan.site_count > 0, plan.site_count - plan.lambda_provisioned, 0),
        says="height of the stack",
    )
    next_target: Ints = by(SERVICE, REGION, says="turns of the load balancer so far")
    peak_minute: Ints = by(SERVICE, REGION, says="number of the minute of which the peak is")
    minute_peak: Ints = by(SERVICE, REGION, says="most requests at work in it")
    queue_length: Ints = by(SERVICE, REGION, says="requests that wait at its nodes")
    queue_since_ns: Ints = by(SERVICE, REGION, says="until when the queue's length has been integrated")


@table
class TokenBuckets:
    """Token buckets, all full, and what tables on demand have taken so far.

    A bucket is the time at which it would be full again (generic cell rate algorithm).
    """

    account: Ints = by(ACCOUNT, REGION, start=LONG_AGO_NS, says="requests to the account's gateways")
    stage: Ints = by(SERVICE, REGION, start=LONG_AGO_NS, says="requests to a service's gateway")
    method: Ints = by(OPERATION, REGION, start=LONG_AGO_NS, says="requests for an operation")
    invocation: Ints = by(SERVICE, REGION, start=LONG_AGO_NS, says="invocations of a function")
    scaling: Ints = by(SERVICE, REGION, start=LONG_AGO_NS, says="new environments of a function")
    store: Ints = by(STORE, REGION, UNIT_KIND, start=LONG_AGO_NS, says="units of a table")
    partition: Ints = by(PARTITION, REGION, UNIT_KIND, start=LONG_AGO_NS, says="units of a partition")
    minute: Ints = by(STORE, REGION, UNIT_KIND, says="number of the present minute")
    minute_milli: Ints = by(STORE, REGION, UNIT_KIND, says="thousandths of a unit charged in it")
    best_milli: Ints = by(STORE, REGION, UNIT_KIND, says="highest complete minute of this half hour")
    peak_milli: Ints = by(STORE, REGION, UNIT_KIND, says="highest minute of the earlier half hours")


@table
class Verifiers:
    """Gateways' verifiers, which fetched their keys some time before the run."""

    expiry_ns: Ints = by(REGION, VERIFIER, says="until when it keeps the keys")
    held: Ints = by(REGION, VERIFIER, start=1, says="1: the issuer's key is among them")


@table
class Caches:
    """Single-region caches, all empty."""

    filled_ns: Ints = by(
        CACHED_ITEM, REGION, says="when filled, plus 1, negative with what is damaged; 0 for never"
    )


@table
class Edges:
    """Caches of content networks at every location, all empty."""

    expiry_ns: Ints = by(EDGE_ITEM, LOCATION, says="until when an object, or an error, is kept")
    failed: Ints = by(EDGE_ITEM, LOCATION, says="what is kept: 0 an object, 1 an error, 2 a damaged object")


@table
class Resolvers:
    """Resolvers; their caches are filled at time zero."""

    answer: Ints = by(RESOLVER, NAME, says="bits of regions; 0 empty, -1 failure")
    expiry_ns: Ints = by(RESOLVER, NAME, start=LONG_AGO_NS, says="until when it is kept")
    first_answer: Ints = by(RESOLVER, NAME, says="the answer held at time zero")


@table
class Populations:
    """What is kept of each population."""

    sessions: Ints = by(POPULATION, says="sessions in progress")


@table
class Watched:
    """Latencies of the populations, services and stores that an observer watches; none at first."""

    declared: Ints = by(WATCHED, says="1: somebody watches it")
    latency: Ints = by(WATCHED, HISTOGRAM_BIN, says="histogram since it was first watched")
    lowest: Ints = by(WATCHED, start=HISTOGRAM_BINS, says="lowest bin in use")
    highest: Ints = by(WATCHED, start=-1, says="highest bin in use")


@table
class Unmarked:
    """Visible writes that were never marked as at risk; they lie in the block of counters."""

    visible_unmarked: Ints = by(STORE, says="how many")
    oldest_unmarked_ns: Ints = by(STORE, says="write time of the oldest of them")
