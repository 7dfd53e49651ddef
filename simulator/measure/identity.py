"""Identity: who asked for tokens and why, what verifiers fetched, and what they rejected."""

from simulator.boundary.kinds import NOBODY
from simulator.boundary.measures import NOBODY_VERIFIES
from simulator.boundary.outcomes import TOKEN_KINDS, UNAUTHORIZED
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import share
from simulator.outcome import Outcome
from simulator.result.identity import Identity, RegionKeys


def section(outcome: Outcome) -> Identity:
    """The `identity` section."""
    t, data = outcome.tallies, outcome.plan.data
    rows = (t.key_fetches.tolist(), t.key_fetches_failed.tolist(), t.tokens_rejected.tolist())
    return Identity(
        verified=bool(len(data.issuer_region) and (data.service_verifies != NOBODY).any()),
        requests_by_kind=dict(zip(TOKEN_KINDS, t.token_kinds.tolist(), strict=True)),
        forced_logins=t.forced_logins,
        forced_logins_per_session=share(t.forced_logins, t.sessions_started),
        rejected=int(t.tokens_rejected.sum()),
        rejected_share=share(int(t.attempts[UNAUTHORIZED]), int(t.attempts.sum())),
        regions=tuple(RegionKeys(*row) for row in zip(outcome.plan.regions, *rows, strict=True)),
    )


READERS: Readers = {
    "forced_logins": lambda run, _: run.identity.forced_logins_per_session,
    "rejected_tokens": lambda run, _: run.identity.rejected_share,
}

REASONS: Reasons = {NOBODY_VERIFIES: lambda run, _: not run.identity.verified}
