"""How loud a sound track is, where somebody speaks in it, and how the voice goes up and down."""

import threading
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import SOUND_HZ, Sound

Curve = NDArray[np.float64]

STEP_S = 0.04  # between two values of a curve
LOUD_PART = 95  # percentile of the steps that stands for the voice; clicks are rarer, pauses are not loud
QUIET_PART = 10
DEEPEST_DB = -30.0  # below the voice; what is softer counts as silence
ABOVE_NOISE_DB = 3.0
SOFTEST_DBFS = -120.0
SMOOTH_STEPS = 1.5
_SPEECH_FROM = 0.35  # probability; the network's usual 0.5 misses softly spoken digits
_SHORTEST_MS = 60
_PAUSE_MS = 200
_MARGIN_MS = 40
_making = threading.Lock()


def levels(sound: Sound, steps: int) -> Curve:
    """Loudness of each 40 ms in dB of full scale, shape (steps,); beyond the sound's end it is silent."""
    size = int(STEP_S * SOUND_HZ)
    flat = np.zeros(steps * size)
    shifted = np.pad(np.asarray(sound, np.float64), (size // 2, 0))[: steps * size]  # a step's middle is its time
    flat[: len(shifted)] = shifted - (np.mean(sound) if len(sound) else 0.0)
    flat[: size // 2] = 0.0
    power = np.mean(flat.reshape(steps, size) ** 2, axis=1)
    return np.asarray(np.maximum(SOFTEST_DBFS, 10 * np.log10(power + np.finfo(np.float64).tiny)))


def level_dbfs(sound: Sound) -> float:
    """How loud the voice is: the loud part of the steps."""
    steps = int(len(sound) / SOUND_HZ / STEP_S)
    return float(np.percentile(levels(sound, steps), LOUD_PART)) if steps else SOFTEST_DBFS


def loudness(sound: Sound, steps: int) -> Curve:
    """The voice from 0 (silence) to 1 (its loud part), on a logarithmic scale, smoothed; shape (steps,)."""
    heard = levels(sound, steps)
    loud = float(np.percentile(heard, LOUD_PART))
    floor = max(DEEPEST_DB, float(np.percentile(heard, QUIET_PART)) + ABOVE_NOISE_DB - loud)
    floor = min(floor, DEEPEST_DB / 4)  # a noise nearly as loud as the voice leaves a quarter of the scale
    return smoothed(np.clip((heard - loud) / -floor, -1.0, 0.0) + 1.0)


def speech_spans(sound: Sound) -> tuple[tuple[float, float], ...]:
    """From when to when somebody speaks, in seconds."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        threshold=_SPEECH_FROM,
        min_speech_duration_ms=_SHORTEST_MS,
        min_silence_duration_ms=_PAUSE_MS,
        speech_pad_ms=_MARGIN_MS,
    )
    _network()
    found: list[dict[str, int]] = get_speech_timestamps(np.asarray(sound, np.float32), options)
    return tuple((span["start"] / SOUND_HZ, span["end"] / SOUND_HZ) for span in found)


def _network() -> Any:
    """Make the shared network once; two first calls at the same moment would make two."""
    with _making:
        return _made()


@cache
def _made() -> Any:
    from faster_whisper.vad import get_vad_model

    return get_vad_model()


def smoothed(curve: Curve) -> Curve:
    """The curve under a Gaussian of 60 ms; the ends are held."""
    reach = int(3 * SMOOTH_STEPS) + 1
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SMOOTH_STEPS) ** 2)
    return np.convolve(np.pad(curve, reach, mode="edge"), weights / weights.sum(), "valid")
