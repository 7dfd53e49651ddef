"""A local multi-region simulator: replay outages, measure recovery, loss, lag and sessions.

>>> import simulator
>>> result = simulator.run("experiments/milan-goes-dark.yaml")
>>> result["recovery"]["recovery_time_s"]
"""

import time

_IMPORTED_NS = time.time_ns()  # no module of the package is older than what was on the disk then
TYPE_CHECKING = False  # typing's own, without its import: nothing slow may come before Ctrl-C is understood
if TYPE_CHECKING:
    from typing import Any

    from simulator.errors import DefectError, SimulatorError, SpecError, UsageError
    from simulator.explore.comparing.whole import compare
    from simulator.explore.replicating import replications
    from simulator.explore.replications import replicate
    from simulator.explore.running import run
    from simulator.explore.sweeping.breaking import breaks
    from simulator.explore.sweeping.finding import find
    from simulator.explore.sweeping.grid import sweep
    from simulator.explore.sweeping.tuning import tune
    from simulator.language.files import Loaded
    from simulator.language.files import read_experiment as load
    from simulator.language.files import read_topology as load_topology
    from simulator.language.models.experiment import Experiment
    from simulator.language.models.topology import Topology
    from simulator.report.files import write_report
    from simulator.report.notebook import picture, table
    from simulator.result.shown import Bundle, Shown
    from simulator.result.whole import Result

_HOMES = {
    "DefectError": ("errors", "DefectError"),
    "Experiment": ("language.models.experiment", "Experiment"),
    "Loaded": ("language.files", "Loaded"),
    "Result": ("result.whole", "Result"),
    "SimulatorError": ("errors", "SimulatorError"),
    "SpecError": ("errors", "SpecError"),
    "Topology": ("language.models.topology", "Topology"),
    "UsageError": ("errors", "UsageError"),
    "breaks": ("explore.sweeping.breaking", "breaks"),
    "compare": ("explore.comparing.whole", "compare"),
    "find": ("explore.sweeping.finding", "find"),
    "load": ("language.files", "read_experiment"),
    "load_topology": ("language.files", "read_topology"),
    "picture": ("report.notebook", "picture"),
    "replicate": ("explore.replications", "replicate"),
    "replications": ("explore.replicating", "replications"),
    "run": ("explore.running", "run"),
    "sweep": ("explore.sweeping.grid", "sweep"),
    "tune": ("explore.sweeping.tuning", "tune"),
    "table": ("report.notebook", "table"),
    "write_report": ("report.files", "write_report"),
}

__all__ = [
    "DefectError",
    "Experiment",
    "Loaded",
    "Result",
    "SimulatorError",
    "SpecError",
    "Topology",
    "UsageError",
    "breaks",
    "compare",
    "find",
    "load",
    "load_topology",
    "picture",
    "replicate",
    "replications",
    "run",
    "sweep",
    "table",
    "tune",
    "write_report",
]


def __getattr__(name: str) -> "Any":
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simulator' has no attribute '{name}'")
    from importlib import import_module

    from simulator.result.shown import shown_by

    shown_by(_shown)
    module, attribute = _HOMES[name]
    return getattr(import_module(f"simulator.{module}"), attribute)


def _shown(found: "Shown") -> "Bundle":
    """What a notebook shows of a result; what draws it is imported when a cell first does so."""
    from simulator.report.notebook import bundle_of

    return bundle_of(found)


def __dir__() -> list[str]:
    return __all__
