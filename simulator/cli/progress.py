"""The progress bar over simulated time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from simulator.report.words import duration


@contextmanager
def progress_bar(duration_ns: int) -> Iterator[Callable[[int], None]]:
    """Show a bar on standard error while the body runs; yields what to call with the simulated time."""
    columns = (TextColumn("simulating"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=duration_ns, at="")
        whole = duration(duration_ns / 10**9)
        yield lambda ns: bar.update(task, completed=ns, at=f"{duration(ns / 10**9)} of {whole}")
