"""Videos that are none, claim too much, or are meant to harm."""

import struct
from dataclasses import replace

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facematch.contract import VideoType
from facematch.engine.video import open_video
from facematch.engine.video_guard import Guard
from facematch.errors import VideoRefused
from facematch.limits import Limits

from .clips import blank, encoded, tone
from .photos import portrait, saved

LIMITS = Limits()
SMALL = replace(LIMITS, video_min_short_px=16, video_min_long_px=16, silent_min_s=0.2)


def refusal(data: bytes, video_type: VideoType = "SILENT", limits: Limits = LIMITS) -> VideoRefused:
    with pytest.raises(VideoRefused) as refused:
        open_video(data, video_type, limits)
    return refused.value


def cheap(seconds: float, size: tuple[int, int] = (480, 320), **how: object) -> bytes:
    return encoded(blank(seconds, size, rate=5), rate=5, **how)


@pytest.fixture(scope="module")
def avi() -> bytes:
    return encoded(blank(0.4, (48, 32)), "avi", "mjpeg")


@pytest.mark.parametrize(
    ("data", "errcode", "detail"),
    [
        (b"", 1107, "empty"),
        (b"no video at all", 1104, "known format"),
        (saved(portrait(200), "jpeg"), 1104, "the format is jpeg"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:1\nfile:///etc/hostname\n", 1104, "known format"),
        (b"ffconcat version 1.0\nfile '/etc/hostname'\n", 1104, "known format"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(64), 1104, "broken or cut off"),
        (b"\x1aE\xdf\xa3" + bytes(200), 1104, "broken or cut off"),
        (b"RIFF\x00\x00\x00\x00AVI " + bytes(200), 1104, "broken or cut off"),
        (b"FLV\x01\x05\x00\x00\x00\x09" + bytes(200), 1104, "the flv"),
    ],
    ids=["empty", "text", "jpeg", "playlist", "concat", "mp4", "webm", "avi", "flv"],
)
def test_bytes_that_hold_no_video_are_refused(data, errcode, detail):
    refused = refusal(data)

    assert refused.errcode == errcode
    assert detail in refused.detail


def test_a_format_that_is_not_accepted_here_is_named():
    refused = refusal(encoded(blank(2), "flv", "flv"), limits=replace(LIMITS, video_formats=("mp4", "webm")))

    assert (refused.errcode, refused.detail) == (1104, "the format is flv; accepted: mp4, webm")


def test_sound_alone_is_no_video():
    assert refusal(encoded([], sound=tone(3))).errcode == 1104


def test_lip_needs_a_sound_track():
    assert refusal(cheap(4), "LIP").errcode == 1101


@pytest.mark.parametrize(
    ("seconds", "video_type", "errcode"),
    [(1.6, "SILENT", 1120), (16, "SILENT", 1121), (2.6, "LIP", 1120), (16, "LIP", 1121), (25, "SILENT", 1121)],
)
def test_too_short_and_too_long_are_told_apart(seconds, video_type, errcode):
    assert refusal(cheap(seconds, sound=tone(1)), video_type).errcode == errcode


@pytest.mark.parametrize("size", [(480, 316), (476, 320), (320, 476), (160, 120)])
def test_too_few_pixels_are_refused_either_way_up(size):
    assert refusal(cheap(3, size)).errcode == 1108


@pytest.mark.parametrize("size", [(480, 320), (320, 480)])
def test_the_least_size_is_accepted_either_way_up(size):
    assert open_video(cheap(3, size), "SILENT", LIMITS).width == size[0]


def test_too_many_pixels_are_refused():
    assert refusal(cheap(3), limits=replace(LIMITS, video_max_side_px=470)).errcode == 1107


def test_too_many_frames_are_refused():
    refused = refusal(cheap(3), limits=replace(LIMITS, video_max_frames=14))

    assert (refused.errcode, refused.detail) == (1121, "more than 14 frames")


def test_nothing_beyond_the_hard_stop_is_even_counted():
    refused = refusal(cheap(10), limits=replace(LIMITS, silent_max_s=3.0, lip_max_s=3.0, video_stop_s=4.0))

    assert refused.detail == "longer than 4 s"


def test_pictures_that_claim_to_be_giants_are_not_decoded(avi):
    sizes = struct.pack(">HH", 32, 48)  # height and width in a JPEG's frame header
    giant = avi.replace(sizes, struct.pack(">HH", 60_000, 60_000))

    assert sizes in avi
    assert refusal(giant, limits=SMALL).errcode == 1104


def test_a_header_cannot_make_a_short_clip_long():
    data = encoded(blank(0.4))
    at = data.index(b"mdhd") + 20  # version, flags, creation, modification, time scale: then the duration
    longer = data[:at] + struct.pack(">I", 100_000) + data[at + 4 :]

    assert refusal(longer).detail == "0.40 s, at least 2 for SILENT"


def test_tables_that_name_the_same_bytes_again_and_again_are_refused():
    guard = Guard(1000, LIMITS)
    packet = av.Packet(bytes(1000))

    for _ in range(67):  # twice the file and 64 KiB
        guard.packet(packet)
    with pytest.raises(VideoRefused, match="more bytes than it has"):
        guard.packet(packet)


def test_all_frames_together_have_a_limit_of_pixels():
    guard = Guard(1000, LIMITS)

    for _ in range(156):
        guard.picture(av.Packet(b"x"), 4000 * 4000)
    with pytest.raises(VideoRefused, match="more than 2,500,000,000 pixels"):
        guard.picture(av.Packet(b"x"), 4000 * 4000)


def test_the_size_counts_that_is_decoded_not_the_one_the_header_tells(avi):
    at = avi.index(b"strf") + 12
    claimed = avi[:at] + struct.pack("<ii", 480, 320) + avi[at + 8 :]

    assert refusal(claimed, limits=replace(LIMITS, silent_min_s=0.2)).errcode == 1108


def test_decoders_write_nothing_to_the_terminal(capfd, avi):
    webm = encoded(blank(0.6), "webm", "libvpx")
    refusal(webm[: len(webm) // 2])
    refusal(webm.replace(b"\x00\x01", b"\x01\x00"))
    refusal(avi[:300] + bytes(3000))

    assert capfd.readouterr() == ("", "")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 6000), junk=st.binary(min_size=1, max_size=40), keep=st.floats(0.05, 1.0))
def test_broken_bytes_are_refused_or_decoded_and_never_end_otherwise(avi, at, junk, keep):
    at %= len(avi)
    broken = (avi[:at] + junk + avi[at + len(junk) :])[: max(1, int(len(avi) * keep))]
    errcode, count = outcome(broken)

    assert errcode in (1104, 1107, 1108, 1120, 1121) or (errcode == 0 and count >= 2)


def outcome(data: bytes) -> tuple[int, int]:
    """The errcode, 0 when accepted, and the frames kept."""
    try:
        return 0, len(open_video(data, "SILENT", SMALL).frames)
    except VideoRefused as refused:
        return refused.errcode, 0
