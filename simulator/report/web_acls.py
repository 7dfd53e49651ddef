"""Sentences about web ACLs: whom they blocked, since when, and the honest among them."""

from collections.abc import Iterator

from rich.console import RenderableType

from simulator.report.tables import Rows
from simulator.report.words import duration, name, plural
from simulator.result.web_acls import Rule, WebAcl
from simulator.result.whole import Result

_MOST_NAMED = 3


def gist(result: Result) -> Iterator[str]:
    """The first layer's: what each web ACL blocked, and what that meant to people."""
    if result.web_acls is None:
        return
    for acl in result.web_acls.acls:
        if acl.blocked:
            yield _blocked(acl)
    people = [*result.web_acls.populations.items()]
    if people:
        users, minutes = sum(one.users for _, one in people), sum(one.user_minutes for _, one in people)
        whose = ", ".join(name(one) for one, _ in people[:_MOST_NAMED])
        yield f"{plural(users, 'honest user')} among them ({whose}), for {round(minutes):,} minutes in all"


def _blocked(acl: WebAcl) -> str:
    where = "at CloudFront" if acl.place == "cloudfront" else f"in {acl.place}"
    since = min(rule.first_limited_s for rule in acl.rules if rule.first_limited_s is not None)
    return f"{name(acl.web_acl)} {where} blocked {plural(acl.blocked, 'request')}, from {duration(since)} on"


def table(result: Result) -> RenderableType | None:
    """Each rule in its place: on whose requests it acted, when, and on how many addresses or clients."""
    if result.web_acls is None:
        return None
    rows = Rows("rule", "action", "from", "until", "at once", text="requests of")
    for acl in result.web_acls.acls:
        for rule in acl.rules:
            times = (_time(rule.first_limited_s), _time(rule.released_s))
            rows.add(
                name(f"{acl.web_acl}: {rule.rule} {acl.place}"), rule.action, *times,
                f"{rule.most_limited:,}", text=_of_whom(rule),
            )  # fmt: skip
    return rows


def _time(at_s: float | None) -> str:
    return "–" if at_s is None else duration(at_s)


def _of_whom(rule: Rule) -> str:
    return ", ".join(f"{name(who)} {count:,}" for who, count in rule.requests.items()) or "–"
