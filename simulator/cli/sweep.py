"""`simulator sweep`: one experiment with values varied, or a boundary to find."""

import sys
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import cleaning_up, reported_errors
from simulator.cli.options import SEEDS, cache_option, format_option, jobs_option, set_option
from simulator.cli.places import DIRECTORY, check_writable, written
from simulator.cli.saying import say, say_bytes
from simulator.cli.sharing import sharing
from simulator.cli.text import printed_text
from simulator.errors import UsageError


@click.command()
@click.argument("file", metavar="DESIGN")
@click.option(
    "--vary",
    metavar="PATH=V,V…",
    multiple=True,
    help="The values of a path. May be repeated: every combination is played.",
)
@click.option(
    "--find",
    metavar="CONDITION",
    help="Instead of --vary: find where this ends to hold, such as 'recovery_time <= 5 min'.",
)
@click.option(
    "--over", metavar="PATH=A..B", help="With --find: the path whose value is sought, and between which two."
)
@click.option(
    "--in",
    "share",
    metavar="SHARE",
    default="50 %",
    show_default=True,
    help="With --find: in at least which share of all runs the condition has to hold.",
)
@set_option
@click.option(
    "--seeds",
    type=SEEDS,
    metavar="N|A..B",
    help="How many seeds every point is played under, or which; by default 5, and with --find at most 40.",
)
@jobs_option
@cache_option
@click.option(
    "--figure", "figures", metavar="KEY", multiple=True, help="A figure to tell first. May be repeated."
)
@click.option("--cost", is_flag=True, help="Also tell what each costs, by list prices: two more runs each.")
@click.option("--out", type=DIRECTORY, help="Write tables as CSV, sweep.json and a picture there.")
@click.option("--parquet", is_flag=True, help="With --out: the tables as Parquet, too (extra [parquet]).")
@format_option(
    "What to print: a table to read, what sweep.json holds, or a line a point.", ("text", "json", "csv")
)
@click.option("-v", "--verbose", is_flag=True, help="Print all figures that count, with their intervals.")
def sweep(file: str, **given: Any) -> None:
    """Play an experiment with values varied, on the same users throughout, or find a boundary.

    \b
    simulator sweep shop.yaml --vary dns.shop.example.ttl=10s,60s,300s
    simulator sweep shop.yaml --vary users.ireland.sessions=100,200 --vary faults.for=1min,9min
    simulator sweep shop.yaml --find 'recovery_time <= 5 min' --over dns.shop.example.ttl=1s..1h

    Exit codes: 0 played, or found; 1 there is no boundary between the two values, or the runs do not tell;
    2 invalid input; 3 a defect of the simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        code = _find(file, given) if given["find"] is not None else _sweep(file, given)
    sys.exit(code)


def _sweep(file: str, given: dict[str, Any]) -> int:
    from simulator.cli.progress import counted_runs
    from simulator.explore.comparing.designs import read_design
    from simulator.explore.sweeping.grid import SEEDS as FEW
    from simulator.explore.sweeping.grid import grid_of, parse_axis, played
    from simulator.language.settings import parse_settings

    if given["over"] is not None:
        raise UsageError("--over goes with --find; a sweep has --vary PATH=VALUE,VALUE…")
    if given["parquet"] and given["out"] is None:
        raise UsageError("--parquet goes with --out")
    said, loaded = read_design(file, parse_settings(given["settings"]))
    seeds = [*(given["seeds"] or range(1, FEW + 1))]
    grid = grid_of(said, loaded, [parse_axis(text) for text in given["vary"]], seeds)
    if given["out"] is not None:
        check_writable(Path(given["out"]))
    with cleaning_up(), counted_runs(grid.count) as heard:
        found = played(
            grid,
            jobs=given["jobs"],
            cache=not given["no_cache"],
            figures=given["figures"],
            cost=given["cost"],
            heard=heard,
        )
    files = _write(found, given) if given["out"] is not None else ""
    _tell(found, given)
    if files:
        say(files, err=True)
    return 0


def _find(file: str, given: dict[str, Any]) -> int:
    from simulator.cli.progress import counted_runs
    from simulator.explore.comparing.designs import read_design
    from simulator.explore.sweeping.conditions import condition_of
    from simulator.explore.sweeping.finding import find_boundary, range_of
    from simulator.explore.sweeping.searching import SEEDS_MOST
    from simulator.language.settings import parse_settings
    from simulator.report.sweep.boundary import boundary_lines

    if given["over"] is None or given["vary"]:
        raise UsageError("--find goes with --over PATH=A..B, and without --vary")
    if given["out"] is not None or given["format_"] == "csv":
        raise UsageError("--find prints what it finds, as text or json")
    if given["cost"] or given["figures"] or given["parquet"]:
        raise UsageError("--cost, --figure and --parquet go with --vary")
    said, loaded = read_design(file, parse_settings(given["settings"]))
    condition, span = condition_of(given["find"], given["share"]), range_of(given["over"])
    seeds = [*(given["seeds"] or range(1, SEEDS_MOST + 1))]
    with cleaning_up(), counted_runs(None) as heard:
        found = find_boundary(
            said,
            loaded,
            condition,
            span,
            seeds=seeds,
            jobs=given["jobs"],
            cache=not given["no_cache"],
            heard=heard,
        )
    if given["format_"] == "json":
        say_bytes(found.to_json().encode())
    else:
        say("\n".join(boundary_lines(found, verbose=given["verbose"])))
    return found.exit_code


def _tell(found: Any, given: dict[str, Any]) -> None:
    from simulator.report.sweep.tables import csv_of, points_table
    from simulator.report.sweep.terminal import print_sweep

    if given["format_"] == "json":
        say_bytes(found.to_json().encode())
    elif given["format_"] == "csv":
        say_bytes(csv_of(points_table(found)).encode())
    else:
        say(printed_text(lambda console: print_sweep(found, console, verbose=given["verbose"])))


def _write(found: Any, given: dict[str, Any]) -> str:
    from simulator.report.sweep.files import write_sweep

    return written(given["out"], lambda: write_sweep(found, given["out"], parquet=given["parquet"]))
