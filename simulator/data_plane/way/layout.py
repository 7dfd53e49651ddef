"""The arrays of web ACLs and of addresses that are watched (docs/model-request-path.md §1.1)."""

from simulator.boundary.fields import ADDRESS, CLIENT_COUNT, RULE, RULE_SLICE, Ints, by, table


@table
class WebAcls:
    """What the rules of web ACLs know of shared addresses; of sessions' own keys these know it themselves."""

    suspects: Ints = by(RULE, says="keys that may be above the limit")
    newest: Ints = by(ADDRESS, RULE, says="the newest slice with a request")
    requests: Ints = by(ADDRESS, RULE, says="all in the slices that are kept")
    marks: Ints = by(ADDRESS, RULE, says="bits, see simulator.data_plane.way.web_acl")
    slices: Ints = by(ADDRESS, RULE_SLICE, says="requests by slice, modulo 7")


@table
class Addresses:
    """What detectors know of shared addresses; of sessions' own these know it themselves."""

    asked: Ints = by(ADDRESS, CLIENT_COUNT, says="since the last look: requests by operation, 4xx and 5xx")
