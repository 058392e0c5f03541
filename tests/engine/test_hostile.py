"""Photos made to do harm: none costs more than a refusal."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facematch.engine.decode import decode
from facematch.errors import PictureRefused
from facematch.limits import Limits

from .photos import portrait, saved

EVERY_FORMAT = Limits(image_min_side_px=1, image_formats=("jpeg", "png", "webp", "bmp"))


def outcome(data: bytes) -> str | int:
    """``decoded``, or the errcode; any other exception comes through."""
    try:
        pixels = decode(data, EVERY_FORMAT).pixels
    except PictureRefused as error:
        return error.errcode
    return "decoded" if pixels.ndim == 3 and pixels.shape[2] == 3 else "not an RGB picture"


def png_of_size(width: int, height: int, rows: int) -> bytes:
    """A PNG whose header promises *width* x *height* pixels of one bit, with the data of *rows* rows."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes((1 + -(-width // 8)) * rows), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def peak_rise_kib(data: bytes, limits: str, folder: Path) -> int:
    """By how much a fresh process grows at most while it decodes *data* under *limits*."""
    file = folder / "photo"
    file.write_bytes(data)
    code = f"""
import pathlib, re
from facematch.engine.decode import decode
from facematch.errors import PictureRefused
from facematch.limits import Limits
def peak(): return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
data = pathlib.Path({str(file)!r}).read_bytes()
before = peak()
try:
    decode(data, {limits})
except PictureRefused:
    pass
print(peak() - before)
"""
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


@pytest.mark.parametrize("side", [20_000, 30_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header_alone(side):
    assert outcome(png_of_size(side, side, rows=1)) == 2102


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the process's peak memory from /proc")
def test_a_bomb_takes_no_memory_that_its_pixels_would_take(tmp_path):
    bomb = png_of_size(20_000, 5_000, rows=5_000)  # 100 MB of pixels in 60 kB

    assert peak_rise_kib(bomb, "Limits()", tmp_path) < 5_000
    assert peak_rise_kib(bomb, "Limits(image_max_side_px=20_000)", tmp_path) > 90_000


SMALL = {name: saved(portrait(96), name) for name in EVERY_FORMAT.image_formats}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(SMALL)),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), min_size=1, max_size=12),
    st.floats(0.05, 1),
)
def test_changed_bytes_give_a_picture_or_a_refusal_and_nothing_else(name, changes, kept):
    data = bytearray(SMALL[name])
    for at, replacement in changes:
        start = int(at * (len(data) - 1))
        data[start : start + len(replacement)] = replacement
    data = data[: int(len(data) * kept)] if kept < 0.5 else data  # half of the files keep their end

    assert outcome(bytes(data)) in {"decoded", 2101, 2102}


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"BM", b"RIFF1234WEBP"]))
def test_noise_behind_any_first_bytes_is_refused(noise, magic):
    assert outcome(magic + noise) in {2101, 2102}
