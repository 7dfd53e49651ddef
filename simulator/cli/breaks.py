"""`simulator breaks`: the load at which expectations fail."""

import sys
from typing import Any

import click

from simulator.cli.failing import cleaning_up, reported_errors
from simulator.cli.options import SEEDS, cache_option, format_option, jobs_option, set_option
from simulator.cli.saying import say, say_bytes
from simulator.cli.sharing import sharing
from simulator.errors import UsageError


@click.command()
@click.argument("file", metavar="DESIGN")
@click.option(
    "--load", is_flag=True, help="Search for the factor of the load: of the sessions of all populations."
)
@click.option(
    "--most",
    metavar="FACTOR",
    type=click.FloatRange(1.0, 10_000.0, min_open=True),
    default=32.0,
    show_default=True,
    help="The largest factor that is tried.",
)
@click.option(
    "--in",
    "share",
    metavar="SHARE",
    default="50 %",
    show_default=True,
    help="In at least which share of all runs every expectation has to be met.",
)
@set_option
@click.option(
    "--seeds", type=SEEDS, metavar="N|A..B", help="How many seeds at most, or which; by default 40."
)
@jobs_option
@cache_option
@format_option()
@click.option("-v", "--verbose", is_flag=True, help="Print every load that was tried.")
def breaks(file: str, **given: Any) -> None:
    """Find the load at which the expectations of an experiment fail, and what gives way first.

    \b
    simulator breaks shop.yaml --load
    simulator breaks shop.yaml --load --most 200 --in '95 %'

    The load is doubled until it breaks, then halved to within 1 %. Where no expectation fails, there is no
    boundary: expect something that overload spoils, such as success or a latency.

    Exit codes: 0 found; 1 it breaks as it is, or not up to the largest factor, or the runs do not tell;
    2 invalid input; 3 a defect of the simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        from simulator.cli.progress import counted_runs
        from simulator.explore.comparing.designs import read_design
        from simulator.explore.sweeping.breaking import breaks_of
        from simulator.explore.sweeping.conditions import share_of
        from simulator.explore.sweeping.searching import SEEDS_MOST
        from simulator.language.settings import parse_settings
        from simulator.report.sweep.breaking import breaking_lines

        if not given["load"]:
            raise UsageError("say what is made larger: --load")
        said, loaded = read_design(file, parse_settings(given["settings"]))
        with cleaning_up(), counted_runs(None) as heard:
            found = breaks_of(
                said,
                loaded,
                most=given["most"],
                share=share_of(given["share"]),
                seeds=[*(given["seeds"] or range(1, SEEDS_MOST + 1))],
                jobs=given["jobs"],
                cache=not given["no_cache"],
                heard=heard,
            )
        if given["format_"] == "json":
            say_bytes(found.to_json().encode())
        else:
            say("\n".join(breaking_lines(found, verbose=given["verbose"])))
    sys.exit(found.exit_code)
