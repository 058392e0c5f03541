"""The packets of a video file, from memory and under guards; no picture and no sound is decoded here."""

from collections import deque
from dataclasses import dataclass
from io import BytesIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from facematch.contract import VideoType
from facematch.engine.formats import UNKNOWN, format_of
from facematch.engine.video_guard import (
    EMPTY,
    NO_SOUND,
    NO_VIDEO,
    AnyPacket,
    Guard,
    check_length,
    check_pixels,
    refusing_broken,
    time_of,
)
from facematch.errors import VideoRefused
from facematch.limits import Limits

SOUND_PACKETS_MAX = 20_000  # 20 s in packets of a millisecond
_HALF_TIMED = 0.5

# The one demuxer that may read it, so that no playlist, concatenation or network address can be slipped in.
_DEMUXERS = {"mp4": "mov", "mov": "mov", "webm": "matroska", "avi": "avi", "flv": "flv"}
# What recorders and browsers write; each further decoder is one more way to be attacked.
_PICTURE_CODECS = (
    *("h264", "hevc", "vp8", "vp9", "libdav1d", "mpeg4", "msmpeg4", "msmpeg4v2"),
    *("mjpeg", "flv", "h263", "vp6", "vp6f"),
)
_SOUND_CODECS = (
    *("aac", "mp3", "mp3float", "opus", "libopus", "vorbis", "alac", "amrnb", "amrwb", "ac3", "speex", "nellymoser"),
    *("pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_f32le", "pcm_u8", "pcm_mulaw", "pcm_alaw"),
    *("adpcm_ima_wav", "adpcm_ms", "adpcm_swf"),
)

av.logging.set_level(None)  # the decoders write to standard error, and quote the file


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """What is on the film, in the order of the file."""

    container: InputContainer  # keeps the tracks alive
    format: str
    pictures: VideoStream
    sound: AudioStream | None  # None: none, or not asked for
    picture_packets: deque[AnyPacket]  # to be used up: together they are as large as the file
    picture_count: int  # of these packets before any was used
    sound_packets: tuple[AnyPacket, ...]
    times: tuple[float, ...]  # seconds, of the picture packets, sorted, the first at 0
    interval_s: float  # the usual time between two pictures
    timed: bool  # whether the header tells a duration
    cut_off: bool  # whether the file ends before what its header promises

    @property
    def duration_s(self) -> float:
        return self.times[-1] + self.interval_s


def open_reel(data: bytes, video_type: VideoType, limits: Limits) -> Reel:
    """List the packets; length, frames and claimed pixels are judged before anything is decoded.

    Raises:
        VideoRefused: 1107 empty; 1104 no video; 1101 no sound track for LIP; 1108 too many or too few pixels;
            1120, 1121 too short, too long or too many frames.
    """
    name = _accepted_format(data, limits)
    # Closed once the packets are there: nothing is read any more, and a container's own references go round in a ring,
    # which would keep the whole file until some later collection.
    with refusing_broken(name), BytesIO(data) as file:
        container = _opened(file, name, limits)
        pictures = _picture_track(container, name)
        sound = _sound_track(container) if video_type == "LIP" else None
        _check_claims(pictures, limits)
        picture_packets, sound_packets = _packets(container, pictures, sound, Guard(len(data), limits))
        reel = _reel(container, name, (pictures, sound), (picture_packets, sound_packets))
    check_length(reel.duration_s, video_type, limits, cut_off=reel.cut_off)
    if pictures.codec_context.width and pictures.codec_context.height:  # 0: only the first frame tells
        check_pixels(pictures.codec_context.width, pictures.codec_context.height, limits)
    if video_type == "LIP" and sound is None:
        raise VideoRefused(NO_SOUND, "the video has no sound track")
    return reel


def video_format_of(data: bytes) -> str:
    """``mp4``, ``mov``, ``webm``, ``avi`` or ``flv``; else what `format_of` calls it. Matroska counts as webm."""
    kind = format_of(data)
    if kind == "mp4 or mov video":
        return "mov" if data[8:12] == b"qt  " else "mp4"
    if kind == "webm or mkv video":
        return "webm"
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return "avi"
    if data[:4] == b"FLV\x01":
        return "flv"
    return "mov" if kind == UNKNOWN and data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip") else kind


def _accepted_format(data: bytes, limits: Limits) -> str:
    accepted = ", ".join(limits.video_formats)
    if not data:
        raise VideoRefused(EMPTY, f"the file is empty; accepted: {accepted}")
    name = video_format_of(data)
    if name == UNKNOWN:
        raise VideoRefused(NO_VIDEO, f"not a video of a known format; accepted: {accepted}")
    if name not in limits.video_formats or name not in _DEMUXERS:
        raise VideoRefused(NO_VIDEO, f"the format is {name}; accepted: {accepted}")
    return name


def _opened(file: BytesIO, name: str, limits: Limits) -> InputContainer:
    guards = {
        "codec_whitelist": ",".join([*_PICTURE_CODECS, *_SOUND_CODECS]),
        "protocol_whitelist": "none",
        "max_pixels": str(limits.video_max_side_px**2),
    }
    return av.open(file, "r", format=_DEMUXERS[name], options=guards, metadata_errors="ignore")


def _picture_track(container: InputContainer, name: str) -> VideoStream:
    tracks = [each for each in container.streams.video if not each.disposition & Disposition.attached_pic]
    if not tracks:
        raise VideoRefused(NO_VIDEO, f"the {name} file has no pictures")
    codec = tracks[0].codec_context
    if codec is None or codec.codec.name not in _PICTURE_CODECS:
        raise VideoRefused(NO_VIDEO, "the pictures are in a code that is not read here")
    return tracks[0]


def _sound_track(container: InputContainer) -> AudioStream | None:
    tracks = [each for each in container.streams.audio if each.codec_context is not None]
    return next((each for each in tracks if each.codec_context.codec.name in _SOUND_CODECS), None)


def _check_claims(pictures: VideoStream, limits: Limits) -> None:
    """Before the packets are read: a header that claims a giant is refused for it, whatever else is wrong."""
    width, height = pictures.codec_context.width, pictures.codec_context.height
    if max(width, height) > limits.video_max_side_px:
        check_pixels(width, height, limits)


def _packets(
    container: InputContainer, pictures: VideoStream, sound: AudioStream | None, guard: Guard
) -> tuple[list[AnyPacket], list[AnyPacket]]:
    pixels = pictures.codec_context.width * pictures.codec_context.height
    seen: list[AnyPacket] = []
    heard: list[AnyPacket] = []
    try:
        for packet in container.demux([pictures] if sound is None else [pictures, sound]):
            if not packet.size:
                continue
            guard.packet(packet)
            if packet.stream_index == pictures.index:
                guard.picture(packet, pixels)
                seen.append(packet)
            elif len(heard) < SOUND_PACKETS_MAX:
                heard.append(packet)
    except av.error.FFmpegError:  # a cut-off file ends like this; what came before it counts
        pass
    return seen, heard


def _reel(
    container: InputContainer,
    name: str,
    tracks: tuple[VideoStream, AudioStream | None],
    packets: tuple[list[AnyPacket], list[AnyPacket]],
) -> Reel:
    pictures, sound = tracks
    if not packets[0]:
        raise VideoRefused(NO_VIDEO, f"the {name} file holds no pictures")
    rate = float(pictures.average_rate or 0) or 25.0
    times = _times(packets[0], rate)
    gaps = np.diff(times)
    interval_s = float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1 / rate
    promised_s = _promised_s(container, pictures)
    cut_off = len(packets[0]) < pictures.frames - 1 or (promised_s or 0) > times[-1] + interval_s + 0.5
    return Reel(
        container,
        name,
        pictures,
        sound,
        deque(packets[0]),
        len(packets[0]),
        tuple(packets[1]),
        tuple(times),
        interval_s,
        promised_s is not None,
        cut_off,
    )


def _promised_s(container: InputContainer, pictures: VideoStream) -> float | None:
    if pictures.duration and pictures.time_base:
        return float(pictures.duration * pictures.time_base)
    return None if not container.duration else container.duration / 1_000_000


def _times(packets: list[AnyPacket], rate: float) -> list[float]:
    told = [time_of(packet) for packet in packets]
    known = sorted(each for each in told if each is not None)
    if len(known) < _HALF_TIMED * len(packets):
        return [index / rate for index in range(len(packets))]
    return [each - known[0] for each in known]
