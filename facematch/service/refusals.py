"""What the engine and the folder of files say no with, as refusals of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from facematch import codes
from facematch.errors import MediaRefused, RequestRefused, SpeechUnavailable, WeightsMissing, WeightsWrong
from facematch.local import Side
from facematch.service.files import FileRefused

PROBE: Final = "faceData"
_FILES = {"size": codes.BAD_SIZE, "count": codes.RATE, "disk": codes.INTERNAL}


@contextmanager
def blamed_on(side: Side) -> Iterator[None]:
    """The engine's no to some bytes names their side."""
    try:
        yield
    except MediaRefused as error:
        raise RequestRefused(error.errcode, error.detail, side=side) from error


@contextmanager
def engine_told(errcode: int) -> Iterator[None]:
    """What the installation lacks becomes *errcode*; it is never taken for a verdict."""
    try:
        yield
    except SpeechUnavailable as error:
        raise RequestRefused(codes.LIVENESS_NOT_RUN, str(error), side=PROBE) from error
    except (WeightsMissing, WeightsWrong) as error:
        raise RequestRefused(errcode, str(error)) from error


@contextmanager
def file_told() -> Iterator[None]:
    """A path that is none is a bad value; a full folder is a limit."""
    try:
        yield
    except FileRefused as error:
        raise RequestRefused(_FILES.get(error.kind, codes.BAD_VALUE), error.reason) from error
