"""Fields that a file names without telling their values: told where the draft would have them."""

from collections.abc import Iterator

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import origin_of
from simulator.exchange.draft.writing import Entry
from simulator.exchange.found import Found, Linked, refs_in

_TOLD = {"table": ("write", "read"), "record": ("ttl",), "fleet": ("nodes",), "function": ("runtime",)}
"""Fields whose absence is told where they are drafted."""


def tell_unknown(draft: Drafted) -> None:
    """Mark each entry whose resource has a value that is not in the file, or list it if no entry has it."""
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in [one for one in draft.links.found if one in draft.used]:
        for name in _unknown(one, draft):
            groups.setdefault((one.origin, one.path(name)), []).append(one)
    for (_, path), found in groups.items():
        complaint = f"{path} of {origin_of(found)} has a value that is not in the file"
        entry = _entry_of(found[0], draft)
        if entry is None:
            draft.unread.append(complaint)
        else:
            entry.todo.append(f"{complaint}; write what it stands for")


def _unknown(one: Found, draft: Drafted) -> Iterator[str]:
    for name in one.row.paths:
        value = one.raw(name)
        if name == "name" or name in _TOLD.get(one.kind, ()):
            continue
        if isinstance(value, Linked) and not value.known and not _leads_anywhere(one, value, draft):
            yield name


def _leads_anywhere(one: Found, value: Linked, draft: Drafted) -> bool:
    kinds = {other.kind for other in draft.links.found} - {""}
    return bool(refs_in(value)) and bool(draft.links.at(one, value, *kinds))


def _entry_of(one: Found, draft: Drafted) -> Entry | None:
    """The entry of a section that comes from a resource, itself or by one of its lines."""
    entries = [entry for section in draft.sections.values() for entry in section]
    for entry in entries:
        lines = entry.value if isinstance(entry.value, list) else []
        origins = [entry.origin, *(line.origin for line in lines if isinstance(line, Entry))]
        if any(one.origin in origin for origin in origins):
            return entry
    return None
