"""What a process that shares work does while whoever began it still reads files: import, and load kernels.

Imports nothing until then, so that a command can start processes before anything slow.
"""


class _NothingKept(Exception):
    """There is no machine code yet: whoever runs the command compiles it."""


class _Silent:
    """Hears of a compilation and gives it up."""

    def begin(self, total: int) -> None:
        raise _NothingKept

    def compiled(self, done: int, total: int) -> None:
        """Nothing is."""

    def end(self, done: int) -> None:
        """Nothing was."""

    def say(self, text: str) -> None:
        """Whoever runs the command is told the same."""


def warm() -> None:
    """Be ready to play cells; without machine code, as ready as can be."""
    from simulator.explore import cells, replays  # noqa: F401  that is, all that a run needs
    from simulator.kernels.progress import watched_by
    from simulator.pipeline import warm_up

    try:
        with watched_by(_Silent()):
            warm_up()
    except _NothingKept:
        return
