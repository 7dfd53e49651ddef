"""What the options of `simulator run` ask for."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Asked:
    """The options of `simulator run`, by the names under which click gives them."""

    seed: int
    seeds: str | None
    cluster: str | None
    cache: bool
    settings: tuple[str, ...]
    out: str | None
    format_: str
    verbose: bool
    quiet: bool
    fail_on: str
    jobs: int | None
    levers: bool | None
    pairs: bool
    reports: tuple[tuple[str, str], ...]
    """Formats, each with the file that it is written to."""
