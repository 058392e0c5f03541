"""A process that reads a text aloud with eSpeak NG: the rate in one line, then 16 bit samples.

    python espeak.py TEXT VOICE WORDS_PER_MINUTE

A process of its own, because the library hangs when a second module of one process makes it ready again.
"""

import ctypes
import sys

import espeakng_loader

_SYNCHRONOUS = 2  # AUDIO_OUTPUT_SYNCHRONOUS: samples go to the callback, in this thread
_UTF8 = 1
_RATE = 1  # espeakRATE
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main(text: str, voice: str, words_per_minute: str) -> int:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    heard: list[bytes] = []

    @_Callback
    def collect(samples, count, events):
        if samples and count:
            heard.append(ctypes.string_at(samples, 2 * count))
        return 0

    library.espeak_SetSynthCallback(collect)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        return 1
    library.espeak_SetParameter(_RATE, int(words_per_minute), 0)
    data = text.encode() + b"\0"
    failed = library.espeak_Synth(data, len(data), 0, 0, 0, _UTF8, None, None)
    sys.stdout.buffer.write(b"%d\n" % rate + b"".join(heard))
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
