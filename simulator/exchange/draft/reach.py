"""Which stores something works with, as far as its variables and its permissions tell."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.found import Found, said_in, texts_in
from simulator.exchange.links import names_of

_ACTIONS = {
    "table": re.compile(r"(?i)\bdynamodb:[a-z*]+|dynamodb(?:Crud|Read|Write|FullAccess)Policy"),
    "bucket": re.compile(r"(?i)\bs3:[a-z*]+|s3(?:Crud|Read|Write|FullAccess)Policy"),
}
"""What permits something, by the kind of store,"""
_WRITES = {
    "table": re.compile(
        r"(?i)dynamodb:(?:put|update|delete|batchwrite|transactwrite|partiql|\*)|(?:Crud|Write|FullAccess)Policy"
    ),
    "bucket": re.compile(r"(?i)s3:(?:put|delete|\*)|(?:Crud|Write|FullAccess)Policy"),
}
"""and which of it permits to write."""
_ROLES = ("aws_iam_role", "AWS::IAM::Role")
_STEPS_MOST = 6


def stores_of(start: Found, draft: Drafted) -> dict[str, bool]:
    """The stores that something refers to, itself or by its roles; each with whether it writes there.

    What a permission does not tell counts as written.
    """
    reached = _reached(start, draft)
    found: dict[str, bool] = {}
    for store, name in draft.stores.items():
        naming = [one for one in reached if _names(one, one.values, store, draft)]
        if naming:
            found[name] = found.get(name, False) or _writes(naming, store, draft)
    order = [*dict.fromkeys(draft.stores.values())]
    return {name: found[name] for name in order if name in found}


def _reached(start: Found, draft: Drafted) -> list[Found]:
    """What it refers to on the way to its roles, these, and what gives them permissions."""
    links = draft.links
    own = _outward([start], draft, into_roles=True)
    roles = [one for one in own if one.type in _ROLES]
    given = [policy for role in roles for policy in links.of(role, "iam") if policy not in own]
    reached = [*own, *_outward(given, draft, into_roles=False)]
    draft.use(*(one for one in reached if one.kind == "iam"))
    return [*dict.fromkeys(reached)]


def _outward(start: list[Found], draft: Drafted, *, into_roles: bool) -> list[Found]:
    reached = [*start]
    for _ in range(_STEPS_MOST):
        more = [two for one in reached for two in draft.links.to(one, "iam", "data") if two not in reached]
        more = [one for one in more if into_roles or one.type not in _ROLES]
        if not more:
            break
        reached += dict.fromkeys(more)
    return reached


def _names(one: Found, value: Any, store: Found, draft: Drafted) -> bool:
    """Whether a value of a resource refers to a store, or says its name."""
    if store in draft.links.at(one, value, store.kind):
        return True
    name = store.text("name")
    if not name:
        return False
    ends = (f":table/{name}", f":::{name}", f'table/{name}"', f":::{name}/")
    return any(text == name or any(end in text for end in ends) for text in said_in(value, names_of(one)))


def _writes(naming: list[Found], store: Found, draft: Drafted) -> bool:
    """Whether one of the permissions that are not of other stores alone is to write."""
    if store.kind not in _ACTIONS:
        return True
    others = [other for other, name in draft.stores.items() if name != draft.stores[store]]
    grants = [
        grant
        for one in naming
        for grant in _grants(one)
        if _names(one, grant, store, draft) or not any(_names(one, grant, other, draft) for other in others)
    ]
    texts = [text for grant in grants for text in (*grant, *texts_in(grant))]
    said = [found[0] for text in texts for found in _ACTIONS[store.kind].finditer(text)]
    return not said or any(_WRITES[store.kind].search(text) for text in said)


def _grants(one: Found) -> list[dict[str, Any]]:
    """Its statements of permissions; of a function of AWS SAM its policy templates, too, by their names."""
    if one.kind == "iam":
        return [*_statements(one.values)] or [one.values]
    entries = [entry for entry in one.all("policies") if isinstance(entry, dict)]
    return [grant for entry in entries for grant in [*_statements(entry)] or [entry]]


def _statements(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement in a value, also in texts of JSON."""
    if isinstance(value, str) and value.startswith("{"):
        with suppress(ValueError, RecursionError):
            yield from _statements(json.loads(value))
    elif isinstance(value, list):
        for one in value:
            yield from _statements(one)
    elif isinstance(value, dict) and any(str(key).lower() in ("action", "actions") for key in value):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _statements(one)
