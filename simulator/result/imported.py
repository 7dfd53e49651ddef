"""A topology drafted from infrastructure files, and what is to be told of it."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Imported:
    """A draft."""

    text: str
    """The topology, with the origin of each line; what follows stands at its end, too."""
    gaps: tuple[str, ...]
    """What is to be filled in, each at its line in the text: `line 12: …`."""
    valid: bool
    """Whether `simulator check` accepts it as it is."""
    unread: tuple[str, ...]
    """What the files hold and the draft does not, with the reason."""
    types: tuple[tuple[str, int], ...]
    """The types of resources that the simulator does not know, and how many there are of each."""
    assumed: tuple[str, ...]
    """What the draft says and no file does."""
    resources: int
    """How many resources the files have,"""
    read: int
    """how many of them are in the draft,"""
    aside: int
    """and how many have no part in the model: networks, logs, keys, permissions that name nothing else."""
