"""Read text that people write; the error for a file that cannot be read is one sentence."""

import os
from pathlib import Path

from dashboards.config import BuildError


def shown(path: Path) -> str:
    """Return the path as a person would type it here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def read(path: Path) -> str:
    """Return a file's text, which is UTF-8; raises BuildError with what is wrong and where."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BuildError(f"{shown(path)} cannot be read: {error.strerror}") from None
    try:
        if b"\0" in data:  # no text in UTF-8 has one, every one in UTF-16 does
            raise UnicodeDecodeError("utf-8", data, data.index(b"\0"), 0, "")
        # Some editors begin UTF-8 with a mark, and some end lines in two characters.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BuildError(
            f"{shown(path)} line {line}: this is not UTF-8; save the file in that encoding"
        ) from None
