"""Token buckets as a generic cell rate algorithm, one number each (docs/model-request-path.md).

ITU-T recommendation I.371.
"""

from simulator.kernels.compiling import kernel


@kernel
def conforms(tat_ns, slack_ns, t):
    """Tell whether a bucket has what a request needs.

    `tat` is its theoretical arrival time: when it would be full again but for the slack.
    """
    return tat_ns - t <= slack_ns


@kernel
def take(buckets, i, j, gap_ns, slack_ns, t):
    """Take one token of bucket [i, j] if there is one; tell whether there was."""
    tat_ns = buckets[i, j]
    if not conforms(tat_ns, slack_ns, t):
        return False
    buckets[i, j] = max(tat_ns, t) + gap_ns
    return True
