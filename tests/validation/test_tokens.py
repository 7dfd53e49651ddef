"""Tokens against the closed form for uniform ages."""

import pytest

from tests.small import HERE, THERE
from tests.validation import tokens


@pytest.mark.parametrize(("lifetime", "outage", "share"), tokens.CASES)
def test_sessions_that_need_a_token_during_the_outage(lifetime: str, outage: str, share: float) -> None:
    assert tokens.renewals(lifetime, outage, share, 5000).holds


def test_an_issuer_in_another_region_spares_everybody() -> None:
    assert tokens.logged_out("15 min", "10 min", 1000) > 0.6
    assert tokens.logged_out("15 min", "10 min", 1000, issuers=(THERE, HERE)) == 0
