"""Run a command so that it ends with an exit status and, when it fails, one sentence.

No error ends in a traceback, neither a full disk nor a closed pipe. For a fault in this program,
the sentence names the place in the code, so that it can be reported.
"""

import errno
import io
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INTERRUPTED = 130  # as in a shell: 128 + SIGINT


def finish(run: Callable[[], int], explain: Callable[[Exception], str | None]) -> int:
    """Run a command; return its exit status.

    ``explain`` returns the sentence for an error that the caller knows, and None for others.
    """
    _open_streams()
    try:
        try:
            status = run()
        except SystemExit:  # argparse has said what there is to say
            sys.stdout.flush()
            raise
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _discard_output()
        return 0
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        text = explain(error) or _system(error) or _fault(error)
        if isinstance(error, OSError):
            _discard_output()  # it may be what could not be written
        print(text, file=sys.stderr)
        return 1


def _open_streams() -> None:
    """Make standard output and error usable: closed ones, and those of a narrow encoding."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", errors="backslashreplace"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _discard_output() -> None:
    """Discard unprinted output, so that it does not fail again when Python ends."""
    try:
        target = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, target)
    os.close(nowhere)


def _system(error: Exception) -> str | None:
    """Return the operating system's words, with the file that they are about."""
    if not isinstance(error, OSError) or error.errno is None:
        return None
    what = error.strerror or errno.errorcode.get(error.errno, str(error.errno))
    if error.filename is not None:
        return f"{error.filename}: {what}."
    if error.errno == errno.ENOSPC:
        return f"The output cannot be written: {what}."
    return f"The system refuses: {what}."


def _fault(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT)]
    ours = [frame for frame in ours if "site-packages" not in frame.filename] or frames[-1:]
    where = f"{os.path.relpath(ours[-1].filename, ROOT)}:{ours[-1].lineno}"
    return (
        f"This is a fault in the program, please report it: {type(error).__name__} at {where}: "
        f"{error}"
    )
