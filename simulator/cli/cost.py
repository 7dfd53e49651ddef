"""`simulator cost`: what a system costs, by list prices."""

import io
import sys

import click

from simulator.cli.failing import cleaning_up, printed, reported_errors
from simulator.cli.running import read, say_if_much, set_option
from simulator.cli.saying import columns, say


@click.command()
@click.argument("file", type=click.Path(readable=False))
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Seed of every draw; the same seed gives the same amounts.",
)
@set_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print: a summary, or every amount.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print each thing that is charged for.")
def cost(file: str, seed: int, settings: tuple[str, ...], format_: str, verbose: bool) -> None:
    """Tell what the system of the experiment in FILE costs: a month in peace, and an hour of its outage.

    \b
    simulator cost experiments/dublin-lost-warm-standby.yaml

    Amounts are counted in two runs, with and without the faults; prices are list prices, with their dates and
    sources, or those that the topology gives (`prices:`). Exit codes: 0 told, 2 invalid input, 3 a defect of
    the simulator.
    """
    from rich.console import Console

    from simulator.cli.progress import shown
    from simulator.explore.costs import costs_of
    from simulator.report.costs import print_costs

    with reported_errors():
        loaded = read(file, settings)
        say_if_much(loaded)
        with cleaning_up(), shown(loaded.experiment.duration + loaded.experiment.warm_up) as progress:
            costs = costs_of(loaded, seed=seed, progress=progress)
        if format_ == "json":
            printed(say(costs.to_json().rstrip("\n")))
            return
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        memory = io.StringIO()
        console = Console(file=memory, force_terminal=is_terminal or None, highlight=False, width=columns())
        print_costs(costs, console, every=verbose)
        printed(say("\n".join(line.rstrip() for line in memory.getvalue().splitlines())))
