"""Metric maths: what is computed, what is missing, and what is refused."""

import numpy as np
import pytest

from simulator.boundary.metric_maths import BadExpression, evaluate, names_in, read_expression

NONE = np.nan


def series(*values: float) -> np.ndarray:
    return np.array(values, np.float64)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 * errors / count", series(10, NONE, NONE, 50)),  # 0 / 0 and what is missing give no point
        ("100 * FILL(errors, 0) / count", series(10, NONE, 0, 50)),
        ("FILL(errors, REPEAT)", series(1, 0, 0, 2)),
        ("IF(count > 5, errors, -1)", series(1, -1, NONE, -1)),
        ("DIFF(count)", series(NONE, -10, 8, -4)),
        ("SUM([errors, count])", series(11, 0, 8, 6)),
        ("AVG([errors, count])", series(5.5, 0, 8, 3)),
        ("MIN([errors, count])", series(1, 0, 8, 2)),
        ("MAX([errors, count, 7])", series(10, 7, 8, 7)),
        ("ABS(errors - count) + CEIL(0.5) - FLOOR(0.5)", series(10, 1, NONE, 3)),
        ("3", series(3, 3, 3, 3)),
        ("errors == 2", series(0, 0, NONE, 1)),
    ],
)
def test_values(text: str, expected: np.ndarray) -> None:
    metrics = {"errors": series(1, 0, NONE, 2), "count": series(10, 0, 8, 4)}
    np.testing.assert_array_equal(evaluate(read_expression(text), metrics), expected)


def test_nothing_to_repeat_before_the_first_point() -> None:
    values = evaluate(read_expression("FILL(a, REPEAT)"), {"a": series(NONE, 3, NONE)})
    np.testing.assert_array_equal(values, series(NONE, 3, 3))


def test_names() -> None:
    assert names_in(read_expression("100 * b / FILL(a, REPEAT) + SUM([b, c])")) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no expression"),
        ("a +", "no expression"),
        ("a = b", "no expression"),
        ("a ** b", "cannot be computed"),
        ("a and b", "cannot be computed"),
        ("a < b < c", "cannot be computed"),
        ("a.real", "cannot be computed"),
        ("[a, b]", "cannot be computed"),
        ("lambda: 1", "cannot be computed"),
        ("'five'", "no number"),
        ("True", "no number"),
        ("1j", "no number"),
        ("RATE(a)", "no function 'RATE'"),
        ("open('x')", "no function 'open'"),
        ("a.b(1)", "no function 'a.b'"),
        ("FILL(a)", "FILL takes 2 arguments"),
        ("ABS(a, b)", "ABS takes 1 argument"),
        ("ABS(x=a)", "ABS takes 1 argument"),
        ("SUM(a)", "takes a list"),
        ("SUM([])", "takes a list"),
        ("(" * 500 + "a" + ")" * 500, "no expression"),
    ],
)
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadExpression, match=says.replace("(", r"\(")):
        read_expression(text)
