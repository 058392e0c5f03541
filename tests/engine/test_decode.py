import cv2
import numpy as np
import pytest
from PIL import Image

from facematch.engine.decode import decode
from facematch.errors import PictureRefused
from facematch.limits import Limits

from .photos import portrait, saved

EVERY_FORMAT = Limits(image_formats=("jpeg", "png", "webp", "bmp"))
RED, BLUE = (255, 0, 0), (0, 0, 255)


def two_coloured(mode: str = "RGB") -> Image.Image:
    """Red above blue, 80 wide and 120 high."""
    image = Image.new("RGB", (80, 120), RED)
    image.paste(BLUE, (0, 60, 80, 120))
    return image.convert(mode)


def refused(data: bytes, limits: Limits | None = None) -> PictureRefused:
    with pytest.raises(PictureRefused) as caught:
        decode(data, limits or Limits())
    return caught.value


@pytest.mark.parametrize("format_name", ["jpeg", "png", "webp", "bmp"])
def test_every_format_that_may_be_allowed_is_decoded(format_name):
    picture = decode(saved(two_coloured(), format_name), EVERY_FORMAT)

    assert (picture.format, picture.notes) == (format_name, ())
    assert picture.pixels.shape == (120, 80, 3)
    assert abs(picture.pixels[10, 40].astype(int) - RED).max() < 10


@pytest.mark.parametrize("format_name", ["webp", "bmp", "gif", "tiff", "pdf", "avif", "jpeg2000", "ico"])
def test_a_format_that_is_not_allowed_is_named(format_name):
    error = refused(saved(two_coloured(), format_name))
    shown = "jpeg 2000" if format_name == "jpeg2000" else format_name

    assert (error.errcode, error.detail) == (2101, f"the format is {shown}; accepted: jpeg, png")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "avif"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isommp41", "mp4 or mov video"),
        (b"\n<!DOCTYPE html><title>404</title>", "html"),
        (b"\xef\xbb\xbf<svg xmlns='x'/>", "svg"),
        (b"PK\3\4rest", "zip"),
    ],
)
def test_what_is_no_photo_at_all_is_named_too(data, name):
    assert refused(data).detail == f"the format is {name}; accepted: jpeg, png"


def test_an_empty_file_and_unknown_bytes_are_told_apart():
    assert refused(b"").detail == "the file is empty; accepted: jpeg, png"
    assert refused(b"secret words").detail == "not a picture of a known format; accepted: jpeg, png"


@pytest.mark.parametrize("format_name", ["jpeg", "png"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_file_that_is_cut_off_is_refused(format_name, share):
    data = saved(portrait(), format_name)
    error = refused(data[: int(len(data) * share)])

    assert (error.errcode, error.detail) == (2101, f"the {format_name} data is broken or cut off")
    assert error.__cause__ is None


@pytest.mark.parametrize(
    ("size", "detail"),
    [
        ((63, 200), "short side 63 px, at least 64"),
        ((4001, 100), "long side 4001 px, at most 4000"),
    ],
)
def test_a_picture_of_the_wrong_size_is_refused_with_the_numbers(size, detail):
    error = refused(saved(Image.new("L", size)))

    assert (error.errcode, error.detail) == (2102, detail)


@pytest.mark.parametrize("format_name", ["jpeg", "png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_undone(orientation, format_name):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = two_coloured()
    upright.paste((0, 255, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    picture = decode(saved(stored, format_name, exif=exif), Limits())

    assert picture.pixels.shape == (120, 80, 3)
    assert abs(picture.pixels.astype(int) - np.asarray(upright)).mean() < 5
    assert (picture.source_width, picture.source_height) == stored.size
    assert picture.notes == (("exif_turned",) if orientation > 1 else ())


def test_what_is_transparent_becomes_white():
    image = two_coloured("RGBA")
    image.putalpha(Image.new("L", image.size, 0))
    picture = decode(saved(image), Limits())

    assert picture.notes == ("alpha",)
    assert picture.pixels.min() == 255


@pytest.mark.parametrize(
    ("mode", "format_name", "notes"),
    [
        ("L", "png", ("grey",)),
        ("L", "jpeg", ("grey",)),
        ("1", "png", ("grey",)),
        ("LA", "png", ("alpha", "grey")),
        ("P", "png", ("palette",)),
        ("CMYK", "jpeg", ("cmyk",)),
    ],
)
def test_other_colour_modes_keep_their_look(mode, format_name, notes):
    image = two_coloured(mode)
    picture = decode(saved(image, format_name), Limits())

    assert picture.notes == notes
    assert abs(picture.pixels.astype(int) - np.asarray(image.convert("RGB"))).max() < 30


def test_a_transparent_palette_is_composed_on_white():
    image = two_coloured().quantize(4)
    transparent = image.getpixel((40, 10))
    picture = decode(saved(image, transparency=transparent), Limits())

    assert picture.notes == ("alpha", "palette")
    assert picture.pixels[10, 40].min() == 255
    assert picture.pixels[100, 40].tolist() == list(BLUE)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_scaled_and_not_clipped(channels):
    values = np.linspace(0, 65535, 100 * 100 * channels).astype(np.uint16).reshape(100, 100, channels)
    if channels == 4:
        values[:, :, 3] = 65535
    picture = decode(cv2.imencode(".png", values)[1].tobytes(), Limits())
    expected = np.broadcast_to((values >> 8)[:, :, :3][:, :, ::-1], (100, 100, 3))

    assert "sixteen_bit" in picture.notes
    assert abs(picture.pixels.astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("format_name", "height", "width"), [("jpeg", 1800, 1200), ("png", 1600, 1067)])
def test_a_photo_above_2400_pixels_is_reduced_a_jpeg_while_decoding(format_name, height, width):
    picture = decode(saved(two_coloured().resize((2400, 3600)), format_name), Limits())

    assert picture.pixels.shape == (height, width, 3)
    assert (picture.source_width, picture.source_height, picture.notes) == (2400, 3600, ("reduced",))
    assert abs(picture.pixels[400, 500].astype(int) - RED).max() < 10
