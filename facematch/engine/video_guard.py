"""What a video may cost and must have: refusals with the contract's codes, before and while it is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from av.packet import Packet
from av.stream import Stream

from facematch.contract import VideoType
from facematch.errors import VideoRefused
from facematch.limits import Limits

AnyPacket: TypeAlias = "Packet[Stream]"  # generic for the type checker only

NO_SOUND = 1101
NO_VIDEO = 1104
EMPTY = TOO_LARGE = 1107
TOO_FEW_PIXELS = 1108
TOO_SHORT, TOO_LONG = 1120, 1121
SLACK_S = 0.05  # a recorder that is told 2 s stops within a frame or two of it


@contextmanager
def refusing_broken(name: str) -> Iterator[None]:
    """Whatever a decoder raises on hostile bytes, and there are dozens of kinds, means: no usable video."""
    try:
        yield
    except VideoRefused:
        raise
    except Exception:  # noqa: BLE001 - refused, not carried on
        # The cause is cut off because decoders quote the file in their messages.
        raise VideoRefused(NO_VIDEO, f"the {name} data is broken or cut off") from None


def check_length(duration_s: float, video_type: VideoType, limits: Limits, *, cut_off: bool) -> None:
    """Refuse what is shorter or longer than this kind of check allows; too short and cut off counts as broken."""
    lip = video_type == "LIP"
    least, most = (limits.lip_min_s, limits.lip_max_s) if lip else (limits.silent_min_s, limits.silent_max_s)
    if duration_s < least - SLACK_S:
        if cut_off:
            raise VideoRefused(NO_VIDEO, f"the file is cut off after {duration_s:.2f} s, at least {least:g} are needed")
        raise VideoRefused(TOO_SHORT, f"{duration_s:.2f} s, at least {least:g} for {video_type}")
    if duration_s > most + SLACK_S:
        raise VideoRefused(TOO_LONG, f"{duration_s:.2f} s, at most {most:g} for {video_type}")


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Refuse too few and too many pixels; which side is the long one does not matter."""
    short, long = sorted((width, height))
    least = limits.video_min_short_px, limits.video_min_long_px
    if short < least[0] or long < least[1]:
        raise VideoRefused(TOO_FEW_PIXELS, f"{short} x {long} px, at least {least[0]} x {least[1]}")
    if long > limits.video_max_side_px:
        raise VideoRefused(TOO_LARGE, f"long side {long} px, at most {limits.video_max_side_px}")


class Guard:
    """Stops a file that unfolds into more than it could hold: too many packets, too many bytes, too long."""

    def __init__(self, file_bytes: int, limits: Limits) -> None:
        self._bytes_left = 2 * file_bytes + 65_536  # a table can name the same bytes a thousand times
        self._limits = limits
        self._frames = 0
        self._first_s: float | None = None

    def packet(self, packet: AnyPacket) -> None:
        self._bytes_left -= packet.size
        if self._bytes_left < 0:
            raise VideoRefused(NO_VIDEO, "the file's tables name more bytes than it has")

    def picture(self, packet: AnyPacket, pixels: int) -> None:
        self._frames += 1
        if self._frames > self._limits.video_max_frames:
            raise VideoRefused(TOO_LONG, f"more than {self._limits.video_max_frames} frames")
        if self._frames * pixels > self._limits.video_max_pixels:
            raise VideoRefused(TOO_LARGE, f"more than {self._limits.video_max_pixels:,} pixels in all frames together")
        time_s = time_of(packet)
        if time_s is None:
            return
        self._first_s = time_s if self._first_s is None else self._first_s
        if time_s - self._first_s > self._limits.video_stop_s:
            raise VideoRefused(TOO_LONG, f"longer than {self._limits.video_stop_s:g} s")


def time_of(packet: AnyPacket) -> float | None:
    """Seconds on the file's own clock; None when the packet does not tell."""
    stamp = packet.pts if packet.pts is not None else packet.dts
    return None if stamp is None or packet.time_base is None else float(stamp * packet.time_base)
