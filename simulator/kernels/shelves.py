"""Files of one kind in the user's cache, beside the machine code: what took long, and may be needed again.

A file begins with a digest of the rest. What is damaged, or cannot be read or written, is as if it had never
been kept. Of each kind so much is kept; what was used longest ago goes first.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from simulator.kernels.places import places, writable

_HEAD = b"simulator kept 1\n"
_DIGEST_BYTES = 32


@dataclass(frozen=True)
class Shelf:
    """The files of a kind."""

    suffix: str
    """How their names end: `.history`."""
    kept_bytes: int
    """How much of them is kept, once somebody prunes."""

    def read(self, key: str) -> bytes | None:
        """What was kept under a key; None if nothing was, or if it is damaged."""
        for place in places():
            path = place / (key + self.suffix)
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if (body := _body(content)) is None:
                continue
            with suppress(OSError):
                os.utime(path)  # used now
            return body
        return None

    def keep(self, key: str, body: bytes) -> bool:
        """Keep something under a key, and tell whether that could be done.

        Whoever reads meanwhile sees all of it or nothing.
        """
        place, _ = writable()
        if place is None:
            return False
        unfinished = place / f"{key}.{uuid4().hex}.unfinished"
        try:
            unfinished.write_bytes(_HEAD + hashlib.sha256(body).digest() + body)
            unfinished.replace(place / (key + self.suffix))
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return False
        return True

    def prune(self) -> None:
        """Remove what was used longest ago, of more than is kept."""
        place, _ = writable()
        left = self.kept_bytes
        for size, path in [] if place is None else self._by_last_use(place):
            left -= size
            if left < 0:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _by_last_use(self, place: Path) -> list[tuple[int, Path]]:
        """The size of each file, the last used first; another process may take one away meanwhile."""
        found = []
        for path in place.glob(f"*{self.suffix}"):
            with suppress(OSError):
                about = path.stat()
                found.append((about.st_mtime, about.st_size, path))
        return [(size, path) for _, size, path in sorted(found, reverse=True)]


def _body(content: bytes) -> bytes | None:
    """What was written, if it still is that."""
    begin = len(_HEAD) + _DIGEST_BYTES
    body = content[begin:]
    return body if content[:begin] == _HEAD + hashlib.sha256(body).digest() else None
