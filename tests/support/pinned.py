"""Copies the locked distributions out of this environment: `pip install --target` without a net.

Each is checked against the lock (its version) and against its own RECORD (every file's hash), so
that what lands in the folder is what the package index would have given.
"""

import base64
import hashlib
import re
import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path


def main(lock: Path, target: Path) -> None:
    """Copy every distribution pinned in the lock into the folder."""
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(), re.MULTILINE):
        found = distribution(name)
        if found.version != version:
            sys.exit(f"{name} {found.version} is installed where {version} is locked")
        for file in found.files or []:
            if ".." in file.parts or "__pycache__" in file.parts:
                continue  # scripts, bytecode
            source = Path(str(file.locate()))
            if file.hash is not None:
                digest = hashlib.new(file.hash.mode, source.read_bytes()).digest()
                if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
                    sys.exit(f"{source} is not what {name} {version} brought")
            place = target / file
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, place)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
