"""Content networks lowered: their origins, and how long edges keep what they have."""

from typing import Any

import numpy as np

from simulator.language.models.compute import Cdn
from simulator.language.models.topology import Service
from simulator.lowering.context import Context
from simulator.lowering.services import store_of


def _items(service: Service, context: Context) -> int:
    """Objects of the bucket behind a content network: all its operations are of one."""
    (step,) = next(iter(service.operations.values()))
    bucket = store_of(step)
    assert bucket is not None
    return context.topology.buckets[bucket].items


def lower_networks(context: Context) -> dict[str, Any]:
    """The `cdn_` and `origin_` arrays, one row per service behind a content network, and `op_cdn`."""
    op_cdn: list[int] = []
    networks: list[tuple[Cdn, int]] = []
    for service in context.topology.services.values():
        op_cdn += [-1 if service.cdn is None else len(networks)] * len(service.operations)
        if service.cdn is not None:
            networks.append((service.cdn, _items(service, context)))
    origins = [context.region_numbers(cdn.origins) for cdn, _ in networks]
    return {
        "op_cdn": np.array([*op_cdn, -1], np.int64),
        "cdn_origin_first": _firsts([len(regions) for regions in origins]),
        "cdn_origin_count": np.array([len(regions) for regions in origins], np.int64),
        "origin_region": np.array([region for regions in origins for region in regions], np.int64),
        "cdn_entry_first": _firsts([items for _, items in networks]),
        **_times([cdn for cdn, _ in networks], context),
    }


def _firsts(counts: list[int]) -> Any:
    return np.cumsum([0, *counts])[:-1].astype(np.int64)


def _times(networks: list[Cdn], context: Context) -> dict[str, Any]:
    sources = context.sources
    columns: dict[str, list[int]] = {
        "cdn_ttl_ns": [sources.duration_ns("cdn.ttl", cdn.ttl) for cdn in networks],
        "cdn_error_ttl_ns": [sources.duration_ns("cdn.error_ttl", cdn.error_ttl) for cdn in networks],
        "cdn_attempts": [int(sources.number("cdn.attempts", cdn.attempts)) for cdn in networks],
        "cdn_connect_timeout_ns": [
            sources.duration_ns("cdn.connect_timeout", cdn.connect_timeout) for cdn in networks
        ],
    }
    return {name: np.array(values, np.int64) for name, values in columns.items()}
