"""The processes beside this one that share its work: how many there are, and the counter that they have."""

from multiprocessing import get_context

from simulator.explore.beside import Claims, Helper, Prepare
from simulator.explore.copying import can_be_copied


def warn(text: str, *what: object) -> None:
    """Tell the log, which Python shows on standard error unless told otherwise."""
    import logging  # rarely needed, and a command waits for this module before it starts its processes

    logging.getLogger("simulator.explore").warning(text, *what)


class Team:
    """The other processes, which start when they are needed and stay warm for all that follows.

    Each begins with `prepare`; or it is a copy of this process, which begins at once, as warm as this one is,
    if there is something that copies do first (`in_copy`), and where that is sound.
    """

    def __init__(self, most: int, prepare: Prepare | None = None, in_copy: Prepare | None = None) -> None:
        self.most = most
        """As many as there can be."""
        self.helpers: list[Helper] = []
        self.claims: Claims | None = None
        self.rounds = 0
        self._prepare, self._in_copy = prepare, in_copy

    def start(self, wanted: int) -> None:
        """Let there be so many of them, at most."""
        wanted = min(wanted, self.most)
        if len(self.helpers) >= wanted:
            return
        make = self._copied if self.makes_copies() else self._new
        try:
            while len(self.helpers) < wanted:
                self.helpers.append(make())
        except (ImportError, OSError) as error:  # no room for them, or a system without shared locks
            warn("cannot start more processes (%s); %d do the work", error, len(self.helpers) + 1)
            self.most = len(self.helpers)

    def makes_copies(self) -> bool:
        """Whether those who start now are copies of this process."""
        if self._in_copy is None or can_be_copied():
            return self._in_copy is not None
        self.end()  # copies and others have no counter in common
        self._in_copy = None
        return False

    def _copied(self) -> Helper:
        context = get_context("fork")
        self.claims = self.claims or Claims(context)
        lines = [helper.line for helper in self.helpers]
        return Helper(context, self.claims, self._in_copy, copy_with=lines)

    def _new(self) -> Helper:
        context = get_context("spawn")
        self.claims = self.claims or Claims(context)
        return Helper(context, self.claims, self._prepare)

    def end(self) -> None:
        """End them all at once; more can be started."""
        for helper in self.helpers:
            helper.end()
        self.helpers, self.claims = [], None
