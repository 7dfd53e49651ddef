"""The data plane: every request and every write, compiled; one file per hop.

Kernels are free functions over arrays. Their arguments have the same short names everywhere:

    plan      the lowered plan as a block (`simulator.plan.lowered.DataPlan`); constant
    memory    all other arrays, in blocks (`simulator.data_plane.layout`): memory.sessions, memory.counts …
    s         slot of a session in memory.sessions
    a         slot of an attempt (a request on its way) in memory.attempts
    i         number of an instance: a Lambda environment, a node, or the endless one of a site without limits
    v         slot of a version (one write of an item) in memory.versions
    lane      slot of a lane (the versions that one region wrote of one item) in memory.lanes
    row       a client's row in memory.user_clients or memory.call_clients; a step's row in plan.step_*
    place     location of the user; the first locations are the topology's regions
    t         now, in nanoseconds from the start of the run

`service`, `region`, `store`, `name`, `operation`, `population` are numbers in the plan's order. A time ends
in `_ns`. docs/arrays.md lists every array.
"""
