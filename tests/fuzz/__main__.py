"""`python -m tests.fuzz N SEED` plays N cases from number SEED on, each within a limit of processor time.

They are shipped files that are spoiled; with a third word, `limits`, one system with values at their limits.

The cases run in another process, so that one that kills the interpreter, or never ends, is told like any
other failure. Prints each failure, and every few hundred cases and at the end how many ended in which way;
the exit code is 1 if any failed.
"""

import signal
import subprocess
import sys
import traceback
import warnings
from collections import Counter

SECONDS_OF_CASE = 60
"""Of processor time; nothing that is run is expected to take more than one or two."""
CASES_OF_REPORT = 250
"""After so many cases, how far it has come is told."""


def main(count: int, first: int, kind: str = "spoiled") -> int:
    """Play the cases; 1 if any failed, else 0."""
    endings: Counter[str] = Counter()
    at, end = first, first + count
    while at < end:
        at = _play_from(at, end, kind, endings)
    _tell(endings)
    return int(bool(endings["failed"]))


def _tell(endings: Counter[str]) -> None:
    print(f"{endings.total()} cases:", dict(endings.most_common()), flush=True)


def _play_from(at: int, end: int, kind: str, endings: Counter[str]) -> int:
    """Play cases in another process until it ends; the number of the next case."""
    command = [sys.executable, "-m", "tests.fuzz", "worker", str(at), str(end), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        for line in worker.stdout:
            ending, _, rest = line.rstrip("\n").partition(" ")
            if ending in ("failed", "refused", "read", "ran", "drawn"):
                endings[ending] += 1
                at += 1
                if endings.total() % CASES_OF_REPORT == 0:
                    _tell(endings)
            if ending not in ("refused", "read", "ran", "drawn"):
                print(ending, rest, flush=True)
    if worker.returncode != 0 and at < end:
        endings["failed"] += 1
        print(f"failed case {at}: the process ended with {worker.returncode}", flush=True)
        at += 1
    return at


def work(at: int, end: int, kind: str) -> None:
    """Play cases in this process, a line for each; the system ends it if a case takes too long."""
    from tests.fuzz.cases import play

    warnings.simplefilter("error")
    for number in range(at, end):
        signal.setitimer(signal.ITIMER_PROF, SECONDS_OF_CASE + 300 * (number == at))  # the first compiles
        try:
            ending = play(number, kind)
        except Exception:
            print(traceback.format_exc(limit=-6))
            ending = f"failed case {number}"
        print(ending, flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        work(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
    else:
        sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
