"""Identity lowered: issuers, tokens, and the keys that verifiers keep."""

from typing import Any

import numpy as np

from simulator.language.models.topology import Identity
from simulator.lowering.context import Context
from simulator.lowering.sources import Sources

_NO_TOKENS: dict[str, Any] = {
    "keys_shared": 1,
    "token_lifetime_ns": 0,
    "keys_cache_ns": 0,
    "keys_fetch_limit_ns": 0,
    "verifier_count": 0,
}


def lower_identity(context: Context) -> dict[str, Any]:
    """The arrays and numbers of identity; without one there are no issuers."""
    identity, regions = context.topology.identity, context.regions
    if identity is None:
        nobody = np.full(len(regions), -1, np.int64)
        return {"issuer_region": np.empty(0, np.int64), "issuer_home": nobody, **_NO_TOKENS}
    issuers = context.region_numbers(identity.issuer)
    homes = [region if region in issuers else issuers[0] for region in range(len(regions))]
    return {
        "issuer_region": np.array(issuers, np.int64),
        "issuer_home": np.array(homes, np.int64),
        "keys_shared": int(identity.keys == "shared"),
        "token_lifetime_ns": identity.access_token,
        **_verification(identity, context),
    }


def _verification(identity: Identity, context: Context) -> dict[str, int]:
    verify = {service.verifies_tokens for service in context.topology.services.values()}
    at_gateways = context.sources if "gateway" in verify else Sources()
    return {
        "keys_cache_ns": context.sources.duration_ns("identity.keys_cache", identity.keys_cache),
        "keys_fetch_limit_ns": context.sources.duration_ns(
            "identity.keys_fetch_limit", identity.keys_fetch_limit
        ),
        "verifier_count": int(at_gateways.number("identity.verifiers", identity.verifiers)),
    }
