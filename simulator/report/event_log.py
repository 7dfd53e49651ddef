"""The event log as a file."""

import json
from collections.abc import Iterable

from simulator.result.plain import plain
from simulator.result.whole import Event


def events_jsonl(events: Iterable[Event]) -> str:
    """One JSON object a line, as the entries of `events` in `result.json`, in order."""
    return "".join(json.dumps(plain(one), ensure_ascii=False, allow_nan=False) + "\n" for one in events)
