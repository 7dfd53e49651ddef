"""Suppressions name rules that exist, and say why."""

from collections.abc import Sequence

from simulator.language.models.suppressions import Suppression
from simulator.language.reading.messages import nearest
from simulator.language.reading.positions import Document
from simulator.rules.listed import INVALID, RULES, UNUSED

_NEVER = (INVALID, UNUSED)


def check_suppressions(suppress: Sequence[Suppression], document: Document) -> None:
    """Report rules that do not exist or cannot be suppressed, empty reasons, and what is said twice."""
    seen: dict[tuple[str, str | None], int] = {}
    for number, one in document.numbered("suppress", list(suppress)):
        path = ("suppress", number)
        if one.rule in _NEVER:
            document.problem(f"findings of rule '{one.rule}' cannot be suppressed", (*path, "rule"))
        elif one.rule not in RULES:
            known = [name for name in RULES if name not in _NEVER]
            document.problem(f"unknown rule '{one.rule}'{nearest(one.rule, known)}", (*path, "rule"))
        if not one.reason.strip():
            document.problem("say why it is accepted", (*path, "reason"))
        if seen.setdefault((one.rule, one.of), number) != number:
            document.problem(f"rule '{one.rule}' is suppressed here a second time", path)
