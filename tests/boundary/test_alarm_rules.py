"""Rules of composite alarms: their order of binding, names, and what is refused."""

import itertools

import pytest

from simulator.boundary.alarm_rules import BadRule, alarms_in, holds, read_rule
from simulator.boundary.alarm_states import ALARM, INSUFFICIENT_DATA, OK, STATES


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ALARM(a) OR ALARM(b) AND ALARM(c)", lambda a, b, c: a == ALARM or (b == ALARM and c == ALARM)),
        ("(ALARM(a) OR ALARM(b)) AND OK(c)", lambda a, b, c: (a == ALARM or b == ALARM) and c == OK),
        ("NOT ALARM(a) AND ALARM(b)", lambda a, b, c: a != ALARM and b == ALARM),
        ("NOT (ALARM(a) AND ALARM(b))", lambda a, b, c: not (a == ALARM and b == ALARM)),
        ("INSUFFICIENT_DATA(a) OR FALSE", lambda a, b, c: a == INSUFFICIENT_DATA),
        ("TRUE AND NOT NOT ALARM(c)", lambda a, b, c: c == ALARM),
    ],
)
def test_every_combination_of_states(text: str, same: object) -> None:
    condition = read_rule(text)
    for states in itertools.product(range(len(STATES)), repeat=3):
        named = dict(zip("abc", states, strict=True))
        assert holds(condition, named.__getitem__) == same(*states)  # type: ignore[operator]


def test_names() -> None:
    condition = read_rule("""ALARM("too many: 5xx") AND OK('b c') AND NOT ALARM(d-1) AND OK( AND )""")
    assert [*alarms_in(condition)] == ["too many: 5xx", "b c", "d-1", "AND"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing follows"),
        ("ALARM(a) AND", "nothing follows"),
        ("a", "'a' is none"),
        ("alarm(a)", "is none"),
        ("ALARM(a) ALARM(b)", "AND or OR must stand before 'ALARM"),
        ("ALARM a", "is missing before 'a'"),
        ("ALARM()", "must be followed by the name"),
        ("ALARM(a", "must be followed by the name"),
        ("(ALARM(a)", "is missing at the end"),
        ("ALARM(a))", "must stand before"),
        ("NOT " * 20_000, "at most 10,240"),
        (" OR ".join(["OK(a)"] * 501), "at most 500 conditions, not 501"),
        ("(" * 9_000, "too many parentheses"),
    ],
)
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadRule, match=says.replace("(", r"\(")):
        read_rule(text)
