"""`simulator why`: the chain of causes that leads to an entry of the event log."""

import re

import click

from simulator.cli.failing import printed, reported_errors
from simulator.cli.options import seed_option, set_option
from simulator.cli.running import read, say_if_much, simulate
from simulator.cli.saying import columns, say
from simulator.errors import UsageError
from simulator.units import parse_duration, shown

_S_NS = 10**9
_DAY_S = 86_400
_CLOCK = re.compile(r"\s*([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?\s*")
_MINUTES = re.compile(r"(?<=[0-9])(\s*)m(?=[\s0-9]|$)")


@click.command()
@click.argument("file", type=click.Path(readable=False))
@click.option(
    "--at",
    metavar="TIME",
    required=True,
    help="A time of the run, such as 41m25s or '41 min 25 s', or of the clock, such as 10:41:25.",
)
@seed_option("Seed of every draw; the same seed gives the same log.")
@set_option
@click.option(
    "--about",
    metavar="TEXT",
    help="Explain the last entry whose target has this text in it; else the last change of answers.",
)
def why(file: str, at: str, seed: int, settings: tuple[str, ...], about: str | None) -> None:
    """Tell why traffic moved: replay the experiment in FILE and print what led to its last change by TIME.

    What is printed is a chain of entries of the event log, each of which follows from the one above it, from
    the fault to the effect.

    \b
    simulator why experiments/milan-goes-dark.yaml --at 15m
    simulator why experiments/milan-goes-dark.yaml --at 31m --set dns.api.aworld.example.ttl=5m

    Exit codes: 0 if there is one, 2 invalid input, or nothing of the kind had
    happened by TIME, 3 a defect of the simulator.
    """
    from simulator.report.why import chain_to, why_lines

    with reported_errors():
        loaded = read(file, settings)
        starts_s = loaded.experiment.time_of_day // _S_NS
        at_ns = _instant_ns(at, starts_s)
        say_if_much(loaded)
        chain = chain_to(simulate(loaded, seed, sampled=False), at_ns, about)
        printed(say("\n".join(why_lines(chain, starts_s, columns()))))


def _instant_ns(text: str, starts_s: int) -> int:
    """A time of the run, in nanoseconds; one of the clock is the first such time since its start."""
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return (hours * 3600 + minutes * 60 + seconds - starts_s) % _DAY_S * _S_NS
    try:
        return parse_duration(_MINUTES.sub(r"\1min", text))
    except ValueError as error:
        raise UsageError(f"--at {shown(text)} is no time: {error}; a time of the clock is 10:41:25") from None
