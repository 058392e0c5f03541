"""Bytes of a photo to upright RGB pixels, under guards. Pillow and numpy only."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from PIL import Image, ImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from facematch.engine.api import Picture, Pixels
from facematch.engine.formats import UNKNOWN, format_of
from facematch.errors import PictureRefused
from facematch.limits import Limits

NO_PICTURE = 2101
WRONG_SIZE = 2102
KEPT_PX = 2400  # long side; up to here reducing costs more time than it saves
REDUCED = 2 / 3  # of that, to 1600, is what a longer side is reduced to: more adds nothing to a face of 112 x 112

# Opened directly, not by Image.open: that one warns through the process-wide warning filters, which are not safe to
# change in a thread, before we can look at the size. These read the header only.
_OPENERS: dict[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    "jpeg": JpegImageFile,
    "png": PngImageFile,
    "webp": WebPImageFile,
    "bmp": BmpImageFile,
}
_EXIF_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PNG_BIT_DEPTH_AT = 24  # offset in the file: signature, chunk length, "IHDR", width, height, then the depth
_SIXTEEN_BITS = 16
_MODE_NOTES = {"1": "grey", "L": "grey", "LA": "grey", "P": "palette", "CMYK": "cmyk"}


def decode(data: bytes, limits: Limits, *, kept_px: int = KEPT_PX) -> Picture:
    """Decode a photo; its size is read from the header and judged before any pixel is.

    Args:
        data: The file.
        limits: What is accepted.
        kept_px: Long side up to which no pixel is given up.

    Raises:
        PictureRefused: 2101: empty, broken, or not of ``limits.image_formats``; 2102: too few or too many pixels.
    """
    started = time.perf_counter()
    name = _accepted_format(data, limits)
    with _refusing_broken(name):
        image = _OPENERS[name](BytesIO(data))
    width, height = image.size
    _check_size(width, height, limits)
    with _refusing_broken(name):
        pixels, notes = _upright_rgb(image, kept_px)
    if name == "png" and data[_PNG_BIT_DEPTH_AT] == _SIXTEEN_BITS:
        notes.append("sixteen_bit")
    return Picture(pixels, width, height, name, tuple(notes), (time.perf_counter() - started) * 1000)


def size_of(data: bytes) -> tuple[int, int] | None:
    """Width and height from the header alone; None for what is no picture that can be decoded here."""
    opener = _OPENERS.get(format_of(data))
    try:
        return None if opener is None else opener(BytesIO(data)).size
    except Exception:  # noqa: BLE001 - as in _refusing_broken
        return None


def _accepted_format(data: bytes, limits: Limits) -> str:
    accepted = ", ".join(limits.image_formats)
    if not data:
        raise PictureRefused(NO_PICTURE, f"the file is empty; accepted: {accepted}")
    name = format_of(data)
    if name == UNKNOWN:
        raise PictureRefused(NO_PICTURE, f"not a picture of a known format; accepted: {accepted}")
    if name not in limits.image_formats or name not in _OPENERS:
        raise PictureRefused(NO_PICTURE, f"the format is {name}; accepted: {accepted}")
    return name


def _check_size(width: int, height: int, limits: Limits) -> None:
    short, long = sorted((width, height))
    if short < limits.image_min_side_px:
        raise PictureRefused(WRONG_SIZE, f"short side {short} px, at least {limits.image_min_side_px}")
    if long > limits.image_max_side_px:
        raise PictureRefused(WRONG_SIZE, f"long side {long} px, at most {limits.image_max_side_px}")


@contextmanager
def _refusing_broken(name: str) -> Iterator[None]:
    """Whatever a decoder raises on hostile bytes, and there are dozens of kinds, means: no usable picture."""
    try:
        yield
    except Exception:  # noqa: BLE001 - refused, not carried on
        # The cause is cut off because decoders quote bytes of the file in their messages.
        raise PictureRefused(NO_PICTURE, f"the {name} data is broken or cut off") from None


def _upright_rgb(image: ImageFile.ImageFile, kept_px: int) -> tuple[Pixels, list[str]]:
    """Pixels (height, width, 3) with EXIF applied, and what had to be done."""
    source_size = image.size
    if max(source_size) > kept_px:
        image.draft(None, _reduced(*source_size, kept_px))  # lets a JPEG skip detail we would throw away
    image.load()
    notes = []
    upright: Image.Image = image
    turn = _TURNS.get(image.getexif().get(_EXIF_ORIENTATION, 1))
    if turn is not None:
        upright = image.transpose(turn)
        notes.append("exif_turned")
    rgb = _rgb_on_white(upright, notes)
    if max(rgb.size) > kept_px:
        # HAMMING is as sharp as BICUBIC when reducing, at two thirds of the time
        rgb = rgb.resize(_reduced(*rgb.size, kept_px), Image.Resampling.HAMMING, reducing_gap=2.0)
    if max(rgb.size) < max(source_size):
        notes.append("reduced")
    return np.array(rgb, dtype=np.uint8), notes


def _rgb_on_white(image: Image.Image, notes: list[str]) -> Image.Image:
    """Any mode to RGB; what is transparent becomes white, as in the viewers people checked the photo with."""
    if image.mode == "I;16":  # convert() would clip to 255 instead of scaling
        notes.append("grey")
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    transparent = image.has_transparency_data
    notes.extend(["alpha"] * transparent)
    if image.mode in _MODE_NOTES:
        notes.append(_MODE_NOTES[image.mode])
    if not transparent:
        return image.convert("RGB")
    canvas = Image.new("RGBA", image.size, "white")
    canvas.alpha_composite(image.convert("RGBA"))
    return canvas.convert("RGB")


def _reduced(width: int, height: int, kept_px: int) -> tuple[int, int]:
    scale = kept_px * REDUCED / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))
