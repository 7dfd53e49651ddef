"""`simulator cost`: what a system costs, by list prices."""

import click

from simulator.cli.failing import cleaning_up, printed, reported_errors
from simulator.cli.options import format_option, seed_option, set_option
from simulator.cli.running import read, say_if_much
from simulator.cli.saying import say
from simulator.cli.text import printed_text


@click.command()
@click.argument("file", type=click.Path(readable=False))
@seed_option("Seed of every draw; the same seed gives the same amounts.")
@set_option
@format_option("What to print: a summary, or every amount.")
@click.option("-v", "--verbose", is_flag=True, help="Print each thing that is charged for.")
def cost(file: str, seed: int, settings: tuple[str, ...], format_: str, verbose: bool) -> None:
    """Tell what the system of the experiment in FILE costs: a month in peace, and an hour of its outage.

    \b
    simulator cost experiments/dublin-lost-warm-standby.yaml

    Amounts are counted in two runs, with and without the faults; prices are list prices, with their dates and
    sources, or those that the topology gives (`prices:`). Exit codes: 0 told, 2 invalid input, 3 a defect of
    the simulator.
    """
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
        printed(say(printed_text(lambda console: print_costs(costs, console, every=verbose))))
