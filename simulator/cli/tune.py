"""`simulator tune`: the best values of several knobs."""

import sys
from typing import Any

import click

from simulator.cli.failing import cleaning_up, reported_errors
from simulator.cli.options import SEEDS, cache_option, format_option, jobs_option, set_option
from simulator.cli.saying import say, say_bytes
from simulator.cli.sharing import sharing


@click.command()
@click.argument("file", metavar="DESIGN")
@click.option(
    "--over",
    metavar="PATH=A..B|V,V…",
    multiple=True,
    required=True,
    help="A knob: a path, and between which values, or which. May be repeated.",
)
@click.option("--best", metavar="KEY", required=True, help="The figure whose median is made best.")
@click.option(
    "--keep", metavar="CONDITION", help="What has to hold in half of the runs, as 'recovery_point <= 1 s'."
)
@click.option(
    "--tries", type=click.IntRange(1, 10_000), default=40, show_default=True, help="How many combinations."
)
@set_option
@click.option(
    "--seeds", type=SEEDS, metavar="N|A..B", default="5", show_default=True, help="Seeds of each try."
)
@jobs_option
@cache_option
@format_option()
@click.option("-v", "--verbose", is_flag=True, help="Print every try.")
def tune(file: str, **given: Any) -> None:
    """Search for the values of several knobs at which a figure is best (extra [search]).

    \b
    simulator tune shop.yaml --best user_minutes_lost --over dns.shop.example.ttl=1s..10min
    simulator tune shop.yaml --best user_minutes_lost --keep 'throttled <= 1 %' \\
        --over health_checks.shop.failure_threshold=1..10 --over users.ireland.client.attempts=1,2,3,5

    Values are tried where earlier tries were good. The best of them is played again, with the files as they
    are, under seeds that the search did not see.

    Exit codes: 0 clearly better values found; 1 none; 2 invalid input; 3 a defect of the simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        from simulator.cli.progress import counted_runs
        from simulator.explore.comparing.designs import read_design
        from simulator.explore.sweeping.conditions import condition_of
        from simulator.explore.sweeping.tuning import FRESH, knob_of, tuned
        from simulator.language.settings import parse_settings
        from simulator.report.sweep.tuned import tuned_lines

        said, loaded = read_design(file, parse_settings(given["settings"]))
        knobs = [knob_of(text) for text in given["over"]]
        keep = None if given["keep"] is None else condition_of(given["keep"])
        seeds = [*given["seeds"]]
        with cleaning_up(), counted_runs(given["tries"] * len(seeds) + 2 * FRESH) as heard:
            found = tuned(
                said,
                loaded,
                knobs,
                given["best"],
                keep,
                tries=given["tries"],
                seeds=seeds,
                jobs=given["jobs"],
                cache=not given["no_cache"],
                heard=heard,
            )
        if given["format_"] == "json":
            say_bytes(found.to_json().encode())
        else:
            say("\n".join(tuned_lines(found, verbose=given["verbose"])))
    sys.exit(found.exit_code)
