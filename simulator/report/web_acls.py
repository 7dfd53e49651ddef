"""Sentences about web ACLs: whom they blocked, since when, and the honest among them."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.web_acls import Rule, WebAcl, WebAcls
from simulator.result.whole import Result

_MOST_NAMED = 3


def gist(result: Result) -> Iterator[str]:
    """The first layer's: what each web ACL blocked, the honest among them, and where."""
    if result.web_acls is None:
        return
    by_name: dict[str, list[WebAcl]] = {}
    for acl in result.web_acls.acls:
        if acl.blocked:
            by_name.setdefault(acl.web_acl, []).append(acl)
    if by_name:
        yield ", ".join(_blocked(*one) for one in by_name.items()) + _honest(result.web_acls)
    several = [acl for acls in by_name.values() for acl in acls if len(acls) > 1]
    if several:
        yield ", ".join(
            f"{acl.blocked:,} in {acl.place} from {duration(_since_s(acl))} on" for acl in several
        )


def _blocked(acl: str, places: Sequence[WebAcl]) -> str:
    blocked, since_s = sum(one.blocked for one in places), min(map(_since_s, places))
    return f"{name(acl)} blocked {plural(blocked, 'request')} from {duration(since_s)} on"


def _since_s(acl: WebAcl) -> float:
    return min(rule.first_limited_s for rule in acl.rules if rule.first_limited_s is not None)


def _honest(found: WebAcls) -> str:
    """People who were blocked: all of them are honest."""
    people = [*found.populations.items()]
    if not people:
        return ""
    users, minutes = sum(one.users for _, one in people), sum(one.user_minutes for _, one in people)
    whose = ", ".join(name(one) for one, _ in people[:_MOST_NAMED])
    return f": {plural(users, 'honest user')} among them ({whose}), for {round(minutes):,} minutes in all"


def table(result: Result) -> RenderableType | None:
    """Each rule in its place: on whose requests it acted, when, and on how many addresses or clients."""
    if result.web_acls is None:
        return None
    rows = Rows("rule", "action", "from", "until", "at once", text="requests of")
    for acl in result.web_acls.acls:
        for rule in acl.rules:
            times = (_time(rule.first_limited_s), _time(rule.released_s))
            rows.add(
                f"{name(acl.web_acl)}: {name(rule.rule)} {acl.place}", rule.action, *times,
                f"{rule.most_limited:,}", text=_of_whom(rule),
            )  # fmt: skip
    return rows


def _time(at_s: float | None) -> str:
    return "–" if at_s is None else duration(at_s)


def _of_whom(rule: Rule) -> str:
    return ", ".join(f"{name(who)} {count:,}" for who, count in rule.requests.items()) or "–"
