"""`simulator warm-up`: compile ahead."""

import click

from simulator.cli.failing import cleaning_up, fail, reported_errors
from simulator.cli.saying import say


@click.command("warm-up")
def warm_up() -> None:
    """Compile the simulator for this machine now, rather than in the first run.

    The machine code is kept in the user's cache directory, or in the one that the environment variable
    SIMULATOR_CACHE_DIR names. Whoever builds an image, or keeps a cache between runs of a pipeline, says for
    example

    \b
      SIMULATOR_CACHE_DIR=/opt/simulator-cache simulator warm-up

    and sets the same variable where experiments are run. If nothing is missing there, nothing is compiled.
    """
    from simulator.cli.progress import shown
    from simulator.kernels.compiling import compiles
    from simulator.kernels.places import kept_in
    from simulator.pipeline import warm_up as compile_all

    with reported_errors():
        if not compiles():
            fail("nothing is compiled while NUMBA_DISABLE_JIT is set")
        with cleaning_up(), shown():
            compile_all()
        if (place := kept_in()) is None:
            fail("no machine code is kept")
        say(f"The simulator is compiled; its machine code is in {place}.")
