"""What a file is at a glance, told by the keys at its margin. Imports nothing that takes time.

Whoever walks through a folder looks at files that are none of ours, and must be quick and disturb nobody.
"""

import re
from os import PathLike

_AT_MARGIN = re.compile(r"""^(["']?)([^\W\d][\w-]*)\1[ \t]*:(?=\s|$)""", re.MULTILINE)
_IN_BRACES = re.compile(r"""[{,]\s*(["']?)([^\W\d][\w-]*)\1\s*:""")
_LOOKED_AT = 65_536  # bytes; the keys that tell an experiment stand first

SUFFIXES = (".yaml", ".yml")
"""How the names of files end that are looked at in folders."""


def keys_of(text: str) -> tuple[str, ...]:
    """The keys at the margin of a text in YAML, each once; of one in braces, the keys in any braces."""
    pattern = _IN_BRACES if text.lstrip().startswith("{") else _AT_MARGIN
    return tuple(dict.fromkeys(found[1] for found in pattern.findall(text)))


def beginning(path: str | PathLike[str]) -> str:
    """The beginning of a file, whatever is in it; nothing if it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return ""


def is_experiment(path: str | PathLike[str]) -> bool:
    """Whether a file says of itself that it is an experiment: it has the keys `experiment` and `topology`."""
    return {"experiment", "topology"} <= {*keys_of(beginning(path))}
