"""`simulator worst`: the outage that hurts an objective most, made as small as it can be."""

import os
from pathlib import Path
from time import monotonic
from typing import Any

import click

from simulator.cli.failing import cleaning_up, fail, printed, reported_errors
from simulator.cli.options import cache_option, format_option, jobs_option, seed_option
from simulator.cli.running import read
from simulator.cli.saying import columns, say
from simulator.cli.sharing import sharing
from simulator.errors import UsageError
from simulator.units import parse_duration


@click.command()
@click.argument("file", type=click.Path(readable=False))
@click.option(
    "--budget",
    metavar="TIME",
    default="1 min",
    show_default=True,
    help="How long to search, before the worst is made smaller.",
)
@click.option("--tries", type=click.IntRange(1), help="Search for so many outages instead.")
@click.option(
    "--hurts",
    "measure",
    metavar="MEASURE",
    default="user_minutes_lost",
    show_default=True,
    help="The figure to hurt, such as recovery_time or 'success{population: people}'.",
)
@click.option(
    "--at-once", type=click.IntRange(1, 6), default=2, show_default=True, help="How many faults at most."
)
@click.option("--longest", metavar="TIME", help="How long each lasts at most.")
@click.option("--kinds", metavar="KIND,…", help="What may break, such as region,link; by default anything.")
@seed_option("Seed of the search, and of every run in it.")
@jobs_option
@cache_option
@click.option("--write", metavar="FILE", type=click.Path(dir_okay=False), help="Write it as an experiment.")
@format_option()
def worst(file: str, **given: Any) -> None:
    """Search for the outage that hurts the system of the experiment in FILE most.

    \b
    simulator worst shop-outage.yaml --budget '5 min' --write worst.yaml
    simulator worst shop-outage.yaml --hurts recovery_time --kinds region,link --at-once 1

    Its faults are replaced by drawn ones, within the limits; the worst is made smaller as long as it misses
    the same expectations, or, if it misses none, hurts as much. Exit codes: 0 found, 2 invalid input, 3 a
    defect of the simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        loaded = read(file)
        target = None if given["write"] is None else _target(Path(given["write"]))
        found, experiment = _found(loaded, given)
        if target is not None:
            _write(target, file, found, experiment)
        if given["format_"] == "json":
            printed(say(found.to_json().rstrip("\n")))
            return
        from simulator.report.worst import lines_of

        printed(say("\n".join(lines_of(found, columns()))))
        if target is not None:
            say(f"Written: {target}", err=True)


def _found(loaded: Any, given: dict[str, Any]) -> Any:
    from simulator.cli.progress import counted
    from simulator.explore.worst.searching import Effort, limits_of, worst_outage

    kinds = [one.strip() for one in (given["kinds"] or "").split(",") if one.strip()]
    longest_ns = None if given["longest"] is None else _time_ns("--longest", given["longest"])
    ends_s = monotonic() + _time_ns("--budget", given["budget"]) / 10**9
    limits = limits_of(loaded, kinds, given["at_once"], longest_ns)
    effort = Effort(
        is_over=lambda: monotonic() >= ends_s,
        tries=given["tries"],
        jobs=given["jobs"],
        cache=not given["no_cache"],
    )
    with cleaning_up(), counted("outages") as tell:
        return worst_outage(
            loaded,
            limits,
            effort,
            measure=given["measure"],
            seed=given["seed"],
            tried=lambda count, _hurt: tell(count, max(count, given["tries"] or count)),
        )


def _time_ns(option: str, text: str) -> int:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None


def _target(path: Path) -> Path:
    """Where to write, before anything slow: nothing that is there is replaced."""
    if path.exists():
        fail(f"{path} exists; choose another name, nothing is overwritten")
    if not path.absolute().parent.is_dir():
        fail(f"cannot write to {path}: {path.absolute().parent} is not a directory")
    return path


def _write(target: Path, file: str, found: Any, experiment: Any) -> None:
    from simulator.language.reading.positions import read_document
    from simulator.report.worst import experiment_text

    document = read_document(Path(file).read_text(encoding="utf-8"), file)
    written = {key: value for key, value in document.data.items() if key != "faults"}
    system = Path(file).absolute().parent / str(written["topology"])
    topology = os.path.relpath(system, target.absolute().parent)
    try:
        target.write_text(experiment_text(found, written, Path(topology).as_posix()), encoding="utf-8")
    except OSError as error:
        fail(f"cannot write to {target}: {error.strerror or error}")
