"""Printing that cannot fail: whatever the encoding, whether or not anybody reads, and on a full disk.

What is printed is told after it is on disk, and never decides the exit code of a run.
"""

import os
import shutil
import sys
from contextlib import suppress
from typing import IO

_SUBSTITUTES = str.maketrans("✓✗→–…×█─━│╭╮╰╯╸╺·", "+x>-~x#--|++++---")
"""Characters of one column for those that many encodings lack."""

_COLUMNS = 120
_COLUMNS_LEAST = 24


def columns() -> int:
    """How wide a line may be: as the terminal or COLUMNS says, else 120; never too narrow for a figure."""
    return max(shutil.get_terminal_size((_COLUMNS, 24)).columns, _COLUMNS_LEAST)


def say(text: str, *, err: bool = False) -> bool:
    """Print lines to standard output, or error; False if they could not be printed, which is then said."""
    stream = sys.stderr if err else sys.stdout
    return stream is None or _printed(stream, encodable(text, stream.encoding or "utf-8") + "\n")


def say_bytes(data: bytes) -> bool:
    """Print the very bytes to standard output; False if they could not be printed, which is then said."""
    return sys.stdout is None or _printed(sys.stdout, data)


def encodable(text: str, encoding: str) -> str:
    """The text in an encoding's characters: others have substitutes, or are shown as escapes."""
    if _can_encode(text, encoding):
        return text
    return "".join(one if _can_encode(one, encoding) else _substitute(one, encoding) for one in text)


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _substitute(character: str, encoding: str) -> str:
    simple = character.translate(_SUBSTITUTES)
    return simple.encode(encoding, "backslashreplace").decode(encoding)


def _printed(stream: IO[str], data: str | bytes) -> bool:
    try:
        if isinstance(data, str):
            stream.write(data)
        else:
            stream.buffer.write(data)  # type: ignore[attr-defined]
        stream.flush()
    except BrokenPipeError:  # the reader has seen enough
        hush(stream)
    except (OSError, ValueError) as error:  # a full disk; a stream that was closed
        hush(stream)
        if stream is not sys.stderr:
            reason = getattr(error, "strerror", None) or error
            say(f"cannot print to standard output: {reason}", err=True)
        return False
    return True


def hush(stream: IO[str]) -> None:
    """Let what is left in the buffer go nowhere, or Python would fail on it when it ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
