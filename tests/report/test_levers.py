"""The closing sentence: what would have shortened a recovery of 20 min, or spared users."""

from dataclasses import replace

from simulator.boundary.phases import ENDS, HOLDS
from simulator.report.levers import closing_sentence
from simulator.result.levers import Lever
from simulator.result.whole import Result


def said(milan: Result, *levers: Lever) -> str:
    recovery = replace(milan.recovery, recovery_time_s=1200.0, shown=True, user_minutes_lost=1000.0)
    return closing_sentence(replace(milan, recovery=recovery, levers=levers))


def test_the_lever_that_leaves_least_is_named(milan: Result) -> None:
    found = said(
        milan, Lever("ttl", "TTL", 900.0, True, 800.0), Lever("checks", "checks", 600.0, True, 900.0)
    )
    assert found == "one thing would have shortened it most: checks (from 20 min to 10 min)"


def test_a_run_that_is_not_shown_to_have_recovered_has_shortened_nothing(milan: Result) -> None:
    found = said(
        milan, Lever("ttl", "TTL", 300.0, False, 990.0), Lever("checks", "checks", 900.0, True, 990.0)
    )
    assert found == "one thing would have shortened it most: checks (from 20 min to 15 min)"
    assert "shortens it by 5 %" in said(milan, Lever("ttl", "TTL", 300.0, False, 990.0))


def test_where_none_shortens_it_much_the_one_that_spares_users_is_named(milan: Result) -> None:
    found = said(
        milan, Lever("ttl", "TTL", 1190.0, True, 700.0), Lever("checks", "checks", 1200.0, True, 900.0)
    )
    none = f"no lever tried shortens it by 5 %; not tried: {HOLDS['issuers'].remedy}"
    assert found == f"{none}; least is lost with TTL (700 instead of 1,000 user-minutes)"
    assert said(milan, Lever("ttl", "TTL", 1190.0, True, 990.0)) == none


def test_what_was_not_replayed_is_told_by_what_held_people(milan: Result) -> None:
    """In the demo issuers that are asked first and are silent hold most of those who are not served."""
    untried = f"not tried: {HOLDS['issuers'].remedy}"
    assert said(milan) == untried
    assert closing_sentence(milan) == f"{untried}; `--levers` tries other things"


def test_what_a_health_check_ended_it_would_have_ended_sooner(milan: Result) -> None:
    phases = tuple(replace(phase, ended_by="detection") for phase in milan.recovery.phases)
    recovery = replace(milan.recovery, phases=phases, plateau=None)
    assert ENDS["detection"].sooner in closing_sentence(replace(milan, recovery=recovery))
