"""The sound track of a video as 16 kHz mono, aligned to its first picture."""

from collections.abc import Iterator
from contextlib import suppress

import av
import numpy as np
from av.audio.frame import AudioFrame

from facematch.engine.api import SOUND_HZ, Sound
from facematch.engine.container import Reel
from facematch.engine.video_guard import NO_SOUND
from facematch.errors import VideoRefused


def sound_of(reel: Reel, first_picture_s: float, duration_s: float) -> Sound:
    """Samples from the first picture to the end of the last one, in [-1, 1]; silence where the track has none.

    Args:
        reel: With a sound track.
        first_picture_s: On the file's clock.
        duration_s: Of the pictures; nothing beyond it is decoded, however much there is.

    Raises:
        VideoRefused: 1101: nothing of the track can be decoded.
    """
    wanted = round(duration_s * SOUND_HZ)
    parts, start_s = _decoded(reel, first_picture_s, wanted)
    if not parts:
        raise VideoRefused(NO_SOUND, "nothing of the sound track can be decoded")
    offset = round(max(-duration_s, min(duration_s, start_s - first_picture_s)) * SOUND_HZ)
    samples = np.concatenate(parts)[max(0, -offset) :]
    sound = np.zeros(wanted, np.float32)
    begin = max(0, offset)
    piece = samples[: wanted - begin]
    sound[begin : begin + len(piece)] = np.clip(np.nan_to_num(piece), -1, 1)
    return sound


def _decoded(reel: Reel, first_picture_s: float, wanted: int) -> tuple[list[Sound], float]:
    """Pieces of samples, and when the first of them is heard on the file's clock."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_HZ)
    parts: list[Sound] = []
    start_s, count = first_picture_s, 0
    for frame in _frames(reel):
        if not parts and frame.time is not None:
            start_s = frame.time
        for piece in resampler.resample(frame):
            parts.append(piece.to_ndarray()[0].astype(np.float32))
            count += len(parts[-1])
        # What lies before the first picture is decoded too, but no more of it than the clip is long.
        if count > min(wanted + max(0.0, first_picture_s - start_s) * SOUND_HZ, 2 * wanted):
            return parts, start_s
    parts.extend(piece.to_ndarray()[0].astype(np.float32) for piece in (resampler.resample(None) if parts else ()))
    return parts, start_s


def _frames(reel: Reel) -> Iterator[AudioFrame]:
    if reel.sound is None:
        return
    for packet in reel.sound_packets:
        with suppress(av.error.FFmpegError):  # one broken packet costs its own milliseconds only
            yield from reel.sound.decode(packet)
