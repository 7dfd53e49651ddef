"""The event log as a file."""

from collections.abc import Iterable
from json import JSONEncoder

from simulator.result.plain import plain
from simulator.result.whole import Event


def events_jsonl(events: Iterable[Event]) -> str:
    """One JSON object a line, as the entries of `events` in `result.json`, in order."""
    line = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    return "".join(f"{line(plain(one))}\n" for one in events)
