"""The photos and clips of the cases, by name: made of the portraits that ship, each once and only when it is sent."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from facematch.samples import photo

from . import media_clips

COVER = (0.41, 0.253, 0.675, 0.36)  # of obama_1's width and height: a sheet of paper over the mouth


def media(name: str) -> bytes:
    """The file of a photo or a clip; a name with a dot is a file that ships."""
    return photo(name) if "." in name else _made(name)


@cache
def _made(name: str) -> bytes:
    return _PHOTOS[name]() if name in _PHOTOS else media_clips.CLIPS[name]()


def _portrait(name: str = "obama_1.jpg", height: int = 800) -> Image.Image:
    image = Image.open(BytesIO(photo(name))).convert("RGB")
    return image.resize((round(image.width * height / image.height), height), Image.Resampling.LANCZOS)


def _saved(image: Image.Image, kind: str = "png") -> bytes:
    buffer = BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def _covered() -> bytes:
    image = _portrait()
    left, top, right, bottom = COVER
    box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
    ImageDraw.Draw(image).rectangle(box, fill=(200, 205, 210))
    return _saved(image)


def _bright() -> bytes:
    return _saved(_portrait().point(lambda level: min(255, level * 3)))


def _cut() -> bytes:
    """Half of the face is outside the picture."""
    image = _portrait()
    return _saved(image.crop((image.width // 2, 0, image.width, image.height)))


def _small_face() -> bytes:
    canvas = Image.new("RGB", (600, 600), (120, 120, 120))
    canvas.paste(_portrait(height=150), (200, 200))
    return _saved(canvas)


def _large() -> bytes:
    """More than 4000 pixels wide, and only a few kilobytes."""
    return _saved(Image.new("RGB", (4100, 100)))


def _heavy() -> bytes:
    """More than three mebibytes of base64."""
    noise = np.random.default_rng(1).integers(0, 256, (900, 900, 3), np.uint8)
    return _saved(Image.fromarray(noise))


def _broken() -> bytes:
    whole = photo("obama_1.jpg")
    return whole[: len(whole) // 3]


_PHOTOS: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"neither a photo nor a video, only a text\n" * 8,
    "covered": _covered,
    "bright": _bright,
    "half_a_face": _cut,
    "small_face": _small_face,
    "upside_down": lambda: _saved(_portrait().rotate(180)),
    "large": _large,
    "heavy": _heavy,
    "narrow": lambda: _saved(_portrait(height=60)),
    "half_a_file": _broken,
    "webp": lambda: _saved(_portrait(height=400), "webp"),
    "gif": lambda: _saved(_portrait(height=400).quantize(), "gif"),
    "png": lambda: _saved(_portrait("obama_2.jpg"), "png"),
}
