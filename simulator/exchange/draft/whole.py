"""The whole draft: its sections in order, checked, with what is wrong told at its line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from simulator.errors import Problem, SpecError
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.health import draft_health
from simulator.exchange.draft.naming import origin_of
from simulator.exchange.draft.networks import draft_networks
from simulator.exchange.draft.records import draft_records, record_sets, sites_behind
from simulator.exchange.draft.scaling import draft_scaling
from simulator.exchange.draft.services import draft_services, services_of
from simulator.exchange.draft.sites import at_edge, sites_of
from simulator.exchange.draft.stores import draft_stores
from simulator.exchange.draft.tables import draft_tables
from simulator.exchange.draft.unknown import tell_unknown
from simulator.exchange.draft.watching import draft_acls, draft_alarms, draft_identity
from simulator.exchange.draft.writing import Entry, comment, entry, text_of
from simulator.exchange.found import Found
from simulator.exchange.kinds import JOINTS, is_plumbing
from simulator.exchange.links import Links
from simulator.language.files import read_topology
from simulator.language.sources import Kept
from simulator.result.imported import Imported

_SECTIONS = (
    "tables", "databases", "caches", "buckets", "services", "dns", "health_checks", "identity", "alarms",
    "waf", "scaling",
)  # fmt: skip
_NEEDED = {
    "services": "no file declares what requests arrive at; write the services by name",
    "dns": "no file declares a name that leads to a service; write one",
}
_USERS = (
    "users: no file tells who uses the system; an experiment needs populations, here or in its own 'users', "
    "each with near, sessions or arrivals, think_time and actions"
)


def drafted_from(found: Sequence[Found], files: Sequence[str], assumed: Sequence[str] = ()) -> Imported:
    """A draft of what was found in some files; `assumed` has been taken for granted while they were read."""
    draft = Drafted(Links(found), assumed=[*assumed])
    _fill(draft)
    entries = [entry("topology", f"Draft made of {', '.join(files)}"), _regions(draft)]
    entries += [_section(name, draft) for name in _SECTIONS if name in draft.sections or name in _NEEDED]
    types, aside = _rest(draft)
    lines, valid = _checked(text_of(entries))
    gaps = [f"line {number}: {todo}" for number, todo in _todos(lines)]
    read = len(draft.used)
    told = Imported(
        "",
        (*gaps,),
        valid,
        (*_once(draft.unread),),
        types,
        (*_once(draft.assumed), _USERS),
        len(found),
        read,
        aside,
    )
    return replace(told, text="\n".join([*lines, *_end(told)]) + "\n")


def _fill(draft: Drafted) -> None:
    draft_tables(draft)
    draft_stores(draft)
    sites = sites_of(draft.links)
    sets = record_sets(draft)
    named = [sites_behind(records, sites, draft) for records in sets.values()]
    draft_services(services_of(sites, named, draft), draft)
    draft_networks(draft)
    checks = draft_health(sets, draft)
    draft_records(sets, checks, draft)
    draft_identity(draft)
    draft_alarms(draft)
    draft_acls(draft)
    draft_scaling(draft)
    tell_unknown(draft)


def _once(told: Sequence[str]) -> list[str]:
    return [*dict.fromkeys(told)]


def _regions(draft: Drafted) -> Entry:
    lines = []
    for region, found in draft.regions.items():
        zones = draft.zones.get(region)
        value = {} if zones is None else {"zones": zones}
        lines.append(entry(region, value, _briefly(found)))
    if lines:
        return Entry("regions", lines)
    return entry(
        "regions", {}, "", "no resource of the files is in a region; write the regions by their codes"
    )


def _briefly(found: Sequence[Found]) -> str:
    """What is in a region, as its first resource and how many more."""
    more = len(found) - 1
    return origin_of(found[:1]) + (f" and {more} more" if more else "")


def _section(name: str, draft: Drafted) -> Entry:
    if name in draft.sections:
        return Entry(name, draft.sections[name])
    return entry(name, {}, "", _NEEDED[name])


def _rest(draft: Drafted) -> tuple[tuple[tuple[str, int], ...], int]:
    """The types that nothing reads, and how many resources have no part in the model; the rest is unread."""
    rest = [one for one in draft.links.found if one not in draft.used]
    aside = [one for one in rest if one.kind in JOINTS or (not one.kind and is_plumbing(one.type))]
    left = [one for one in rest if one not in aside]
    types = Counter(one.type for one in left if not one.kind)
    silent: dict[str, list[Found]] = {}
    for one in left:
        if one.kind and not any(one.origin in told for told in draft.unread):
            silent.setdefault(one.origin, []).append(one)
    draft.unread += [f"{origin_of(found)}: {_why(found[0], draft)}" for found in silent.values()]
    return tuple(types.most_common()), len(aside)


def _why(one: Found, draft: Drafted) -> str:
    if one.kind == "function" and at_edge(one, draft.links):
        return "functions at the edges of a content network are not simulated"
    if one.kind == "usage_plan":
        return "it limits each API key by itself, and a gateway's 'limit' is of all requests"
    return "nothing that was drafted leads to it"


# checking


def _checked(text: str) -> tuple[list[str], bool]:
    """The lines of the text, each problem that a check finds told above its line."""
    lines = text.splitlines()
    problems = _problems(text)
    for problem in sorted(problems, key=lambda one: one.line, reverse=True):
        at = min(max(problem.line, 1), len(lines)) - 1
        indent = len(lines[at]) - len(lines[at].lstrip())
        lines[at:at] = comment(f"TODO: {problem.message}", indent)
    return lines, not problems


def _problems(text: str) -> tuple[Problem, ...]:
    path = Path("draft.yaml")
    try:
        read_topology(path, source=Kept({str(path): text}))
    except SpecError as error:
        return error.problems
    return ()


def _todos(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Each thing to fill in, with its line, in one line each."""
    found: list[tuple[int, str]] = []
    is_open = False
    for number, line in enumerate(lines, 1):
        stripped = line.strip()
        if stripped.startswith("# TODO: "):
            found.append((number, stripped.removeprefix("# TODO: ")))
            is_open = True
        elif is_open and stripped.startswith("#   "):
            found[-1] = (found[-1][0], f"{found[-1][1]} {stripped.removeprefix('#').strip()}")
        else:
            is_open = False
    return found


def _end(told: Imported) -> list[str]:
    """What is told beside the draft, as comments at its end."""
    lines = [""]
    unread = [
        *told.unread,
        *(f"{type_} ({many}): the simulator has nothing of this type" for type_, many in told.types),
    ]
    for title, entries in (("Not read:", unread), ("Assumed:", told.assumed)):
        if entries:
            lines += [
                f"# {title}",
                *(line for one in entries for line in comment(one, first="# - ", rest="#   ")),
            ]
    return lines
