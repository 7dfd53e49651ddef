"""What rules find, as notes; and which rule says what readiness finds of standbys and of what is single."""

from typing import Literal, NamedTuple

Where = Literal["topology", "experiment"]


class Note(NamedTuple):
    """What a rule has found, in a sentence, with its place in a file."""

    rule: str
    said: str
    path: tuple[str | int, ...]
    where: Where = "topology"
    of: str = ""
    """What it is about, if that is not what stands second in the path."""

    @property
    def about(self) -> str:
        """The name of what it is about; empty if that has none."""
        return self.of or next((part for part in self.path[1:2] if isinstance(part, str)), "")


OF_LACKS = {
    **dict.fromkeys(("table", "database", "bucket", "cache"), "missing-replica"),
    "service": "standby-without-service",
    "writer": "standby-without-writer",
    **dict.fromkeys(("external", "call"), "standby-needs-elsewhere"),
    "issuer": "standby-without-issuer",
    "record": "standby-without-record",
    "quota": "standby-quota-too-small",
    "capacity": "standby-small-capacity",
    **dict.fromkeys(("secret", "image", "certificate"), "standby-lacks-thing"),
}
"""The rule of what a standby lacks, by its kind."""

OF_SINGLES = {
    "region": "single-region",
    "issuer": "single-issuer",
    **dict.fromkeys(("table", "bucket"), "single-replica"),
    "cache": "single-node-cache",
    "writer": "single-writer",
    "backup": "single-backup-region",
    "zone": "single-zone",
    "origin": "single-origin",
    "external": "single-external",
    **dict.fromkeys(("secret", "image", "certificate"), "single-thing"),
    "health check": "single-health-check",
    "control plane": "single-control-plane",
    "tool": "single-tool",
    "service": "single-called-service",
}
"""The rule of what there is only one of, by its kind."""

SECTIONS = {
    "table": "tables",
    "database": "databases",
    "writer": "databases",
    "bucket": "buckets",
    "cache": "caches",
    "external": "external",
    "service": "services",
    "capacity": "services",
    "call": "services",
    "zone": "services",
    "record": "dns",
    "origin": "dns",
    "health check": "health_checks",
    "issuer": "identity",
    "region": "regions",
    "quota": "regions",
}
"""The section of a topology in which a kind stands."""
