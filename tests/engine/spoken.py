"""Speech for tests, made by eSpeak NG from the package espeakng-loader; nothing recorded is needed."""

import ctypes
from functools import cache

import espeakng_loader
import numpy as np

from facematch.engine.api import SOUND_HZ, Sound

_RETRIEVAL = 1  # AUDIO_OUTPUT_RETRIEVAL: samples go to the callback
_UTF8 = 1
_RATE = 1  # espeakRATE
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_RETRIEVAL, 0, espeakng_loader.get_data_path().encode(), 0)
    return library, int(rate)


@cache
def spoken(text: str, *, voice: str = "en-us", words_per_minute: int = 120) -> Sound:
    """*text* read aloud, 16 kHz, with half a second of silence before and after."""
    library, rate = _library()
    heard: list[np.ndarray] = []

    @_Callback
    def collect(samples, count, events):
        if samples and count:
            heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    library.espeak_SetSynthCallback(collect)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    data = text.encode() + b"\0"
    assert library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None) == 0
    assert library.espeak_Synchronize() == 0
    sound = np.concatenate(heard).astype(np.float32) / 32768
    at = np.arange(0, len(sound) - 1, rate / SOUND_HZ)
    pause = np.zeros(SOUND_HZ // 2, np.float32)
    return np.concatenate([pause, np.interp(at, np.arange(len(sound)), sound).astype(np.float32), pause])
