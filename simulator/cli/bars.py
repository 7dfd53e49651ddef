"""Bars on a terminal, with their texts; imported where there are any, which takes longer than many a run."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_READ_S = 0.1


class Bars(Progress):
    """Bars that vanish when they are through; drawn as they change, by no thread of their own.

    So processes that begin meanwhile can be copies of this one (`simulator.explore.copying`).
    """

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[at]}"))
        console = Console(stderr=True)
        super().__init__(*columns, TimeRemainingColumn(), console=console, transient=True, auto_refresh=False)
        self._drawn_s = 0.0

    def refresh(self) -> None:
        """Draw them."""
        super().refresh()
        self._drawn_s = self.get_time()

    def change(self, task: TaskID, done: int, total: int, at: str) -> None:
        """So much of a task is done, and said so; drawn at its end, or once what was drawn has been read."""
        over = done >= total or self.get_time() - self._drawn_s >= _READ_S
        self.update(task, completed=done, total=total, at=at, refresh=over)
