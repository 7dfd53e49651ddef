"""Removed keys and failover between issuers against closed forms."""

from tests.validation import keys


def test_verifiers_drop_a_removed_key_evenly_and_take_it_back_so() -> None:
    for figure in keys.removal(1000, 10_000):
        assert figure.holds


def test_failover_forces_nobody_to_log_in_when_keys_are_shared() -> None:
    assert keys.forced_logins("shared", 0.0, 1000).holds


def test_failover_forces_everybody_to_when_each_region_trusts_its_own_keys() -> None:
    assert keys.forced_logins("regional", 1.0, 1000).holds
