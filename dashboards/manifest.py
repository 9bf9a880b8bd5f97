"""What was generated, so that only that is deleted, and what people wrote is never lost.

A folder of generated files holds the list of them, `manifest.sha256`: a line for each, with the
hash of its text, as `sha256sum --check` reads it. A file that is no longer made is deleted when it
is on the list and still has that hash. Any other file is somebody's: one in the way is kept
beside, under another name; one that is no longer made stays.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from dashboards.text import shown

NAME = "manifest.sha256"
KEPT = ".edited"  # behind the name of a file that was in the way; Grafana reads no such file

# The folders of provisioning/ that hold generated files.
ROOMS = ("alerting", "dashboards", "datasources")
# Other lines are passed over: those of a merge that was never finished, for one.
_LINE = re.compile(r"^([0-9a-f]{64})  (\S.*)$", re.MULTILINE)


def listed(files: Mapping[str, str]) -> str:
    """Return the list of generated files {path below the folder: text}."""
    return "".join(f"{_hash(text.encode())}  {path}\n" for path, text in sorted(files.items()))


def read(root: Path) -> dict[str, set[str]]:
    """Return the hashes that the generated files below `root` had when they were made, by path.

    None when there is no list: what is there was made before there was one, or by somebody else.
    """
    try:
        text = (root / NAME).read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    found: dict[str, set[str]] = {}
    for digest, path in _LINE.findall(text):
        parts = PurePosixPath(path).parts
        if parts[0] in ROOMS and ".." not in parts:
            found.setdefault(path, set()).add(digest)
    return found


def leftovers(root: Path, files: Mapping[str, str]) -> list[str]:
    """Return the files that were made once, are as they were made, and are made no more."""
    return [path for path, ours in _no_longer_made(root, files) if ours]


def drift(root: Path, files: Mapping[str, str]) -> list[str]:
    """Say, a line each, where the files below `root` differ from what the code makes."""
    found = []
    for path, text in ({**files, NAME: listed(files)}).items():
        there = _bytes(root / path)
        if there is None:
            found.append(f"missing: {root.name}/{path}")
        elif there != text.encode():
            found.append(f"differs: {root.name}/{path}")
    return found + [f"no longer made: {root.name}/{path}" for path in leftovers(root, files)]


def write(root: Path, files: Mapping[str, str]) -> tuple[int, list[str]]:
    """Make the files below `root` be these; return how many changed, and what else was done.

    Raises OSError where the file system refuses; a second run then finishes what was begun.
    """
    notes = []
    made = read(root)
    # First, for a file system that does not tell Title from title.
    for path, ours in _no_longer_made(root, files):
        if ours:
            (root / path).unlink()
            _prune(root, (root / path).parent)
            notes.append(f"deleted {shown(root / path)}")
        else:
            notes.append(f"kept {shown(root / path)}, which is no longer made: it was edited")
    changed = 0
    for path, text in files.items():
        there = _bytes(root / path)
        if there == text.encode():
            continue
        if there is not None and _hash(there) not in made.get(path, ()):
            kept = _keep(root / path)
            notes.append(
                f"{shown(root / path)} was not as it was made; what it held is now in {kept.name}"
            )
        put(root / path, text)
        changed += 1
    if _bytes(root / NAME) != (text := listed(files)).encode():
        put(root / NAME, text)
    return changed, notes


def _no_longer_made(root: Path, files: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield each file that is on the list and made no more, and whether it is as it was made."""
    for path, hashes in sorted(read(root).items()):
        if path not in files and (root / path).is_file():
            yield path, _hash(_bytes(root / path) or b"") in hashes


def _bytes(path: Path) -> bytes | None:
    """Return a file's content with one kind of line ends; None when there is no file."""
    try:
        return path.read_bytes().replace(b"\r\n", b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(path: Path) -> Path:
    """Put a file out of the way, under a name that is free."""
    number = 1
    while (kept := path.with_name(f"{path.name}{KEPT}{number if number > 1 else ''}")).exists():
        number += 1
    return path.rename(kept)


def put(path: Path, text: str) -> None:
    """Write a file in one step: a Grafana that looks meanwhile never sees a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_bytes(text.encode())
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def _prune(root: Path, folder: Path) -> None:
    """Delete folders that a deleted file leaves empty."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
