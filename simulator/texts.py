"""The texts under the fields of a class: what each means, said once for code, schema and page."""

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from itertools import pairwise


@cache
def texts_under_fields(class_: type) -> dict[str, str]:
    """The text that stands under each field of a class, of the classes that it is derived from too.

    A class whose source cannot be found, because it was made by a program, has none of its own.
    """
    found: dict[str, str] = {}
    for base in reversed(class_.__mro__):
        if base.__module__.startswith("simulator."):
            found |= dict(_own_texts(base))
    return found


def _own_texts(class_: type) -> Iterator[tuple[str, str]]:
    try:
        source = inspect.getsource(class_)
    except OSError:
        return
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.ClassDef)
    for field, text in pairwise(node.body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(field.target, ast.Name)
            yield field.target.id, inspect.cleandoc(ast.literal_eval(text.value))
