"""Pictures drawn by a process beside this one, which makes itself ready while the run is played.

What draws takes as long to import as a small run takes in all. Where there is a second core, another process
imports it meanwhile, is given the result when there is one, and draws while this one writes the other files.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from simulator.report.placing import png_of, quiet_drawing
from simulator.result.whole import Result

_SERVE = "import sys; from simulator.report.drawing import serve; serve(int(sys.argv[1]))"


class Drawer:
    """A process that draws the pictures of one result; none where that would save nothing.

    Use as a context: when it is left, the process ends. It draws on so many cores, of two or more.
    """

    def __init__(self, cores: int) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        if "matplotlib" in sys.modules or cores < 2 or not sys.executable:
            return
        paths = os.pathsep.join(path for path in sys.path if path)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _SERVE, str(cores)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": paths},
            )
        except OSError:  # no room for it
            return

    def __enter__(self) -> "Drawer":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):  # what is left in it reaches nobody
                        pipe.close()

    def begin(self, result: Result) -> None:
        """Give it the result; it draws while others do something else."""
        if self._process is not None:
            assert self._process.stdin is not None
            try:
                pickle.dump(result, self._process.stdin, pickle.HIGHEST_PROTOCOL)
                self._process.stdin.close()
            except (OSError, pickle.PicklingError):
                self._process.kill()

    def pictures(self) -> Mapping[str, bytes] | None:
        """Its pictures, by the names of their files; None if there is no such process, or it has failed."""
        if self._process is None:
            return None
        assert self._process.stdout is not None
        try:
            found: dict[str, bytes] = pickle.load(self._process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            return None
        return found


def drawn_pictures(result: Result) -> dict[str, bytes]:
    """The pictures that a result has something for, as the bytes of their files, by name."""
    with quiet_drawing():
        from simulator.report.pictures.album import pictures_of  # with matplotlib, which is slow to import

        return {name: png_of(draw(result)) for name, draw in pictures_of(result).items()}


def serve(cores: int) -> None:
    """Make ready, wait for a result, draw it, and end; or end when nobody will send any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches this process, too: the other ends it
    gc.disable()  # what is made here lasts as long as the process
    sys.modules["mpl_toolkits.mplot3d"] = None  # type: ignore[assignment]  # matplotlib does without it
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what anybody prints is no picture
    from simulator.report.pictures.album import make_ready  # ahead of the result

    make_ready()
    try:
        result: Any = pickle.load(sys.stdin.buffer)
    except EOFError:
        return
    found = _drawn_side_by_side(result, cores) if sys.platform == "linux" else drawn_pictures(result)
    pickle.dump(found, output)
    output.flush()


def _drawn_side_by_side(result: Result, cores: int) -> dict[str, bytes]:
    """The pictures, drawn by a process on each core: each takes the next when it has done one.

    They are this one and copies of it, which are ready at once. Elsewhere than on Linux a process may not be
    copied so, or not safely.
    """
    from simulator.report.pictures.album import pictures_of

    draws = pictures_of(result)
    names = [*draws]
    todo, put = os.pipe()
    os.write(put, bytes(range(len(names)))[::-1])  # the last may have most panels
    os.close(put)

    def share() -> dict[str, bytes]:
        found = {}
        with quiet_drawing():
            while number := os.read(todo, 1):
                name = names[number[0]]
                found[name] = png_of(draws[name](result))
        return found

    copies = [_copied(share) for _ in range(min(cores, len(names)) - 1)]
    found = share()
    for theirs in copies:
        found |= theirs()
    return {name: found[name] for name in names}


def _copied(work: Callable[[], Any]) -> Callable[[], Any]:
    """Let a copy of this process do something; what waits for it, and gives what came out."""
    source, sink = os.pipe()
    copy = os.fork()
    if not copy:
        try:
            with os.fdopen(sink, "wb") as stream:
                pickle.dump(work(), stream)
        finally:
            os._exit(0)
    os.close(sink)

    def wait() -> Any:
        with os.fdopen(source, "rb") as stream:
            found = pickle.load(stream)
        os.waitpid(copy, 0)
        return found

    return wait
