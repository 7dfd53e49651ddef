"""Identity: tokens, published keys, and the verifiers that fetch and cache them.

Specification: docs/model-request-path.md §5.
"""

from dataclasses import dataclass
from typing import Any

from simulator.boundary.causes import KEY_CACHES, MISSING_KEYS, REFUSED_TOKENS, SLOW
from simulator.boundary.outcomes import REFUSED, UP
from simulator.plan.lowered import DataPlan
from tests.twin.counts import Counts
from tests.twin.draws import VERIFIER, Draws
from tests.twin.network import Network

UNBOUND = -1
SIGN_UP, SIGN_IN, REFRESH, FORCED = range(4)


@dataclass(frozen=True)
class Token:
    """A session's access token."""

    issuer: int  # a region, or UNBOUND
    expiry_ns: int


@dataclass
class Keys:
    """A verifier's cache of published keys."""

    expiry_ns: int | None = None  # None: it has never fetched them
    has_key: bool = False


@dataclass(frozen=True)
class Verdict:
    """What a verifier says of a request, and how long that took it."""

    accepted: bool
    took_ns: int = 0
    refused_by: int = SLOW  # what holds the request


class Identity:
    """The issuers' published keys, and everybody who verifies tokens with them."""

    def __init__(self, plan: DataPlan, draws: Draws, network: Network, counts: Counts) -> None:
        self._plan, self._network, self._counts = plan, network, counts
        self.removed: set[int] = set()
        """Issuers' regions whose key is missing from the published set."""
        self._service = len(plan.site_compute) - 1
        self._verifiers = {
            (region, number): Keys(self._first_expiry_ns(draws, region, number), True)
            for region in range(plan.region_count)
            for number in range(plan.verifier_count)
        }

    def _first_expiry_ns(self, draws: Draws, region: int, number: int) -> int:
        phase = draws.uniform(VERIFIER, region, number, 0, 0)
        return self._plan.keys_cache_ns - int(phase * self._plan.keys_cache_ns)

    def verifier(self, region: int, u: float) -> Keys:
        """The keys of one of a region's gateways' verifiers."""
        return self._verifiers[region, int(u * self._plan.verifier_count)]

    def verify(self, keys: Keys, request: Any, region: int, t: int) -> Verdict:
        """Judge a request's token at t, in a region, with somebody's keys."""
        verdict = self._judge(keys, request, region, t)
        self._counts.tokens_rejected[region] += not verdict.accepted
        return verdict

    def _judge(self, keys: Keys, request: Any, region: int, t: int) -> Verdict:
        plan, took_ns = self._plan, 0
        token: Token | None = request.token
        if token is None:
            return Verdict(False, 0, REFUSED_TOKENS)
        if keys.expiry_ns is None or t >= keys.expiry_ns:
            candidates = self._candidates(region)
            self._counts.key_fetches[region] += 1
            issuer = next((i for i in candidates if self._is_reachable(request, region, i)), None)
            if issuer is None:
                self._counts.key_fetches_failed[region] += 1
                refuses = self._network.sites[self._service, candidates[0]].mode == REFUSED
                took_ns = 0 if refuses else plan.keys_fetch_limit_ns
                return Verdict(False, took_ns, self._refused_by(keys, token, region, is_fetched=False))
            request.meet("key", issuer)
            keys.expiry_ns, keys.has_key = t + plan.keys_cache_ns, issuer not in self.removed
            took_ns = int(plan.rtt_ns[region, issuer])
        accepted = keys.has_key and self._is_trusted(token, region)
        return Verdict(accepted, took_ns, SLOW if accepted else self._refused_by(keys, token, region))

    def _refused_by(self, keys: Keys, token: Token, region: int, *, is_fetched: bool = True) -> int:
        if keys.has_key and not self._is_trusted(token, region):
            return REFUSED_TOKENS
        is_published = self._candidates(region)[0] not in self.removed
        return KEY_CACHES if is_fetched and is_published else MISSING_KEYS

    def home(self, region: int) -> int:
        """The issuer whose keys a verifier in a region trusts, with regional keys."""
        return int(self._plan.issuer_home[region])

    def _candidates(self, region: int) -> list[int]:
        return self._plan.issuer_region.tolist() if self._plan.keys_shared else [self.home(region)]

    def _is_trusted(self, token: Token, region: int) -> bool:
        return bool(self._plan.keys_shared) or token.issuer in (UNBOUND, self.home(region))

    def _is_reachable(self, request: Any, region: int, issuer: int) -> bool:
        request.meet("site", self._service, issuer)
        request.meet("link", region, issuer)
        request.meet("link", issuer, region)
        links = self._network.links
        cut = links[region, issuer].cut or links[issuer, region].cut
        return self._network.sites[self._service, issuer].mode == UP and not cut
