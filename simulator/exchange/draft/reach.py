"""Which stores something works with, as far as its variables and its permissions tell."""

import re

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.found import Found, said_in, texts_in
from simulator.exchange.links import names_of

_ACTIONS = re.compile(r"(?i)\b(?:dynamodb|s3):[a-z*]+|(?:Crud|Read|Write|FullAccess)Policy")
_WRITES = re.compile(
    r"(?i)dynamodb:(?:put|update|delete|batchwrite|transactwrite|partiql|\*)|s3:(?:put|delete|\*)"
    r"|(?:Crud|Write|FullAccess)Policy"
)
_ROLES = ("aws_iam_role", "AWS::IAM::Role")
_STEPS_MOST = 6


def stores_of(start: Found, draft: Drafted) -> dict[str, bool]:
    """The stores that something refers to, itself or by its roles; each with whether it writes there.

    What a permission does not tell counts as written.
    """
    reached = _reached(start, draft)
    found: dict[str, bool] = {}
    for store, name in draft.stores.items():
        naming = [one for one in reached if _names(one, store, draft)]
        if naming:
            found[name] = found.get(name, False) or _writes(naming)
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


def _names(one: Found, store: Found, draft: Drafted) -> bool:
    """Whether a resource refers to a store, or says its name."""
    if store in draft.links.to(one, store.kind):
        return True
    name = store.text("name")
    if not name:
        return False
    ends = (f":table/{name}", f":::{name}", f'table/{name}"', f":::{name}/")
    return any(
        text == name or any(end in text for end in ends) for text in said_in(one.values, names_of(one))
    )


def _writes(naming: list[Found]) -> bool:
    texts = [text for one in naming if one.kind == "iam" for text in texts_in(one.values)]
    texts += [key for one in naming for key in _policies(one)]
    said = [text for text in texts if _ACTIONS.search(text)]
    return not said or any(_WRITES.search(text) for text in said)


def _policies(one: Found) -> list[str]:
    """The names of policy templates at a function of AWS SAM."""
    return [key for entry in one.all("policies") if isinstance(entry, dict) for key in entry]
