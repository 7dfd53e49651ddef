"""What things are called in a draft: by their own names, without the region that some of them hold."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from simulator import catalog
from simulator.exchange.found import Found

_OTHERS = re.compile(r"[^\w-]+")


@cache
def plain(text: str) -> str:
    """A name without the code of a region in it."""
    for region in catalog.region_names():
        for code in (region, region.replace("-", "_"), region.replace("-", "")):
            text = re.sub(rf"(?i)(?:^|[-_./ ]){code}(?=$|[-_./ ])", "", text)
    return _OTHERS.sub("-", text).strip("-_") or "unnamed"


def name_of(one: Found) -> str:
    """What something is called: the name that it has, if the file tells it, or the label of its resource."""
    return plain(one.text("name") or one.label)


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or with a number if it is taken."""
    others = {*taken}
    if name not in others:
        return name
    return next(found for number in range(2, len(others) + 3) if (found := f"{name}-{number}") not in others)


def origin_of(found: Sequence[Found]) -> str:
    """The resources that something comes from, those of several modules or files named once."""
    places: dict[str, list[str]] = {}
    for one in found:
        places.setdefault(one.origin, []).append(one.where)
    said = []
    for origin, where in places.items():
        told = [one for one in dict.fromkeys(where) if one]
        said.append(f"{origin} ({'; '.join(told)})" if told else origin)
    return ", ".join(said)


def paths_of(one: Found, *names: str) -> str:
    """Where fields stand in a resource, for a reader."""
    return ", ".join(dict.fromkeys(path for name in names if (path := one.path(name))))
