"""`simulator compare`: designs on the same users, side by side."""

import sys
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import cleaning_up, reported_errors
from simulator.cli.options import SEEDS, cache_option, format_option, jobs_option
from simulator.cli.places import DIRECTORY, check_writable, written
from simulator.cli.saying import say, say_bytes
from simulator.cli.sharing import sharing
from simulator.cli.text import printed_text

_SET = "--set"


class _Compare(click.Command):
    """A command whose `--set` belongs to the design before it, or, before the first, to all."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest, designs = [], list[tuple[str, list[str]]]()
        everywhere, left = list[str](), list(args)
        takes_value = {
            name
            for one in self.params
            if isinstance(one, click.Option) and not one.is_flag
            for name in one.opts
        }
        while left:
            word = left.pop(0)
            name, equals, value = word.partition("=")
            if name == _SET:
                if not equals and not left:
                    raise click.UsageError(f"{_SET} needs PATH=VALUE behind it", ctx)
                (designs[-1][1] if designs else everywhere).append(value if equals else left.pop(0))
            elif word == "--":
                designs += [(one, []) for one in left]
                break
            elif word.startswith("-") and word != "-":
                rest += [word, left.pop(0)] if word in takes_value and left else [word]
            else:
                designs.append((word, []))
        ctx.obj = everywhere, designs
        return super().parse_args(ctx, [*rest, *(["--", *(one for one, _ in designs)] if designs else [])])


@click.command(cls=_Compare)
@click.argument("designs", metavar="DESIGN...", nargs=-1, required=True)
@click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="Set a value in the design named before it; before the first design: in all. With one design alone, "
    "each makes another design of the same file.",
)
@click.option(
    "--seeds",
    type=SEEDS,
    default="10",
    show_default=True,
    metavar="N|A..B",
    help="How many seeds every design is played under, or from which to which.",
)
@jobs_option
@cache_option
@click.option("--cost", is_flag=True, help="Also tell what each costs, by list prices: two more runs each.")
@click.option("--out", type=DIRECTORY, help="Write comparison.json and comparison.png to this directory.")
@format_option("What to print: a summary, or what comparison.json holds.")
@click.option(
    "--fail-on",
    type=click.Choice(["worse", "unclear", "never"]),
    default="never",
    show_default=True,
    help="Exit with 1 if a design is worse than the first in a figure that counts; or if that is unclear.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print every figure that differs, and lists in full.")
@click.pass_context
def compare(ctx: click.Context, /, **given: Any) -> None:
    """Compare designs on the same users, seed by seed. The first DESIGN is what the others are compared with.

    A DESIGN is an experiment's file, or that of a Git revision with its topology of the same revision.

    \b
    simulator compare a.yaml b.yaml --seeds 20
    simulator compare shop.yaml --set 'dns.shop.example.ttl=5 min' --set dns.shop.example.ttl=10s
    simulator compare main:shop.yaml shop.yaml --fail-on worse
    simulator compare shop.yaml shop.yaml --set duration=1h --set users.ireland.sessions=400

    What counts are recovery time, lost user time, detection time, recovery point, lost and missing writes,
    undisturbed sessions, success, and every figure that an expectation names.

    Exit codes: 0 compared, 1 worse (with --fail-on), 2 invalid input, 3 a defect of the simulator.
    """
    with reported_errors(), sharing(given["jobs"]):
        everywhere, named = ctx.obj
        designs = _designs(everywhere, named)
        found = _compared(designs, given)
        files = _write(found, given["out"]) if given["out"] is not None else ""
        if given["format_"] == "json":
            say_bytes(found.to_json().encode())
        else:
            from simulator.report.comparison.terminal import print_comparison

            say(printed_text(lambda console: print_comparison(found, console, verbose=given["verbose"])))
        if files:
            say(files, err=True)
    sys.exit(found.exit_code(given["fail_on"]))


def _designs(everywhere: list[str], named: list[tuple[str, list[str]]]) -> list[tuple[str, Any]]:
    """The designs with their settings: of one file alone, itself and one for each setting."""
    from simulator.language.settings import parse_settings

    shared = parse_settings(everywhere)
    if len(named) == 1:
        [(file, texts)] = named
        return [(file, shared), *((file, (*shared, one)) for one in parse_settings(texts))]
    return [(file, (*shared, *parse_settings(texts))) for file, texts in named]


def _compared(designs: list[tuple[str, Any]], given: dict[str, Any]) -> Any:
    from simulator.cli.progress import counted_runs
    from simulator.explore.comparing.designs import candidates
    from simulator.explore.comparing.whole import compare_candidates

    found = candidates(designs)  # before anything slow: a mistake in a file is told at once
    if given["out"] is not None:
        check_writable(Path(given["out"]))
    seeds = [*given["seeds"]]
    with cleaning_up(), counted_runs(len(found) * len(seeds)) as heard:
        return compare_candidates(
            found,
            seeds=seeds,
            jobs=given["jobs"],
            cache=not given["no_cache"],
            cost=given["cost"],
            heard=heard,
        )


def _write(found: Any, out: str) -> str:
    from simulator.report.comparison.files import write_comparison

    return written(out, lambda: write_comparison(found, out))
