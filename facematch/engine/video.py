"""Bytes of a video to upright frames, and to sound for LIP, under guards.

Memory, worst case: the frames kept are 112 MiB together, the sound 1.3 MB a 20 s; while decoding H.264 holds up to 17
frames as filmed, which is 400 MB at 4000 x 4000 px and 53 MB at 1920 x 1080.
"""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import av
import numpy as np
from av.video.frame import VideoFrame

from facematch.contract import VideoType
from facematch.engine.api import Frame, Pixels, Sound, Video
from facematch.engine.container import Reel, open_reel
from facematch.engine.sound import sound_of
from facematch.engine.video_guard import NO_VIDEO, TOO_SHORT, AnyPacket, check_length, check_pixels, refusing_broken
from facematch.errors import VideoRefused
from facematch.limits import Limits

KEPT_RATE = 30  # frames a second
KEPT_PX = 960  # long side
KEPT_BYTES = 112 * 1024 * 1024  # of all frames kept: 5 s of 960 x 540 at 30 a second; a longer film is kept smaller
JITTER_S = 0.005  # 28 ms apart are both kept, the frames of 60 a second every other one
LEAST_FRAMES = 2
UNEVEN, UNEVEN_SHARE = 0.25, 0.05  # more than 5 % of the gaps are a quarter off the usual one: the rate varies
SHAPE_SLACK = 0.02  # a frame of another shape than the first would be squeezed; it is left out
QUARTER = 90


@dataclass(slots=True, eq=False)
class _Roll:
    """The frames kept so far."""

    frames: list[Frame] = field(default_factory=list)
    times: list[float] = field(default_factory=list)  # of every decoded frame, on the file's clock
    broken: int = 0  # packets that could not be decoded
    first: VideoFrame | None = None
    turns: int = 0  # quarters counter-clockwise
    size: tuple[int, int] = (0, 0)  # width and height before turning


def open_video(data: bytes, video_type: VideoType, limits: Limits) -> Video:
    """Decode a video with one thread; length and size are judged before any frame is, and again as decoded.

    Raises:
        VideoRefused: See `facematch.engine.api.Engine.open_video`.
    """
    started = time.perf_counter()
    reel = open_reel(data, video_type, limits)
    with refusing_broken(reel.format):
        roll = _decoded(reel, limits)
        duration_s = _duration(roll, reel)
        check_length(duration_s, video_type, limits, cut_off=reel.cut_off or roll.broken > 0)
        if len(roll.frames) < LEAST_FRAMES:
            raise VideoRefused(TOO_SHORT, "a single frame is no video")
        sound = None if video_type != "LIP" else sound_of(reel, roll.times[0], duration_s)
    decode_ms = (time.perf_counter() - started) * 1000
    return _video(reel, roll, duration_s, sound, decode_ms)


def _video(reel: Reel, roll: _Roll, duration_s: float, sound: Sound | None, decode_ms: float) -> Video:
    width, height = _upright(roll.size, roll.turns)
    source = (0, 0) if roll.first is None else _upright((roll.first.width, roll.first.height), roll.turns)
    return Video(
        frames=tuple(roll.frames),
        width=width,
        height=height,
        source_width=source[0],
        source_height=source[1],
        source_frames=len(roll.times),
        source_rate=len(roll.times) / duration_s,
        duration_s=duration_s,
        format=reel.format,
        codec=reel.pictures.codec_context.codec.name,
        sound=sound,
        notes=_notes(reel, roll),
        decode_ms=decode_ms,
    )


def _decoded(reel: Reel, limits: Limits) -> _Roll:
    roll = _Roll()
    for frame in _frames(reel, roll):
        if roll.first is None:
            check_pixels(frame.width, frame.height, limits)  # the header may have told another size
            _set_up(roll, frame, reel)
        time_s = _time_of(frame, roll, reel)
        if roll.times and not roll.times[-1] < time_s <= roll.times[0] + limits.video_stop_s:
            continue
        roll.times.append(time_s)
        since_s = time_s - roll.times[0]
        due = not roll.frames or since_s - roll.frames[-1].time_s >= 1 / KEPT_RATE - JITTER_S
        if due and _same_shape(frame, roll.first):
            roll.frames.append(Frame(since_s, _planes(frame, roll)))
    if not roll.frames:
        raise VideoRefused(NO_VIDEO, f"no frame of the {reel.format} file can be decoded")
    return roll


def _frames(reel: Reel, roll: _Roll) -> Iterator[VideoFrame]:
    """In order of time; a broken packet or a patched-up frame is left out and counted."""
    codec = reel.pictures.codec_context
    codec.thread_count = 1  # how many calls decode at once is the service's to limit
    for packet in _unwound(reel.picture_packets):
        try:
            frames = codec.decode(packet)
        except av.error.FFmpegError:
            roll.broken += 1
            continue
        for frame in frames:
            if frame.is_corrupt:
                roll.broken += 1
            else:
                yield frame


def _unwound(packets: deque[AnyPacket]) -> "Iterator[AnyPacket | None]":
    """Each packet, held no longer, and the None that ends a film."""
    while packets:
        yield packets.popleft()
    yield None


def _set_up(roll: _Roll, frame: VideoFrame, reel: Reel) -> None:
    roll.first = frame
    roll.turns = round(frame.rotation / QUARTER) % 4
    kept = min(reel.picture_count, round(reel.duration_s / (1 / KEPT_RATE - JITTER_S)) + 1)
    within_memory = (KEPT_BYTES / (1.5 * frame.width * frame.height * kept)) ** 0.5
    scale = min(1.0, KEPT_PX / max(frame.width, frame.height), within_memory)
    roll.size = _even(frame.width * scale), _even(frame.height * scale)


def _even(length: float) -> int:
    return max(2, int(length) // 2 * 2)


def _time_of(frame: VideoFrame, roll: _Roll, reel: Reel) -> float:
    base = reel.pictures.time_base  # the decoder's last frames come without one of their own
    if frame.pts is not None and base is not None:
        return float(frame.pts * base)
    return roll.times[-1] + reel.interval_s if roll.times else 0.0


def _same_shape(frame: VideoFrame, first: VideoFrame | None) -> bool:
    if first is None:
        return False
    return abs(frame.width * first.height / (frame.height * first.width) - 1) <= SHAPE_SLACK


def _planes(frame: VideoFrame, roll: _Roll) -> Pixels:
    """As `Frame` wants them: BT.601 in video range, reduced, turned upright."""
    width, height = roll.size
    small = frame.reformat(width, height, "yuv420p", dst_colorspace="ITU601", dst_color_range="MPEG")
    planes = small.to_ndarray()
    if not roll.turns:
        return np.asarray(planes, np.uint8)
    colour = planes[height:].reshape(2, height // 2, width // 2)
    turned = [np.rot90(plane, roll.turns) for plane in (planes[:height], *colour)]
    flat = np.concatenate([plane.reshape(-1) for plane in turned])
    return np.asarray(flat.reshape(-1, turned[0].shape[1]), np.uint8)


def _upright(size: tuple[int, int], turns: int) -> tuple[int, int]:
    return size[::-1] if turns % 2 else size


def _duration(roll: _Roll, reel: Reel) -> float:
    gaps = np.diff(roll.times)
    return roll.times[-1] - roll.times[0] + (float(np.median(gaps)) if len(gaps) else reel.interval_s)


def _notes(reel: Reel, roll: _Roll) -> tuple[str, ...]:
    gaps = np.diff(roll.times)
    uneven = np.abs(gaps - np.median(gaps)) > UNEVEN * np.median(gaps)
    source = (0, 0) if roll.first is None else (roll.first.width, roll.first.height)
    said = {
        "rotated": roll.turns != 0,
        "no_duration": not reel.timed,
        "variable_rate": bool(uneven.mean() > UNEVEN_SHARE),
        "truncated": reel.cut_off or roll.broken > 0,
        "reduced": max(roll.size) < max(source) - 1,
    }
    return tuple(note for note, holds in said.items() if holds)
