"""Identity: who asked for tokens and why, what verifiers fetched, and what they rejected."""

from typing import Any

from simulator.boundary.kinds import NOBODY
from simulator.boundary.outcomes import TOKEN_KINDS, UNAUTHORIZED
from simulator.measure.shares import share
from simulator.outcome import Outcome


def section(outcome: Outcome) -> dict[str, Any]:
    """The `identity` section."""
    t, data = outcome.tallies, outcome.plan.data
    rows = (t.key_fetches.tolist(), t.key_fetches_failed.tolist(), t.tokens_rejected.tolist())
    return {
        "verified": bool(len(data.issuer_region) and (data.service_verifies != NOBODY).any()),
        "requests_by_kind": dict(zip(TOKEN_KINDS, t.token_kinds.tolist(), strict=True)),
        "forced_logins": t.forced_logins,
        "forced_logins_per_session": share(t.forced_logins, t.sessions_started),
        "rejected": int(t.tokens_rejected.sum()),
        "rejected_share": share(int(t.attempts[UNAUTHORIZED]), int(t.attempts.sum())),
        "regions": [
            {"region": region, "key_fetches": fetches, "key_fetches_failed": failed, "rejected": rejected}
            for region, fetches, failed, rejected in zip(outcome.plan.regions, *rows, strict=True)
        ],
    }
