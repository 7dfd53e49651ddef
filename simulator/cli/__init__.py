"""The command line. One file per verb, imported only when it is called."""

TYPE_CHECKING = False  # as in simulator/__init__.py
if TYPE_CHECKING:
    from typing import Any

    from simulator.cli.verbs import main

__all__ = ["main"]


def __getattr__(name: str) -> "Any":
    """Import the command line when it is first asked for: the program's start comes before it."""
    if name != "main":
        raise AttributeError(f"module 'simulator.cli' has no attribute '{name}'")
    from simulator.cli.verbs import main

    return main
