"""What is decoded of a video, and how it is kept."""

from dataclasses import replace

import numpy as np
import pytest

from facematch.engine import video as module
from facematch.engine.api import SOUND_HZ
from facematch.engine.video import open_video
from facematch.errors import VideoRefused
from facematch.limits import Limits

from .clips import Frames, blank, encoded, swaying, tone, turned_by_flag

LIMITS = Limits()
LEAST = (480, 320)
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov"}


@pytest.fixture(scope="module")
def frames() -> Frames:
    return swaying("obama_1.jpg")


@pytest.fixture(scope="module")
def mp4(frames: Frames) -> bytes:
    return encoded(frames)


def unlike(decoded, original) -> float:
    """Mean difference of two pictures in levels."""
    return float(np.abs(decoded.rgb().astype(int) - original).mean())


@pytest.mark.parametrize(
    ("container", "codec", "name"),
    [
        ("mp4", "libx264", "h264"),
        ("mp4", "mpeg4", "mpeg4"),
        ("mov", "libx264", "h264"),
        ("webm", "libvpx", "vp8"),
        ("avi", "mjpeg", "mjpeg"),
        ("flv", "flv", "flv"),
    ],
)
def test_every_accepted_container_gives_the_frames_that_were_filmed(frames, container, codec, name):
    video = open_video(encoded(frames, container, codec), "SILENT", LIMITS)

    assert (video.format, video.codec, video.notes) == (container, name, ())
    assert (video.width, video.height, video.source_width, video.source_height) == (480, 640, 480, 640)
    assert len(video.frames) == video.source_frames == 60
    assert (video.duration_s, video.source_rate) == pytest.approx((2.4, 25), rel=0.02)
    assert [video.frames[nth].time_s for nth in (0, 1, 59)] == pytest.approx([0, 0.04, 2.36], abs=0.002)
    assert max(unlike(video.frames[nth], frames[nth]) for nth in (0, 30, 59)) < 7


def test_full_range_colours_come_out_as_bright_as_they_were(frames):
    decoded = open_video(encoded(frames, "avi", "mjpeg"), "SILENT", LIMITS).frames[30].rgb()

    assert decoded.mean(axis=(0, 1)) == pytest.approx(frames[30].mean(axis=(0, 1)), abs=1.5)


def test_a_frame_is_planes_of_video_range_with_grey_first(mp4):
    frame = open_video(mp4, "SILENT", LIMITS).frames[0]

    assert (frame.planes.shape, frame.planes.dtype) == ((960, 480), np.uint8)
    assert frame.grey.shape == (640, 480)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_the_rotation_flag_is_applied(mp4, frames, degrees):
    video = open_video(turned_by_flag(mp4, degrees), "SILENT", LIMITS)
    upright = np.rot90(frames[30], degrees // 90)

    assert video.notes == ("rotated",)
    assert (video.height, video.width) == (video.source_height, video.source_width) == upright.shape[:2]
    assert unlike(video.frames[30], upright) < 3


def test_a_recording_without_duration_is_measured_by_its_frames(frames):
    video = open_video(encoded(frames, "webm", "libvpx", options={"live": "1"}), "SILENT", LIMITS)

    assert video.notes == ("no_duration",)
    assert video.duration_s == pytest.approx(2.4, abs=0.05)


def test_a_fragmented_file_is_read(frames):
    video = open_video(encoded(frames, options=FRAGMENTED), "SILENT", LIMITS)

    assert (len(video.frames), video.notes) == (60, ())


def test_an_uneven_frame_rate_is_noted_and_keeps_its_times(frames):
    times = [0.05 * nth + (0.015 if nth % 3 else 0) for nth in range(60)]
    video = open_video(encoded(frames, times=times), "SILENT", LIMITS)

    assert video.notes == ("variable_rate",)
    assert [frame.time_s for frame in video.frames] == pytest.approx(times, abs=0.002)


def test_of_sixty_frames_a_second_thirty_are_kept(frames):
    video = open_video(encoded(frames * 3, rate=60), "SILENT", LIMITS)

    assert (video.source_frames, len(video.frames)) == (180, 90)
    assert np.diff([frame.time_s for frame in video.frames]) == pytest.approx(1 / 30, abs=0.002)


def test_a_large_video_is_reduced(frames):
    video = open_video(encoded(blank(2, (1280, 720))), "SILENT", LIMITS)

    assert (video.width, video.height, video.source_width, video.source_height) == (960, 540, 1280, 720)
    assert video.notes == ("reduced",)


def test_frames_shrink_rather_than_fill_the_memory(mp4, monkeypatch):
    monkeypatch.setattr(module, "KEPT_BYTES", 5_000_000)
    video = open_video(mp4, "SILENT", LIMITS)

    assert sum(frame.planes.nbytes for frame in video.frames) <= 5_000_000
    assert video.notes == ("reduced",)
    assert video.width / video.height == pytest.approx(0.75, abs=0.02)


@pytest.mark.parametrize(("container", "codec"), [("mp4", "libx264"), ("webm", "libvpx")])
def test_sound_starts_with_the_first_frame(container, codec):
    data = encoded(blank(3.2, LEAST), container, codec, sound=tone(2.0), sound_from_s=0.5)
    sound = open_video(data, "LIP", LIMITS).sound
    loud = np.flatnonzero(np.abs(sound) > 0.2) / SOUND_HZ

    assert (sound.dtype, len(sound)) == (np.float32, round(3.2 * SOUND_HZ))
    assert (loud[0], loud[-1]) == pytest.approx((0.5, 2.5), abs=0.02)
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.05)


def test_sound_keeps_its_pitch():
    sound = open_video(encoded(blank(3.2, LEAST), sound=tone(3.2, hertz=1000)), "LIP", LIMITS).sound
    spectrum = np.abs(np.fft.rfft(sound[:SOUND_HZ]))

    assert int(spectrum.argmax()) == pytest.approx(1000, abs=2)


def test_sound_goes_no_further_than_the_pictures():
    sound = open_video(encoded(blank(3.2, LEAST), sound=tone(9)), "LIP", LIMITS).sound

    assert len(sound) == round(3.2 * SOUND_HZ)


def test_silent_asks_for_no_sound():
    assert open_video(encoded(blank(3.2, LEAST), sound=tone(3)), "SILENT", LIMITS).sound is None


@pytest.mark.parametrize(
    ("container", "codec", "options"), [("mp4", "libx264", FRAGMENTED), ("avi", "mjpeg", {}), ("flv", "flv", {})]
)
def test_a_cut_off_file_is_used_when_what_is_left_is_long_enough(frames, container, codec, options):
    data = encoded(frames * 2, container, codec, options=options)
    video = open_video(data[: len(data) * 6 // 10], "SILENT", LIMITS)

    assert 2 <= video.duration_s < 4.2
    assert np.all(np.diff([frame.time_s for frame in video.frames]) > 0)


def test_a_cut_off_file_that_promised_more_says_so(frames):
    data = encoded(frames * 2, "avi", "mjpeg")

    assert "truncated" in open_video(data[: len(data) * 7 // 10], "SILENT", LIMITS).notes
    with pytest.raises(VideoRefused) as refused:
        open_video(data[: len(data) // 5], "SILENT", LIMITS)
    assert refused.value.errcode == 1104


def test_limits_are_settings(mp4):
    short = replace(LIMITS, silent_min_s=0.5, silent_max_s=1.0)

    with pytest.raises(VideoRefused, match=r"2\.40 s, at most 1 for SILENT"):
        open_video(mp4, "SILENT", short)
