"""Speech for tests, made by eSpeak NG from the package espeakng-loader; nothing recorded is needed."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np

from facematch.engine.api import SOUND_HZ, Sound

READER = Path(__file__).with_name("espeak.py")
TIMEOUT_S = 60  # a busy machine is no failure


@cache
def spoken(text: str, *, voice: str = "en-us", words_per_minute: int = 120) -> Sound:
    """*text* read aloud, 16 kHz, with half a second of silence before and after."""
    command = [sys.executable, str(READER), text, voice, str(words_per_minute)]
    told = subprocess.run(command, stdout=subprocess.PIPE, timeout=TIMEOUT_S, check=True).stdout
    rate, _, samples = told.partition(b"\n")
    sound = np.frombuffer(samples, "<i2").astype(np.float32) / 32768
    at = np.arange(0, len(sound) - 1, int(rate) / SOUND_HZ)
    pause = np.zeros(SOUND_HZ // 2, np.float32)
    return np.concatenate([pause, np.interp(at, np.arange(len(sound)), sound).astype(np.float32), pause])
