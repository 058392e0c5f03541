"""What a face engine can do; the service depends on this, not on OpenCV."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facematch.local import Model, Seen

Pixels = NDArray[np.uint8]
Embedding = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded photo, upright by its EXIF orientation."""

    pixels: Pixels  # (height, width, 3), RGB, long side at most 2400
    source_width: int  # as stored in the file
    source_height: int
    format: str  # "jpeg", "png", "webp" or "bmp"
    notes: tuple[str, ...]  # what decoding had to do: exif_turned, alpha, grey, sixteen_bit, cmyk, palette, reduced
    decode_ms: float


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What was seen on a picture, and the chosen face's embedding; None when ``seen.refused``."""

    seen: Seen
    embedding: Embedding | None  # (128,), unit length


@dataclass(frozen=True, slots=True)
class Comparison:
    """How alike two faces are."""

    cosine: float  # in [-1, 1]
    score: int  # 0 to 100


class Engine(Protocol):
    """Safe to use from several threads at once."""

    @property
    def name(self) -> str:
        """Networks, digests and runtime in one short text; goes into every log record."""
        ...

    @property
    def mapping(self) -> str:
        """The version of the function from cosine to score."""
        ...

    @property
    def models(self) -> tuple[Model, ...]: ...

    def warm_up(self) -> None:
        """Load the networks and run each once.

        Raises:
            WeightsMissing: A file is not where it should be.
            WeightsWrong: A file's SHA-256 is not the pinned one.
        """
        ...

    def decode(self, data: bytes) -> Picture:
        """Decode the bytes of a photo under guards.

        Raises:
            PictureRefused: 2101 (no picture, broken, unknown format) or 2102 (too many or too few pixels).
        """
        ...

    def look(self, picture: Picture) -> Look:
        """Find the face, judge it, and compute its embedding unless it is refused."""
        ...

    def compare(self, reference: Look, probe: Look) -> Comparison:
        """Compare two looks that were not refused."""
        ...
