"""Which requests meet which fault (docs/model-control-plane.md §2, *Who meets a fault*).

What a request can consult shows the bits of the faults that act on it now: all zero while nothing acts. A
request remembers those that it has met, so that it counts once for each.
"""

from simulator.boundary.fields import FAULTS_A_WORD
from simulator.kernels.bits import bit_length
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import kernel


def show(world: Block, kind: str, place: tuple[int, ...], faults: frozenset[int]) -> None:
    """Let a place of a kind show faults, by number."""
    words = getattr(world, f"{kind}_faults")[place]
    world.showing[0] -= (words != 0).sum()
    words[:] = 0
    for fault in faults:
        words[fault // FAULTS_A_WORD] |= 1 << fault % FAULTS_A_WORD
    world.showing[0] += (words != 0).sum()


@kernel
def note(memory, a, word, faults):
    """A request meets the faults of a word of bits: count those that are new to it."""
    fresh = faults & ~memory.attempts.met[a, word]
    memory.attempts.met[a, word] |= fresh
    while fresh != 0:
        lowest = fresh & -fresh
        memory.counts.fault_met[word * FAULTS_A_WORD + bit_length(lowest) - 1] += 1
        fresh -= lowest


@kernel
def meet(plan, memory, a, shown, place):
    """A request consults something at a place of the world: it meets the faults that are shown there."""
    if memory.world.showing[0] != 0:
        meet_any(plan, memory, a, shown, place)


@kernel
def meet_any(plan, memory, a, shown, place):
    """A request meets the faults that are shown at a place."""
    for word in range(plan.fault_words):
        faults = shown[place + (word,)]  # noqa: RUF005  (kernels cannot unpack)
        if faults != 0:
            note(memory, a, word, faults)


@kernel
def meet_load(plan, memory, a, population):
    """A request begins: what it meets is the load itself."""
    meet(plan, memory, a, memory.world.population_faults, (population,))


@kernel
def meet_name(plan, memory, a, name):
    """A resolver has asked a name's authoritative servers for a request."""
    meet(plan, memory, a, memory.world.name_faults, (name,))


@kernel
def meet_link(plan, memory, a, origin, target):
    """A request, or what is done for it, goes from one place to another."""
    meet(plan, memory, a, memory.world.link_faults, (origin, target))


@kernel
def meet_site(plan, memory, a, face, region):
    """A request is at a site, of whose service it meets a face, or asks it for keys."""
    meet(plan, memory, a, memory.world.site_faults, (face, region))


@kernel
def meet_instance(plan, memory, a, i):
    """A request is handed to an instance, or taken by one."""
    meet(plan, memory, a, memory.world.instance_faults, (i,))


@kernel
def reaches_site(plan, memory, a, place, face, region):
    """A packet goes to a site: tell whether the link lets it through."""
    meet_link(plan, memory, a, place, region)
    if memory.world.link_cut[place, region]:
        return False
    meet_site(plan, memory, a, face, region)
    return True


@kernel
def meet_loss(plan, memory, a, i):
    """A request learns that the instance that had it was lost."""
    meet_any(plan, memory, a, memory.instances.lost_by, (i,))


@kernel
def meet_key(plan, memory, a, region):
    """The key of an issuer is fetched for a request."""
    meet(plan, memory, a, memory.world.key_faults, (region,))


@kernel
def meet_endpoint(plan, memory, a, store, region):
    """A request's call looks at the endpoint of a store."""
    meet(plan, memory, a, memory.world.endpoint_faults, (store, region))


@kernel
def meet_host(plan, memory, a, region):
    """A content network's request is in the region of an origin."""
    meet(plan, memory, a, memory.world.region_faults, (region,))


@kernel
def meet_flush(plan, memory, a, store, region):
    """A look misses what a flush has taken away."""
    meet(plan, memory, a, memory.world.flush_faults, (store, region))


@kernel
def meet_replica(plan, memory, a, store, region):
    """A request reads or writes a replica of what is copied."""
    meet(plan, memory, a, memory.world.replica_faults, (store, region))


@kernel
def meet_corruption(plan, memory, a, store, region):
    """A request's write takes effect where writes become wrong."""
    meet(plan, memory, a, memory.world.corruption_faults, (store, region))


@kernel
def meet_damage(plan, memory, a, store):
    """A request has read what is damaged."""
    meet(plan, memory, a, memory.world.damage_faults, (store,))


@kernel
def meet_clock(plan, memory, a, region):
    """A request's write takes its timestamp from a region's clock."""
    meet(plan, memory, a, memory.world.clock_faults, (region,))
