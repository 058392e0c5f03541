"""What both contract tests read: the golden files, and JSON of any kind."""

from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from facematch.errors import FaceMatchError

GOLDEN = Path(__file__).parent / "golden"
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def outcome(read: Callable[..., object], *arguments: object) -> object:
    """What *read* returns, or the error of ours that it raises; any other error is a failure."""
    try:
        return read(*arguments)
    except FaceMatchError as error:
        return error
