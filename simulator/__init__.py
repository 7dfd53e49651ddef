"""A local multi-region simulator: replay outages, measure recovery, loss, lag and sessions.

>>> import simulator >>> result = simulator.run("experiments/milan-goes-dark.yaml") >>>
result["recovery"]["recovery_time_s"]
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.errors import DefectError, SimulatorError, SpecError, UsageError
    from simulator.explore.replications import replicate
    from simulator.report.files import write_report
    from simulator.result import Result
    from simulator.running import run
    from simulator.spec.experiment import Experiment
    from simulator.spec.reading import Loaded
    from simulator.spec.reading import read_experiment as load
    from simulator.spec.reading import read_topology as load_topology
    from simulator.spec.topology import Topology

_HOMES = {
    "DefectError": ("errors", "DefectError"),
    "Experiment": ("spec.experiment", "Experiment"),
    "Loaded": ("spec.reading", "Loaded"),
    "Result": ("result", "Result"),
    "SimulatorError": ("errors", "SimulatorError"),
    "SpecError": ("errors", "SpecError"),
    "Topology": ("spec.topology", "Topology"),
    "UsageError": ("errors", "UsageError"),
    "load": ("spec.reading", "read_experiment"),
    "load_topology": ("spec.reading", "read_topology"),
    "replicate": ("explore.replications", "replicate"),
    "run": ("running", "run"),
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
    "load",
    "load_topology",
    "replicate",
    "run",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'simulator' has no attribute '{name}'")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"simulator.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
