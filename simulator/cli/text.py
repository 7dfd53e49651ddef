"""Text for whatever standard output is."""

import io
import sys
from collections.abc import Callable
from typing import Any

from simulator.cli.saying import columns


def printed_text(fill: Callable[[Any], None]) -> str:
    """What a function prints to a console, printed in memory: what is really there may be full or closed."""
    from rich.console import Console

    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    memory = io.StringIO()
    console = Console(
        file=memory, force_terminal=is_terminal or None, highlight=False, width=columns(), height=24
    )
    fill(console)
    return "\n".join(line.rstrip() for line in memory.getvalue().splitlines())
