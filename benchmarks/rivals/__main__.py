"""Race the simulator against others: `python -m benchmarks.rivals [--only W1] [--rounds N] [--keep]`.

The same questions, in rounds by turns, in processes of their own, each rival in an environment that is made
once, with pinned versions, in the user's cache. `--keep` adds the figures to the history and fills the tables
of docs/performance.md.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.measuring import Figure
from benchmarks.records import keep, machine
from benchmarks.rivals import racing
from benchmarks.rivals.environments import UnavailableError
from benchmarks.rivals.racing import FailedError, WrongAnswerError
from benchmarks.rivals.workloads import WORKLOADS

Race = Callable[[bool, int], Figure]


def races() -> Iterator[tuple[str, Race]]:
    """All that is raced, each with the workload to which it belongs."""
    for workload in WORKLOADS:
        for rival in workload.rivals:
            yield workload.key, partial(racing.race, workload, rival)
    yield "W3", racing.whole_with_files
    yield "W4", racing.replications


def raced(only: str | None, quick: bool, rounds: int) -> Iterator[Figure | None]:
    """Every figure; None for one that went wrong. Who cannot be asked here is left out, and named."""
    for key, race in races():
        if only not in (None, key):
            continue
        try:
            yield race(quick, rounds)
        except UnavailableError as error:
            print(f"left out of {key}: {error}", file=sys.stderr, flush=True)
        except (FailedError, WrongAnswerError) as error:
            print(f"WRONG {error}", file=sys.stderr, flush=True)
            yield None


def main() -> None:
    """Print each figure as it comes; exit 1 if one misses its aim or went wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument("--only", choices=["W1", "W2", "W3", "W4"], help="one of the workloads")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round; a look, and never kept")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of each; default 3")
    parser.add_argument("--keep", action="store_true", help="add the figures to benchmarks/history")
    options = parser.parse_args()
    if options.quick and options.keep:
        parser.error("--quick is a look: its figures are not kept")
    facts, all_kept = machine(), True
    for figure in raced(options.only, options.quick, 1 if options.quick else options.rounds):
        all_kept &= figure is not None and figure.kept
        if figure is not None:
            tell(figure)
            if options.keep:
                keep(facts, [figure])
    sys.exit(0 if all_kept else 1)


def tell(figure: Figure) -> None:
    """Print a line of a figure."""
    mark = "ok  " if figure.kept else "MISS"
    print(f"{mark} {figure.what}: {figure.measured} ({figure.budget})", flush=True)
    if "mib" in figure.values:
        print(f"     {racing.details(figure.values)}", flush=True)


if __name__ == "__main__":
    main()
