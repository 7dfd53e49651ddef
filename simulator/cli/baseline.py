"""`simulator baseline`: figures kept in the repository, and files held against them."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import cleaning_up, fail, reported_errors
from simulator.cli.options import SEEDS, cache_option, format_option, jobs_option
from simulator.cli.places import check_writable
from simulator.cli.saying import say
from simulator.cli.sharing import sharing


@click.command()
@click.argument("action", type=click.Choice(["save", "check"]))
@click.argument("files", metavar="[FILE...]", nargs=-1, type=click.Path(readable=False))
@click.option(
    "--baseline",
    "path",
    type=click.Path(dir_okay=False),
    default="baseline.json",
    show_default=True,
    help="Where the figures are kept: a JSON file that belongs into the repository.",
)
@click.option(
    "--seeds",
    type=SEEDS,
    metavar="N|A..B",
    help="With save: how many seeds, or which; by default 10. A check takes those of the baseline.",
)
@jobs_option
@cache_option
@format_option("With check: what to print.")
@click.option("-v", "--verbose", is_flag=True, help="With check: print every figure that is kept.")
def baseline(action: str, files: tuple[str, ...], **given: Any) -> None:
    """Keep figures of experiments in the repository, or hold the experiments against them.

    \b
    simulator baseline save experiments/*.yaml --seeds 20
    simulator baseline check

    A figure is worse if it is so clearly, seed by seed, and outside the interval that was kept of it. Without
    FILE, check takes all of which something is kept.

    Exit codes: 0 saved, or nothing is worse; 1 something is worse; 2 invalid input; 3 a defect of the
    simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        code = _save(files, given) if action == "save" else _check(files, given)
    sys.exit(code)


def _save(files: tuple[str, ...], given: dict[str, Any]) -> int:
    from simulator.cli.progress import counted_runs
    from simulator.explore.baselines import save
    from simulator.report.placing import place_files

    if not files:
        fail("name the experiments of which figures are kept: simulator baseline save FILE…")
    path = Path(given["path"])
    check_writable(path.parent, of=str(path))
    seeds = [*(given["seeds"] or range(1, 11))]
    with cleaning_up(), counted_runs(len(files) * len(seeds)) as heard:
        text = save(files, path, seeds, jobs=given["jobs"], cache=not given["no_cache"], heard=heard)
    try:
        place_files(path.parent, {path.name: text})
    except OSError as error:
        fail(f"cannot write to {path}: {error.strerror or error}")
    say(f"Kept in {path}: {len(files)} file{'s' if len(files) > 1 else ''}, {len(seeds)} seeds each")
    return 0


def _check(files: tuple[str, ...], given: dict[str, Any]) -> int:
    from simulator.cli.progress import counted_runs
    from simulator.explore.baselines import check
    from simulator.report.baseline import baseline_lines

    if given["seeds"] is not None:
        fail("a check takes the seeds of the baseline; leave --seeds out")
    with cleaning_up(), counted_runs(None) as heard:
        found = check(given["path"], files, jobs=given["jobs"], cache=not given["no_cache"], heard=heard)
    if given["format_"] == "json":
        say(json.dumps(found.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        say("\n".join(baseline_lines(found, verbose=given["verbose"])))
    return found.exit_code
