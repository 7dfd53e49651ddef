"""Metric maths: expressions over metrics, as the alarms of CloudWatch know them.

An expression is read by Python's own parser, and only what is listed here is let through. Values are series
over one range of periods, the oldest first; NaN is a period without a data point. What is computed from a
missing point is missing, and so is what is divided by zero.
Source: Amazon CloudWatch user guide, *Using math expressions with CloudWatch metrics*.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]

REPEAT = "REPEAT"
"""`FILL(m, REPEAT)`: the value before."""

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class BadExpression(ValueError):
    """An expression that cannot be read; its text says why."""


def read_expression(text: str) -> ast.expr:
    """Read an expression such as `100 * errors / FILL(count, 0)`.

    Raises BadExpression if it is none, or holds what is not listed here.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadExpression("this is no expression; write one like 100 * errors / count") from None
    _check(tree)
    return tree


def names_in(tree: ast.expr) -> list[str]:
    """The names of the metrics that an expression uses, each once, in the order in which they stand."""
    return [*dict.fromkeys(_names(tree))]


def evaluate(tree: ast.expr, metrics: Mapping[str, Series]) -> Series:
    """The values of an expression, a float array of the metrics' length; NaN where there is none."""
    length = len(next(iter(metrics.values())))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        values = np.broadcast_to(np.asarray(_value(tree, metrics), np.float64), length).copy()
    values[~np.isfinite(values)] = np.nan
    return values


# reading


def _check(tree: ast.expr) -> None:
    if isinstance(tree, ast.Constant):
        if isinstance(tree.value, bool) or not isinstance(tree.value, int | float):
            raise BadExpression(f"{tree.value!r} is no number")
        return
    if isinstance(tree, ast.Name):
        return
    if isinstance(tree, ast.Call):
        _check_call(tree)
        return
    for part in _parts(tree):
        _check(part)


def _parts(tree: ast.expr) -> list[ast.expr]:
    """What an operation is made of."""
    if isinstance(tree, ast.BinOp) and type(tree.op) in _OPERATORS:
        return [tree.left, tree.right]
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        return [tree.operand]
    if isinstance(tree, ast.Compare) and len(tree.ops) == 1 and type(tree.ops[0]) in _COMPARISONS:
        return [tree.left, *tree.comparators]
    raise BadExpression(f"'{ast.unparse(tree)}' cannot be computed; there are + - * / and comparisons")


def _check_call(tree: ast.Call) -> None:
    name = tree.func.id if isinstance(tree.func, ast.Name) else ast.unparse(tree.func)
    if name not in FUNCTIONS:
        raise BadExpression(f"there is no function '{name}'; there are {', '.join(FUNCTIONS)}")
    takes, _ = FUNCTIONS[name]
    if tree.keywords or len(tree.args) != takes:
        raise BadExpression(f"{name} takes {takes} argument{'s' if takes > 1 else ''}")
    if name in _OF_SEVERAL:
        _check_several(name, tree.args[0])
        return
    for argument in tree.args:
        if not (name == "FILL" and argument is tree.args[1] and _is_repeat(argument)):
            _check(argument)


def _check_several(name: str, argument: ast.expr) -> None:
    if not isinstance(argument, ast.List) or not argument.elts:
        raise BadExpression(f"{name} takes a list of metrics, such as {name}([a, b])")
    for one in argument.elts:
        _check(one)


def _is_repeat(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Name) and tree.id == REPEAT


def _names(tree: ast.expr) -> Iterator[str]:
    calls = {id(one.func) for one in ast.walk(tree) if isinstance(one, ast.Call)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and id(one) not in calls and one.id != REPEAT:
            yield one.id


# computing


def _value(tree: ast.expr, metrics: Mapping[str, Series]) -> Any:
    match tree:
        case ast.Constant():
            return np.float64(tree.value)  # type: ignore[arg-type]
        case ast.Name():
            return metrics[tree.id]
        case ast.UnaryOp():
            return -_value(tree.operand, metrics)
        case ast.BinOp():
            compute = _OPERATORS[type(tree.op)]
            return compute(_value(tree.left, metrics), _value(tree.right, metrics))
        case ast.Compare():
            return _compare(tree, metrics)
        case ast.List():
            return [_value(one, metrics) for one in tree.elts]
        case ast.Call():
            return _call(tree, metrics)
    raise AssertionError(tree)


def _compare(tree: ast.Compare, metrics: Mapping[str, Series]) -> Any:
    """1 where it holds, 0 where it does not, missing where something is."""
    left, right = _value(tree.left, metrics), _value(tree.comparators[0], metrics)
    holds = _COMPARISONS[type(tree.ops[0])](left, right)
    return np.where(np.isnan(left) | np.isnan(right), np.nan, holds)


def _call(tree: ast.Call, metrics: Mapping[str, Series]) -> Any:
    assert isinstance(tree.func, ast.Name)
    _, compute = FUNCTIONS[tree.func.id]
    if tree.func.id == "FILL":
        first, filler = tree.args
        value = _value(first, metrics)
        return _repeated(value) if _is_repeat(filler) else _filled(value, _value(filler, metrics))
    return compute(*(_value(one, metrics) for one in tree.args))


def _filled(series: Any, filler: Any) -> Any:
    return np.where(np.isnan(series), filler, series)


def _repeated(series: Any) -> Any:
    """The last value that was there; missing before the first."""
    places = np.maximum.accumulate(np.where(np.isnan(series), 0, np.arange(len(series))))
    return series[places]


def _chosen(condition: Any, this: Any, other: Any) -> Any:
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0, this, other))


def _difference(series: Any) -> Any:
    """From each point to the next; the first has none before it."""
    return np.concatenate(([np.nan], np.diff(series)))


def _of_those_there(compute: Callable[..., Any]) -> Callable[[list[Any]], Any]:
    """A function over several metrics, of those that have a point; missing where none has."""

    def over(several: list[Any]) -> Any:
        stacked = np.array(np.broadcast_arrays(*several), np.float64)
        there = ~np.isnan(stacked)
        return np.where(there.any(0), compute(np.where(there, stacked, 0.0), there), np.nan)

    return over


FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "FILL": (2, _filled),
    "IF": (3, _chosen),
    "ABS": (1, np.abs),
    "CEIL": (1, np.ceil),
    "FLOOR": (1, np.floor),
    "DIFF": (1, _difference),
    "SUM": (1, _of_those_there(lambda values, there: values.sum(0))),
    "AVG": (1, _of_those_there(lambda values, there: values.sum(0) / there.sum(0))),
    "MIN": (1, _of_those_there(lambda values, there: np.where(there, values, np.inf).min(0))),
    "MAX": (1, _of_those_there(lambda values, there: np.where(there, values, -np.inf).max(0))),
}
"""By name: how many arguments it takes, and what it computes."""

_OF_SEVERAL = ("SUM", "AVG", "MIN", "MAX")
