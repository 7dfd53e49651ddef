"""What the terminal says of web ACLs: whom they blocked, since when, and the honest among them."""

import io
from dataclasses import replace

from rich.console import Console

from simulator.report.web_acls import gist, table
from simulator.result.web_acls import Blocked, Rule, WebAcl, WebAcls
from simulator.result.whole import Result
from tests.measure.handmade import outcome, result

RULE = Rule("flood", "block", {"office": 510, "bots 1": 84_700}, 3, 74.9, None)
ACL = WebAcl("front", "eu-south-1", 1000, 85_210, 0, (RULE,))
QUIET = WebAcl("front", "eu-central-1", 0, 0, 0, (Rule("flood", "block", {}, 0, None, None),))


def found(*acls: WebAcl, **people: Blocked) -> Result:
    """A result with these web ACLs."""
    return replace(result(outcome("...x...")), web_acls=WebAcls(acls, people, {"bots 1": 84_700}))


def test_the_first_layer_says_what_was_blocked_and_the_honest_among_them() -> None:
    assert [*gist(found(ACL, QUIET, office=Blocked(510, 18, 61.2)))] == [
        "front blocked 85,210 requests from 1 min 15 s on: 18 honest users among them (office), "
        "for 61 minutes in all",
    ]


def test_of_one_that_blocked_in_several_regions_it_says_how_much_in_each() -> None:
    later = replace(ACL, place="eu-central-1", blocked=90, rules=(replace(RULE, first_limited_s=120.0),))
    assert [*gist(found(ACL, later))] == [
        "front blocked 85,300 requests from 1 min 15 s on",
        "85,210 in eu-south-1 from 1 min 15 s on, 90 in eu-central-1 from 2 min on",
    ]


def test_it_says_nothing_where_nothing_was_blocked() -> None:
    assert [*gist(found(QUIET))] == []
    assert [*gist(result(outcome("...x...")))] == []
    assert table(result(outcome("...x..."))) is None


def test_the_table_has_a_line_for_each_rule_and_fits_in_80_columns() -> None:
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(table(found(ACL, QUIET)))
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert "front: flood eu-south-1" in text
    assert "bots 1 84,700" in text
