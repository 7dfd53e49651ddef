"""Findings of `simulator check` that somebody has looked at and accepts."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.quantities import Model


class Suppression(Model):
    """One rule whose findings are accepted, and why."""

    rule: str
    """The rule, as `simulator check` names it in brackets."""
    reason: Annotated[str, Field(min_length=1)]
    """Why it is accepted, for whoever reads the file next."""
    of: str | None = None
    """Of what alone, such as a name, a table or a region; by default all findings of the rule."""
