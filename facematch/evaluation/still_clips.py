"""Clips made of one still, as when a photo is held to the camera.

Around the photo its outermost pixels go on, so that the face is whole in the picture and no edge of the photo is seen.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from facematch.errors import PairsInvalid
from facematch.evaluation.avi import avi

RATE = 25
SECONDS = 3
SHORT_SIDE_PX = 480
SURROUNDINGS = 0.3  # of the photo's side, at each of its sides
HIDDEN = 0.06  # of that picture at each side, so that waving never shows where it ends
QUALITIES = 85, 70, 55, 40  # the first that the service's size limit takes
LARGEST_BYTES = 6_000_000  # 8 MiB as base64
NOISE_LEVELS = 1.5  # a camera's, standard deviation
Pixels = NDArray[np.uint8]


def read_still(path: Path) -> Image.Image:
    """The photo upright, in RGB.

    Raises:
        PairsInvalid: It cannot be decoded.
    """
    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image).convert("RGB")
    except OSError as error:
        raise PairsInvalid("a still of the list cannot be decoded") from error


def still_clip(image: Image.Image) -> bytes:
    """Every frame is the very same picture."""
    surrounded = _surrounded(image)
    size = _size(surrounded)
    return _film([surrounded.resize(size, Image.Resampling.LANCZOS)], RATE * SECONDS)


def waved_clip(image: Image.Image, seed: int, *, aliased: bool = False) -> bytes:
    """The photo in a hand: it drifts, turns, tilts and comes nearer, under a camera's noise.

    Args:
        image: Upright, RGB.
        seed: The same one gives the same clip.
        aliased: Fine detail flickers as it moves, as in a camera without a low-pass filter before its sensor.
    """
    rng = np.random.default_rng(seed)
    surrounded = _surrounded(image)
    size = _size(surrounded)
    frames = []
    if not aliased:
        width, height = (round(side / (1 - 2 * HIDDEN)) for side in size)
        surrounded = surrounded.resize((width, height), Image.Resampling.LANCZOS)
    for moved in _moved(surrounded, size, rng):
        noisy = np.asarray(moved, np.float32) + rng.normal(0, NOISE_LEVELS, (size[1], size[0], 3))
        frames.append(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    return _film(frames, 1)


def jpeg(image: Image.Image, quality: int = QUALITIES[0]) -> bytes:
    """As a camera that writes MJPEG stores it."""
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _film(frames: Sequence[Image.Image], times: int) -> bytes:
    """The frames, each so many times, as well as the size limit lets them be stored."""
    for quality in QUALITIES:
        film = avi([jpeg(frame, quality) for frame in frames] * times, frames[0].size, RATE)
        if len(film) <= LARGEST_BYTES:
            break
    return film


def _surrounded(image: Image.Image) -> Image.Image:
    across, down = (round(SURROUNDINGS * side) for side in image.size)
    return Image.fromarray(np.pad(np.asarray(image), ((down, down), (across, across), (0, 0)), mode="edge"))


def _size(image: Image.Image) -> tuple[int, int]:
    """Even sides, the short one at `SHORT_SIDE_PX`."""
    scale = SHORT_SIDE_PX / min(image.size)
    return 2 * round(image.width * scale / 2), 2 * round(image.height * scale / 2)


def _moved(image: Image.Image, size: tuple[int, int], rng: np.random.Generator) -> Iterator[Image.Image]:
    """For each frame the photo under another homography; the amplitudes stay inside the hidden margin."""
    seconds = np.arange(RATE * SECONDS) / RATE
    waves = [_wander(seconds, rng) for _ in range(6)]
    amplitudes = (0.025, 0.025, 0.02, 0.02, 0.02, 0.02)  # x, y, turn, nearness, tilt, swing; of the side, or radians
    for dx, dy, turn, near, tilt, swing in np.transpose(waves) * amplitudes:
        matrix = _homography((dx, dy), turn, (1 - 2 * HIDDEN) * (1 + near), (tilt, swing))
        yield image.transform(
            size, Image.Transform.PERSPECTIVE, _in_pixels(matrix, size, image.size), Image.Resampling.BICUBIC
        )


def _wander(seconds: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth way in [-1, 1] that does not come back to itself."""
    ways = [np.sin(2 * np.pi * (hertz * seconds + rng.random())) for hertz in rng.uniform(0.2, 1.1, 3)]
    return np.asarray(np.mean(ways, axis=0))


def _homography(
    shift: tuple[float, float], turn: float, scale: float, tilt: tuple[float, float]
) -> NDArray[np.float64]:
    """From the frame to the photo, both with their centre at 0 and sides of 1."""
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    return np.array([[cos, -sin, shift[0]], [sin, cos, shift[1]], [tilt[0], tilt[1], 1.0]])


def _in_pixels(matrix: NDArray[np.float64], frame: tuple[int, int], photo: tuple[int, int]) -> tuple[float, ...]:
    """The eight numbers that Pillow takes."""
    to_unit = np.array([[1 / frame[0], 0, -0.5], [0, 1 / frame[1], -0.5], [0, 0, 1.0]])
    to_photo = np.array([[photo[0], 0, photo[0] / 2], [0, photo[1], photo[1] / 2], [0, 0, 1.0]])
    whole = to_photo @ matrix @ to_unit
    return tuple((whole / whole[2, 2]).flatten()[:8])
