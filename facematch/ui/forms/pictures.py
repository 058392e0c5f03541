"""Photos as the pages show them: reduced, with the faces boxed. Undecodable bytes give None, never an error."""

from dataclasses import replace
from io import BytesIO

import streamlit as st
from PIL import Image, ImageDraw, ImageFont

from facematch.engine.decode import decode, size_of
from facematch.errors import PictureRefused
from facematch.footage import Shot
from facematch.limits import Limits
from facematch.seen import Face, Seen
from facematch.ui.formats import size
from facematch.ui.words import Speaker

SHOWN_PX, PREVIEW_PX = 480, 240  # long sides
BOXED = 50  # faces at most: a crowd is a crowd
CHOSEN, OTHER = "#00A37A", "#E69F00"  # told apart by line and label as well
# More than the service accepts: a refused photo is still worth seeing. A JPEG is decoded at a fraction of its size, so
# that a large one costs little; another format of that size would cost gigabytes.
SHOWABLE = Limits(image_min_side_px=1, image_formats=("jpeg", "png", "webp", "bmp"))
SHOWABLE_JPEG = replace(SHOWABLE, image_max_side_px=12_000)


@st.cache_data(show_spinner=False, max_entries=8, scope="session")
def preview(data: bytes, side_px: int = PREVIEW_PX) -> bytes | None:
    """The photo as a JPEG, its long side at most *side_px*."""
    picture = _reduced(data)
    if picture is None:
        return None
    picture.thumbnail((side_px, side_px))
    return _jpeg(picture)


@st.cache_data(show_spinner=False, max_entries=8, scope="session", hash_funcs={Seen: repr})
def boxed(data: bytes, seen: Seen) -> bytes | None:
    """The photo with every face boxed: the chosen one in a full green line, others in a dashed orange one."""
    picture = _reduced(data)
    if picture is None:
        return None
    if seen.width > 0:
        draw, scale = ImageDraw.Draw(picture), picture.width / seen.width
        for number, face in enumerate(seen.faces[:BOXED]):
            _box(draw, _within(face, scale, picture), number + 1, is_chosen=number == seen.chosen)
    return _jpeg(picture)


@st.cache_data(show_spinner=False, max_entries=48, scope="session", hash_funcs={Shot: repr})
def followed(shot: Shot, width: int) -> bytes | None:
    """A frame of the strip, the followed face in a green box; *width* is that of the pixels the box is told in."""
    picture = None if shot.picture is None else _reduced(shot.picture)
    if picture is None:
        return None
    if shot.face is not None and width > 0:
        x, y, wide, high = (value * picture.width / width for value in shot.face.box)
        ImageDraw.Draw(picture).rectangle((x, y, x + wide, y + high), outline=CHOSEN, width=3)
    return _jpeg(picture)


def measures(data: bytes, say: Speaker) -> str:
    """The file's size, and its pixels where the header tells them."""
    sides = size_of(data)
    if sides is None:
        return size(len(data))
    return say("photo.measures", size=size(len(data)), width=sides[0], height=sides[1])


def _reduced(data: bytes) -> Image.Image | None:
    """At most 480 px on the long side: decoding to that size costs a fraction of decoding it all."""
    try:
        limits = SHOWABLE_JPEG if data.startswith(b"\xff\xd8") else SHOWABLE
        picture = Image.fromarray(decode(data, limits, kept_px=SHOWN_PX * 3 // 2).pixels)
    except PictureRefused:
        return None
    picture.thumbnail((SHOWN_PX, SHOWN_PX))
    return picture


def _jpeg(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=88)
    return file.getvalue()


def _within(face: Face, scale: float, picture: Image.Image) -> Face:
    """The face in pixels of *picture*, cut at its edges: a server may tell of any numbers."""
    x, y, width, height = face.box
    left, right = sorted(min(max(value * scale, 0.0), picture.width - 1.0) for value in (x, x + width))
    top, bottom = sorted(min(max(value * scale, 0.0), picture.height - 1.0) for value in (y, y + height))
    points = tuple(
        (min(max(px * scale, 0.0), float(picture.width)), min(max(py * scale, 0.0), float(picture.height)))
        for px, py in face.points
    )
    return Face((left, top, right - left, bottom - top), points, face.confidence)


def _box(draw: ImageDraw.ImageDraw, face: Face, number: int, *, is_chosen: bool) -> None:
    x, y, width, height = face.box
    colour = CHOSEN if is_chosen else OTHER
    if is_chosen:
        draw.rectangle((x, y, x + width, y + height), outline=colour, width=4)
        for px, py in face.points:
            draw.ellipse((px - 3, py - 3, px + 3, py + 3), fill=colour, outline="white")
    else:
        _dashed(draw, (x, y, x + width, y + height), colour)
    font = ImageFont.load_default(18)
    label = f" {number} "
    draw.rectangle(draw.textbbox((x, max(0, y - 24)), label, font=font), fill=colour)
    draw.text((x, max(0, y - 24)), label, fill="black", font=font)


def _dashed(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], colour: str) -> None:
    left, top, right, bottom = box
    dash = 10
    for start in range(int(left), int(right), 2 * dash):
        for y in (top, bottom):
            draw.line((start, y, min(start + dash, right), y), fill=colour, width=4)
    for start in range(int(top), int(bottom), 2 * dash):
        for x in (left, right):
            draw.line((x, start, x, min(start + dash, bottom)), fill=colour, width=4)
