"""Tasks as bytes for other processes: what is large lies in a file, of which each reads what it needs."""

import io
import os
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_SMALL = 2**15
"""Bytes that a pipe takes up without waiting for somebody who reads."""


class Packed(Generic[T]):
    """A value of a task that may be large: another process reads it where somebody asks for it, once.

    Of several tasks that have the same `Packed`, its bytes are made and written once.
    """

    def __init__(self, value: T, called: str = "") -> None:
        self._value, self.called = value, called

    @property
    def value(self) -> T:
        """The value."""
        return self._value

    def __reduce__(self) -> Any:
        return Packed, (self.value, self.called)


class _Elsewhere(Packed[Any]):
    """A value whose bytes lie in a file, or are here; made of them at first use."""

    def __init__(self, path: str, place: tuple[int, int] | bytes) -> None:
        self._path, self._place = path, place

    @property
    def value(self) -> Any:
        """The value."""
        if not hasattr(self, "_value"):
            self._value = pickle.loads(self._bytes())
        return self._value

    def _bytes(self) -> bytes:
        if isinstance(self._place, bytes):
            return self._place
        with open(self._path, "rb") as file:
            file.seek(self._place[0])
            return file.read(self._place[1])


class _Packer(pickle.Pickler):
    """Leaves out what is packed, and lists it."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.left_out: dict[int, tuple[int, Packed[Any]]] = {}

    def persistent_id(self, thing: object) -> int | None:
        """The number of what is packed; None of anything else."""
        if not isinstance(thing, Packed):
            return None
        return self.left_out.setdefault(id(thing), (len(self.left_out), thing))[0]


class _Unpacker(pickle.Unpickler):
    """Puts in what was left out."""

    def __init__(self, body: bytes, path: str, places: list[Any]) -> None:
        super().__init__(io.BytesIO(body))
        self._packed = [_Elsewhere(path, place) for place in places]

    def persistent_load(self, number: int) -> Packed[Any]:
        """What has a number."""
        return self._packed[number]


class Parcel:
    """Something as a short message, and the file that it tells of if it is large. Use as a context.

    Raises OSError if the file cannot be written, and what pickling raises.
    """

    def __init__(self, thing: object) -> None:
        file = io.BytesIO()
        packer = _Packer(file)
        packer.dump(thing)
        self._path: Path | None = None
        blobs = [pickle.dumps(one.value, pickle.HIGHEST_PROTOCOL) for _, one in packer.left_out.values()]
        self.message = pickle.dumps(("", 0, (file.getvalue(), blobs)))
        if len(self.message) > _SMALL:
            self._write(file.getvalue(), blobs)

    def _write(self, body: bytes, blobs: list[bytes]) -> None:
        import tempfile  # which a command that has started processes need not wait for

        handle, name = tempfile.mkstemp(prefix="simulator-", suffix=".tasks")
        self._path = Path(name)
        places, at = [], 0
        try:
            with os.fdopen(handle, "wb") as file:
                for blob in blobs:
                    places.append((at, len(blob)))
                    at += file.write(blob)
                pickle.dump((body, places), file)
        except BaseException:
            self.__exit__()
            raise
        self.message = pickle.dumps((name, at, None))

    def __enter__(self) -> "Parcel":
        return self

    def __exit__(self, *_: object) -> None:
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()


def unpack(message: bytes) -> Any:
    """What a message is of."""
    path, at, here = pickle.loads(message)
    if here is None:
        with open(path, "rb") as file:
            file.seek(at)
            here = pickle.load(file)
    body, places = here
    return _Unpacker(body, path, places).load()
