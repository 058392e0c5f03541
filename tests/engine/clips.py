"""Clips made of the portraits that ship, encoded by PyAV."""

import struct
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray
from PIL import Image

from .photos import FOLDER

Frames = list[NDArray[np.uint8]]  # each (height, width, 3), RGB
Samples = NDArray[np.float32]
RATE = 25
SOUND_HZ = 48_000  # Opus knows no 44,100
MILLISECOND = Fraction(1, 1000)
FAST = {"libx264": {"preset": "ultrafast"}, "libvpx": {"deadline": "realtime", "cpu-used": "8"}}
VOICES = {"webm": "libopus"}
SIZE = 480, 640  # width, height
MATRIX_AT = 44  # of tkhd version 0: bytes from the box's name to its matrix
TURNS = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}  # counter-clockwise


def person(name: str, height: int) -> Image.Image:
    image = Image.open(FOLDER / name).convert("RGB")
    return image.resize((round(image.width * height / image.height), height), Image.Resampling.LANCZOS)


def wall(size: tuple[int, int] = SIZE, level: int = 128) -> Image.Image:
    """A wall with a gradient, so that no encoder makes it trivial."""
    slope = np.linspace(-20, 20, size[0])[None, :, None] + np.zeros((size[1], 1, 3))
    return Image.fromarray(np.clip(level + slope, 0, 255).astype(np.uint8))


def on_wall(portrait: Image.Image, left: float, top: float, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    canvas = wall(size)
    canvas.paste(portrait, (round(left), round(top)))
    return np.asarray(canvas)


def swaying(name: str, seconds: float = 2.4, *, height: int = 520, rate: int = RATE) -> Frames:
    """A portrait that moves 12 pixels to each side and back once a second."""
    portrait = person(name, height)
    left, top = (SIZE[0] - portrait.width) / 2, (SIZE[1] - height) / 2
    count = round(seconds * rate)
    return [on_wall(portrait, left + 12 * np.sin(2 * np.pi * nth / rate), top) for nth in range(count)]


def blank(seconds: float, size: tuple[int, int] = SIZE, rate: int = RATE, level: int = 128) -> Frames:
    return [np.asarray(wall(size, level))] * round(seconds * rate)


def encoded(frames: Frames, container: str = "mp4", codec: str = "libx264", **how: object) -> bytes:
    """A file of *frames*.

    Args:
        frames: All of one size; none: no picture track.
        container: As FFmpeg calls it.
        codec: Likewise.
        how: rate; times, in seconds, instead of it; options of the container; sound, mono at 48,000 a second, and
            sound_from_s, when it begins.
    """
    rate, buffer = how.get("rate", RATE), BytesIO()
    tick = MILLISECOND if "times" in how else Fraction(1, rate)
    with av.open(buffer, "w", format=container, options=how.get("options", {})) as output:
        pictures = _picture_track(output, frames, codec, (rate, tick)) if frames else None
        voice = output.add_stream(VOICES.get(container, "aac"), rate=SOUND_HZ) if "sound" in how else None
        for nth, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = round(how["times"][nth] / tick) if "times" in how else nth, tick
            output.mux(pictures.encode(frame))
        if pictures is not None:
            output.mux(pictures.encode(None))
        if voice is not None:
            _mux_sound(output, voice, how["sound"], how.get("sound_from_s", 0.0))
    return buffer.getvalue()


def _picture_track(output: OutputContainer, frames: Frames, codec: str, clock: tuple[int, Fraction]) -> VideoStream:
    track = output.add_stream(codec, rate=clock[0])
    track.width, track.height = frames[0].shape[1], frames[0].shape[0]
    track.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    track.codec_context.time_base = clock[1]
    track.bit_rate = 4_000_000
    track.options = FAST.get(codec, {})
    track.codec_context.thread_count = 1  # its threads wait for each other on a loaded machine
    return track


def _mux_sound(output: OutputContainer, track: AudioStream, samples: Samples, from_s: float) -> None:
    frame = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), format="flt", layout="mono")
    frame.sample_rate = SOUND_HZ
    frame.pts, frame.time_base = round(from_s * SOUND_HZ), Fraction(1, SOUND_HZ)
    output.mux(track.encode(frame))
    output.mux(track.encode(None))


def tone(seconds: float, hertz: float = 440.0, level: float = 0.5) -> Samples:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * SOUND_HZ)) / SOUND_HZ)).astype(np.float32)


def turned_by_flag(mp4: bytes, degrees: int) -> bytes:
    """The same file with a rotation flag: players turn the pictures counter-clockwise by *degrees*."""
    at = mp4.index(b"tkhd") + MATRIX_AT
    a, b, c, d = (value * 0x10000 for value in TURNS[degrees])
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    return mp4[:at] + matrix + mp4[at + len(matrix) :]
