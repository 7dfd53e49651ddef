"""Spoiled files: the shipped ones, most of them made small, with a few places changed."""

import copy
import json
import random
import re
from pathlib import Path
from typing import Any

import yaml

from simulator.language.reading.positions import read_document
from tests.examples.places import EXPERIMENTS
from tests.fuzz.additions import add, names_in

ODD: tuple[Any, ...] = (
    None, 0, 1, -1, 2, 1.5, 1e-320, 1e308, 1000, 1_000_000, 10**18, 10**30, True, False,
    "", " ", "x", "0", "0 s", "1 ns", "1 ms", "5 s", "1 d", "366 d", "36525 d", "-200 ms",
    "0 %", "5 %", "50 %", "100 %", "1/s", "10000000/s", "1/d", "1 KB", "400 KB",
    "eu-south-1", "eu-central-1", "us-east-1", "everywhere", "Frankfurt",
    "[/red]", "\x1b[2J", "日本", "a" * 300, [], {}, [None], [[]], {"": ""},
    {"median": "1 s", "p99": "2 s"}, {"mean": "1 s"}, {"from": "0 s", "to": "36525 d"},
    {"lambda": {}}, {"nodes": {}}, "unlimited", {"zipf": 0.9}, {"compute": "1 ms"},
)  # fmt: skip
ODD_TEXT = (
    "\t", ":", "- ", "{", "}", "[", "]", "#", '"', "'", "&a ", "*a", "!!x ", "|", "\0", "é", "\n", "  "
)  # fmt: skip
_SLOW, _FLAPPING = {"mode": "slow", "factor": 1_000_000}, {"flapping": {"period": "10 s", "duty": "30 %"}}
KINDS = (
    ("eu-south-1", "eu-central-1", "eu-north-1", "eu-west-1", "us-east-1", "us-west-2"),
    ("refused", "black_hole", "lost", "error", "slow", "cut", "lossy", "empty_answer", "flushed", "capacity"),
    ("failover", "weighted", "simple", "multivalue", "latency", "geolocation"),
    ("browser", "script", "aws-standard", "aws-adaptive", "jvm"),
)
"""Words that can often stand for one another."""
WORDS = {word for kind in KINDS for word in kind}
FAULTS = (
    {"at": "5 s", "for": "20 s", "clock": "eu-south-1", "skew": "-36525 d"},
    {"at": "5 s", "link": {"between": ["eu-south-1", "everywhere"]}} | _SLOW,
    {"at": "1 s", "control_plane": "route53"},
    {"at": "5 s", "region": "eu-south-1", "mode": "lost"},
    {"at": "5 s", "region": "eu-south-1", "mode": "black_hole"} | _FLAPPING,
)


def made(rng: random.Random, directory: Path) -> tuple[Path, bool]:
    """Write an experiment and its topology, spoiled; the experiment's path, and whether it was made small."""
    file = rng.choice(EXPERIMENTS)
    text = file.read_text(encoding="utf-8")
    named = read_document(text, "e.yaml").data["topology"]
    system, small = (file.parent / named).read_text(encoding="utf-8"), rng.random() < 0.7
    texts = {"experiment": text.replace(named, "t.yaml"), "topology": system}
    files = {kind: read_document(original, "e.yaml").data for kind, original in texts.items()}
    if small:
        _make_small(files["experiment"], rng)
        texts["experiment"] = _text(files["experiment"])
    names, spoiled = names_in(*files.values()), rng.choice(["experiment", "topology", "both"])
    for kind, original in texts.items():
        if spoiled in (kind, "both"):
            original = _spoil(rng, original, kind, files[kind], names)
        name = "e.yaml" if kind == "experiment" else "t.yaml"
        (directory / name).write_text(original, encoding="utf-8", errors="surrogatepass")
    return directory / "e.yaml", small


def _text(data: Any) -> str:
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def _make_small(data: Any, rng: random.Random) -> None:
    """A handful of users, so that a run takes a moment."""
    for population in data.get("users", {}).values():
        if "sessions" in population:
            population["sessions"] = rng.randint(1, 30)
        else:
            population["arrivals"] = "1/min"


def _spoil(rng: random.Random, text: str, kind: str, data: Any, names: list[str]) -> str:
    if rng.random() < 0.15:
        for _ in range(rng.randint(1, 3)):
            text = _spoil_text(rng, text)
        return text
    data, how = copy.deepcopy(data), rng.random()
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        if how < 0.35:
            add(rng, kind, data, names)
        else:
            change = _spoil_structure if how < 0.55 else _change_values
            change(rng, data)
    return _text(data)


def _change_values(rng: random.Random, data: Any) -> None:
    """Change what will probably still be valid: a number, a word for another of its kind, one fault more."""
    faults = data.get("faults") if isinstance(data, dict) else None
    if isinstance(faults, list) and rng.random() < 0.4:
        faults += [
            copy.deepcopy(rng.choice([*faults, *_faults(rng, data)])) for _ in range(rng.randint(1, 4))
        ]
        return
    leaves = [path for path in places(data) if not isinstance(_at(data, path), dict | list)]
    numbers = [path for path in leaves if str(_at(data, path))[:1].isdigit() or _at(data, path) in WORDS]
    *above, last = rng.choice(numbers or leaves)
    holder = _at(data, tuple(above))
    others = [kind for kind in KINDS if holder[last] in kind]
    known = [word for word in (others[0] if others else ()) if word in str(data)]
    holder[last] = rng.choice(known) if others else _scaled(rng, holder[last])


def _faults(rng: random.Random, data: Any) -> list[Any]:
    """Faults in a region that the data names."""
    regions = [word for word in KINDS[0] if word in str(data)]
    text = json.dumps(FAULTS).replace("eu-south-1", rng.choice(regions or KINDS[0]))
    return [*json.loads(text)]


def _spoil_text(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    here = rng.randrange(len(lines))
    match rng.choice(["cut", "insert", "repeat", "swap", "drop", "end"]):
        case "cut":
            start = rng.randrange(len(text) or 1)
            return text[:start] + text[start + rng.randint(1, 9) :]
        case "insert":
            start = rng.randrange(len(text) or 1)
            return text[:start] + rng.choice(ODD_TEXT) + text[start:]
        case "repeat":
            lines.insert(here, lines[rng.randrange(len(lines))])
        case "swap":
            other = rng.randrange(len(lines))
            lines[here], lines[other] = lines[other], lines[here]
        case "drop":
            del lines[here]
        case _:
            return text[: rng.randrange(len(text) or 1)]
    return "\n".join(lines)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value within some data."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    below = [place for key, value in entries for place in places(value, (*path, key))]
    return [path, *below] if path else below


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


_CHANGES = ("delete", "rename", "odd", "copy", *["scale"] * 8, "repeat", "fault", "fault")


def _spoil_structure(rng: random.Random, data: Any) -> None:
    where = places(data)
    if not where:
        return
    *above, last = rng.choice(where)
    holder = _at(data, tuple(above))
    match rng.choice(_CHANGES):
        case "delete":
            del holder[last]
        case "rename" if isinstance(holder, dict):
            holder[f"{last}{rng.choice('xs_ ')}"] = holder.pop(last)
        case "copy":
            holder[last] = copy.deepcopy(_at(data, rng.choice(where)))
        case "scale":
            holder[last] = _scaled(rng, holder[last])
        case "repeat" if isinstance(holder, list):
            holder += [copy.deepcopy(holder[last]) for _ in range(rng.randint(1, 3))]
        case "fault" if isinstance(data.get("faults"), list):
            data["faults"] += [rng.choice(_faults(rng, data)) for _ in range(rng.randint(1, 4))]
        case _:
            holder[last] = copy.deepcopy(rng.choice(ODD))


def _scaled(rng: random.Random, value: Any) -> Any:
    """A number, or one with its unit, made much larger or smaller."""
    by = rng.choice([0, 0.001, 0.1, 0.5, 1.5, 2, 2, 3, 10, 1000, 10**6])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return type(value)(value * by)
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(.*)", value) if isinstance(value, str) else None
    if found is None:
        return rng.choice(ODD)
    return f"{float(found[1]) * by:.6f}".rstrip("0").rstrip(".") + found[2]
