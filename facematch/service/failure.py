"""How an error that nobody expected is logged: where it came from, never its text, which may be personal."""

import traceback
from pathlib import Path

FRAMES = 4


def told_shortly(error: BaseException) -> str:
    """Its kind and the innermost places: ``RuntimeError at flow.py:71 pipeline.py:120``."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    places = " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return f"{type(error).__name__} at {places}"
