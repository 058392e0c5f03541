"""Files of any size that still show what the small ones show, and what a process holds while it reads them."""

import struct
import zlib
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

MIB = 2**20
SEGMENT = 65_533  # bytes of a JPEG comment, without its length
NOISE_RATE = 25


def padded_mp4(clip: bytes, size: int) -> bytes:
    """*clip* with a box at its end that every player skips; exactly *size* bytes."""
    left = size - len(clip)
    return clip + struct.pack(">I4s", left, b"free") + bytes(left - 8)


def padded_jpeg(photo: bytes, size: int) -> bytes:
    """*photo* with comments in front; not more than *size* bytes and at most a segment less."""
    comment = b"\xff\xfe" + struct.pack(">H", SEGMENT + 2) + b"c" * SEGMENT
    return photo[:2] + comment * ((size - len(photo)) // len(comment)) + photo[2:]


def padded_png(photo: bytes, size: int) -> bytes:
    """*photo* with a private chunk before its end; exactly *size* bytes."""
    body = b"prVt" + bytes(size - len(photo) - 12)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return photo[:-12] + chunk + photo[-12:]


def dense_mp4(frames: tuple[NDArray[np.uint8], ...], size: int) -> bytes:
    """Frames in H.264 at the rate that makes a file of about *size* bytes, at most about twice their planes."""
    buffer = BytesIO()
    height, width = frames[0].shape[:2]
    with av.open(buffer, "w", format="mp4") as output:
        track = output.add_stream("libx264", rate=NOISE_RATE)
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        track.bit_rate = round(size * 8 * NOISE_RATE / len(frames))
        rate = str(track.bit_rate)
        track.options = {"preset": "ultrafast", "maxrate": rate, "bufsize": rate, "x264-params": "nal-hrd=cbr"}
        track.codec_context.thread_count = 1
        for nth, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = nth, Fraction(1, NOISE_RATE)
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    return buffer.getvalue()


def raised(file_bytes: int) -> dict[str, str]:
    """The settings with which a service takes a file of *file_bytes* beside a small one."""
    text = str(file_bytes * 3 // 2 + MIB)
    names = ("BODY_MAX_BYTES", "IMAGE_MAX_BASE64_BYTES", "VIDEO_MAX_BASE64_BYTES", "FILE_MAX_BYTES")
    return {f"FACEMATCH_{name}": text for name in names}


class Memory:
    """What a process holds, in bytes; Linux alone tells, and forgets its highest when told to."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    def rest(self) -> int:
        """What it holds now, from where `highest` is counted anew."""
        (self._folder / "clear_refs").write_text("5")
        return self._status("VmRSS")

    def highest(self) -> int:
        """The most since `rest`."""
        return self._status("VmHWM")

    def _status(self, name: str) -> int:
        lines = (self._folder / "status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
