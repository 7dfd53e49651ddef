"""`simulator trace`: one session's story, request by request."""

import click

from simulator.cli.failing import cleaning_up, printed, reported_errors
from simulator.cli.options import format_option, seed_option, set_option
from simulator.cli.running import read, say_if_much
from simulator.cli.saying import columns, say
from simulator.errors import UsageError


@click.command()
@click.argument("file", type=click.Path(readable=False))
@click.option(
    "--session",
    metavar="[POPULATION:]N",
    help="The session to follow, by its number among those of its population, from 0.",
)
@click.option("--worst", is_flag=True, help="Follow the session that was without service for longest.")
@seed_option("Seed of every draw; the same seed gives the same story.")
@set_option
@click.option("--all", "every", is_flag=True, help="Tell each action, also those that were served well.")
@format_option("What to print: a story to read, or one to work with.")
def trace(
    file: str,
    session: str | None,
    worst: bool,
    seed: int,
    settings: tuple[str, ...],
    every: bool,
    format_: str,
) -> None:
    """Tell one session's story: replay the experiment in FILE, and print what that user met.

    \b
    simulator trace experiments/milan-goes-dark.yaml --worst
    simulator trace experiments/milan-goes-dark.yaml --session italy:17

    Faults, and changes of what Route 53 answers, stand between its requests. Exit codes: 0 told, 2 invalid
    input, or no such session, 3 a defect of the simulator.
    """
    from simulator.cli.progress import shown
    from simulator.explore.stories import story_of, worst_session
    from simulator.report.story import story_lines

    with reported_errors():
        if (session is None) != worst:
            raise UsageError("give --session N to follow one session, or --worst to find one")
        asked = None if session is None else _asked(session)
        loaded = read(file, settings)
        say_if_much(loaded)
        length_ns = loaded.experiment.duration + loaded.experiment.warm_up
        if asked is None:
            with cleaning_up(), shown(length_ns) as progress:
                population, number = worst_session(loaded, seed=seed, progress=progress)
            asked = population, number
        with cleaning_up(), shown(length_ns) as progress:
            story = story_of(loaded, asked[1], asked[0], seed=seed, progress=progress)
        if format_ == "json":
            printed(say(story.to_json().rstrip("\n")))
        else:
            printed(say("\n".join(story_lines(story, columns(), every=every))))


def _asked(text: str) -> tuple[str | None, int]:
    """A population, if it is given, and a session's number."""
    population, colon, number = text.rpartition(":")
    if not number.isdecimal() or not number.isascii():
        raise UsageError(f"--session takes a number from 0, or POPULATION:NUMBER, not {text!r}")
    return (population if colon else None), int(number)
