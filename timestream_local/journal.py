"""The write journal: requests that were acknowledged but are not yet in DuckDB.

An entry is the raw body of a WriteRecords request and the time it came. The operating system has it
before the request is answered, so killing the process loses nothing acknowledged. It is forced to
the disk once a second, so a power cut loses a second at most.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

_HEAD = struct.Struct("<IIq")  # body length, checksum, time of arrival in nanoseconds
_ROTATE_BYTES = 64 << 20


class Journal:
    """Numbered files of entries; a place in the journal is (file number, offset)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        numbers = [int(path.stem) for path in folder.glob("*.journal")]
        self._number = max(numbers, default=0) + 1
        self._file = self._open()
        self._offset = 0

    def _open(self) -> int:
        return os.open(
            self._folder / f"{self._number:012}.journal",
            os.O_WRONLY | os.O_CREAT | os.O_APPEND,
            0o644,
        )

    @property
    def place(self) -> tuple[int, int]:
        """Where the next entry will go."""
        return self._number, self._offset

    def append(self, body: bytes, now: int) -> None:
        """Add an entry; when this returns, the operating system has it."""
        data = _HEAD.pack(len(body), zlib.crc32(body), now) + body
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        self._offset += len(data)
        if self._offset > _ROTATE_BYTES:
            os.close(self._file)
            self._number += 1
            self._offset = 0
            self._file = self._open()

    def sync(self) -> None:
        """Force all entries to the disk."""
        os.fdatasync(self._file)

    def forget(self, place: tuple[int, int]) -> None:
        """Remove the files that lie wholly before a place."""
        for path in self._folder.glob("*.journal"):
            if int(path.stem) < place[0]:
                path.unlink(missing_ok=True)

    def since(self, place: tuple[int, int]) -> Iterator[tuple[bytes, int]]:
        """Yield (body, time) of the entries from a place on, up to a torn one, if any."""
        for path in sorted(self._folder.glob("*.journal")):
            number = int(path.stem)
            if number < place[0]:
                continue
            data = path.read_bytes()
            at = place[1] if number == place[0] else 0
            while at + _HEAD.size <= len(data):
                size, checksum, now = _HEAD.unpack_from(data, at)
                body = data[at + _HEAD.size : at + _HEAD.size + size]
                if len(body) < size or zlib.crc32(body) != checksum:
                    break
                yield body, now
                at += _HEAD.size + size

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
