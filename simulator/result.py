"""The result of a run: what goes to `result.json`, and what pictures and series are drawn from."""

import json
from dataclasses import dataclass
from typing import Any

from simulator.outcome import Outcome
from simulator.verdict.judging import EXIT_CODES, Judgement

SCHEMA_VERSION = 1

_EXPECTATION_KEYS = ("expectation", "verdict", "measured", "reason")


@dataclass(frozen=True)
class Result:
    """One finished, measured and judged run. The sections are plain data, as in `result.json`."""

    recipe: dict[str, Any]
    verdict: str  # met, missed, inconclusive, no_expectations
    judgements: list[Judgement]
    sections: dict[str, Any]
    outcome: Outcome  # what was measured

    @property
    def exit_code(self) -> int:
        """0 met, 1 missed, 4 inconclusive."""
        return EXIT_CODES[self.verdict]

    def __getitem__(self, section: str) -> Any:
        """A section by name: `result["recovery"]["recovery_time_s"]`."""
        return self.to_dict()[section]

    def to_dict(self) -> dict[str, Any]:
        """Everything that `result.json` holds."""
        expectations = [{key: getattr(one, key) for key in _EXPECTATION_KEYS} for one in self.judgements]
        head = {"schema_version": SCHEMA_VERSION, "recipe": self.recipe, "verdict": self.verdict}
        return head | {"expectations": expectations} | self.sections

    def to_json(self) -> str:
        """Canonical text: the same run gives the same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
