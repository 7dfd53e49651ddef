"""Templates of AWS Fault Injection Service, and what became of each fault of an experiment."""

from collections.abc import Mapping
from typing import Any

from simulator.records import dataclass

ROLE = "arn:aws:iam::ACCOUNT:role/ROLE"
"""Stands where the role of the experiment belongs, until somebody writes it."""


@dataclass(frozen=True)
class Told:
    """What became of one fault."""

    fault: str
    """The fault, in words."""
    actions: tuple[str, ...]
    """`action in region`; none: it has no counterpart."""
    notes: tuple[str, ...]
    """How they differ from it, or why there is none."""


@dataclass(frozen=True)
class Exported:
    """Templates, and what became of each fault."""

    templates: Mapping[str, dict[str, Any]]
    """By region, as AWS FIS reads them."""
    told: tuple[Told, ...]
    """Each fault, in file order."""
