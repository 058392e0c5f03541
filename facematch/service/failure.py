"""How an error that nobody expected is logged: where it came from, not its text, which may be personal."""

import traceback
from pathlib import Path

from facematch.errors import StateUnavailable

FRAMES = 4


def told_shortly(error: BaseException) -> str:
    """Its kind and the innermost places: ``RuntimeError at flow.py:71 pipeline.py:120``.

    Of `StateUnavailable` its text too: it is ours, says why the database is away, and repeats nothing of a request.
    """
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    why = f": {error}" if isinstance(error, StateUnavailable) else ""
    return f"{type(error).__name__} at {places}{why}"
