"""Hop: a region, from its door to the response (docs/model.md §4.4 to §4.6). Here a region has no limit
of capacity.
"""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.draws import ATTEMPT, uniform_of
from simulator.data_plane.queue import STEP
from simulator.data_plane.steps import take_effect, work_until_effect
from simulator.data_plane.waiting import answer, fall_silent, proceed
from simulator.seam import BLACK_HOLE, ERROR, REFUSED, REFUSED_OUTCOME, RESET, SUCCEEDED


@kernel
def receive_request(plan, memory, a, place, t):  # type: ignore[no-untyped-def]
    """The request reaches the region's door."""
    attempts, world = memory.attempts, memory.world
    region, back_ns = attempts.region[a], t + attempts.backward_ns[a]
    if world.link_cut[place, region] or world.region_mode[region] == BLACK_HOLE:
        fall_silent(plan, memory, a)
    elif world.region_mode[region] == REFUSED:
        answer(plan, memory, a, back_ns, RESET if attempts.reused[a] else REFUSED_OUTCOME)
    elif world.region_resets[region] != attempts.resets[a]:
        answer(plan, memory, a, back_ns, RESET)
    elif errs(plan, memory, a, world.region_error_share[region]):
        answer(plan, memory, a, back_ns, ERROR)
    else:
        accept(plan, memory, a, t)


@kernel
def errs(plan, memory, a, share):  # type: ignore[no-untyped-def]
    """Draw whether the request is answered with a 5xx."""
    attempts = memory.attempts
    return (
        share > 0.0 and uniform_of(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 0, 2) < share
    )


@kernel
def accept(plan, memory, a, t):  # type: ignore[no-untyped-def]
    """The region takes the request and starts on its first step, as slow as it is now."""
    attempts, world = memory.attempts, memory.world
    region = attempts.region[a]
    attempts.outages[a] = world.region_outages[region]
    attempts.factor[a] = world.region_factor[region]
    work(plan, memory, a, 0, t + world.region_add_ns[region])


@kernel
def work(plan, memory, a, first, t):  # type: ignore[no-untyped-def]
    """Go on with step `first` at t: on to the next step that touches a table, or to the end."""
    step, took_ns = work_until_effect(plan, memory, a, first)
    memory.attempts.step[a] = step
    proceed(plan, memory, a, t + took_ns, STEP)


@kernel
def end_step(plan, memory, a, place, t):  # type: ignore[no-untyped-def]
    """A table step, or the last step, ends; work of a region that has been down since is lost."""
    attempts, world = memory.attempts, memory.world
    region, step = attempts.region[a], attempts.step[a]
    if world.region_outages[region] != attempts.outages[a]:
        lose_work(plan, memory, a, t)
        return
    count = plan.op_step_count[attempts.operation[a]]
    if step < count:
        take_effect(plan, memory, a, step, t)
        step += 1
        if step < count:
            work(plan, memory, a, step, t)
            return
    respond(plan, memory, a, place, t)


@kernel
def lose_work(plan, memory, a, t):  # type: ignore[no-untyped-def]
    """The region went down while it worked: the connection is reset if it refused, else nothing comes
    back.
    """
    attempts = memory.attempts
    if memory.world.region_resets[attempts.region[a]] != attempts.resets[a]:
        answer(plan, memory, a, t + attempts.backward_ns[a], RESET)
    else:
        fall_silent(plan, memory, a)


@kernel
def respond(plan, memory, a, place, t):  # type: ignore[no-untyped-def]
    """The response leaves, if there is a way back."""
    attempts = memory.attempts
    if memory.world.link_cut[attempts.region[a], place]:
        fall_silent(plan, memory, a)
    else:
        answer(plan, memory, a, t + attempts.backward_ns[a], SUCCEEDED)
