"""How measures are read from the sections of a result, each beside what it reads."""

from collections.abc import Callable, Mapping

from simulator.boundary.measure_terms import Reason
from simulator.boundary.measures import Asked
from simulator.result.whole import Sections

Reading = float | None | list[float]
"""What was measured; None if there is no value; several figures, each to be held against the bounds."""

Reader = Callable[[Sections, Asked], Reading]

Readers = Mapping[str, Reader]
"""By the measure's name; of a measure with several parts, by `measure.part`."""

NotShown = Mapping[str, Callable[[Sections, Asked], str]]
"""By the measure's name: why what was measured is not yet shown; empty if it is."""

Reasons = Mapping[Reason, Callable[[Sections, Asked], bool]]
"""Whether a reason holds for which a run tells nothing."""
