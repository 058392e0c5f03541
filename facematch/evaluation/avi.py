"""Writes a small video in the AVI container: every picture a JPEG, the sound uncompressed. No codec is needed."""

import struct
from collections.abc import Sequence

_HAS_INDEX, _KEY_FRAME = 0x10, 0x10
_PCM = 1
_SAMPLE_BYTES = 2


def avi(pictures: Sequence[bytes], size: tuple[int, int], rate: int, sound: bytes = b"", sound_hz: int = 0) -> bytes:
    """A file that plays *pictures*.

    Args:
        pictures: JPEG files of one size, at least 1.
        size: Their width and height.
        rate: Pictures a second.
        sound: Samples of 16 bit, one channel, from the first picture on; empty: no sound track.
        sound_hz: Samples a second.
    """
    share = _SAMPLE_BYTES * (sound_hz // rate)
    movi, index = b"movi", []
    for nth, picture in enumerate(pictures):
        last = nth == len(pictures) - 1
        heard = sound[nth * share :] if last else sound[nth * share : (nth + 1) * share]
        for name, data in ((b"00dc", picture), (b"01wb", heard)):
            if data:
                index.append(struct.pack("<4sIII", name, _KEY_FRAME, len(movi), len(data)))
                movi += _chunk(name, data)
    tracks = _picture_track(len(pictures), size, rate)
    if sound:
        tracks += _sound_track(len(sound), sound_hz)
    head = _chunk(b"LIST", b"hdrl" + _main(len(pictures), size, rate, 2 if sound else 1) + tracks)
    return _chunk(b"RIFF", b"AVI " + head + _chunk(b"LIST", movi) + _chunk(b"idx1", b"".join(index)))


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _main(pictures: int, size: tuple[int, int], rate: int, tracks: int) -> bytes:
    fields = (1_000_000 // rate, 0, 0, _HAS_INDEX, pictures, 0, tracks, 0, *size, 0, 0, 0, 0)
    return _chunk(b"avih", struct.pack("<14I", *fields))


def _picture_track(pictures: int, size: tuple[int, int], rate: int) -> bytes:
    head = struct.pack(
        "<4s4sIHHIIIIIIII4H", b"vids", b"MJPG", 0, 0, 0, 0, 1, rate, 0, pictures, 0, 0xFFFFFFFF, 0, 0, 0, *size
    )
    form = struct.pack("<IiiHH4sIiiII", 40, *size, 1, 24, b"MJPG", size[0] * size[1] * 3, 0, 0, 0, 0)
    return _chunk(b"LIST", b"strl" + _chunk(b"strh", head) + _chunk(b"strf", form))


def _sound_track(length: int, hertz: int) -> bytes:
    a_second = _SAMPLE_BYTES * hertz
    samples = length // _SAMPLE_BYTES
    head = struct.pack(
        "<4sIIHHIIIIIIII4H",
        b"auds",
        0,
        0,
        0,
        0,
        0,
        _SAMPLE_BYTES,
        a_second,
        0,
        samples,
        0,
        0,
        _SAMPLE_BYTES,
        0,
        0,
        0,
        0,
    )
    form = struct.pack("<HHIIHHH", _PCM, 1, hertz, a_second, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES, 0)
    return _chunk(b"LIST", b"strl" + _chunk(b"strh", head) + _chunk(b"strf", form))
