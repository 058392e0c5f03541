"""A Chromium whose camera and microphone play a clip that the test has made; no clip is kept anywhere."""

import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser

from facematch.engine.api import SOUND_HZ, Sound
from facematch.engine.pipeline import FaceEngine
from tests.engine.clips import RATE
from tests.engine.reader import reading
from tests.engine.spoken import spoken
from tests.engine.talking import openings, words

from .conftest import CHROMIUM, FLAGS

SIZE = 640, 480  # of a webcam
TOP, ROWS = 60, 360  # of the reader's picture, which is upright: what a webcam sees of it
LISTENING_HZ = 48_000  # of the file: a browser's own rate
Frames = Sequence[NDArray[np.uint8]]  # RGB, 640 x 480


@contextmanager
def filming(chromium: Browser, folder: Path) -> Iterator[Browser]:
    """A browser that films ``folder/camera.y4m`` and hears ``folder/voice.wav``; read when the camera is opened."""
    files = (
        f"--use-file-for-fake-video-capture={folder / 'camera.y4m'}",
        f"--use-file-for-fake-audio-capture={folder / 'voice.wav'}",
    )
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *files])
    yield browser
    browser.close()


def put(folder: Path, frames: Frames, sound: Sound) -> None:
    """Lay down what the browser is to film and hear; both begin anew at their ends."""
    with (folder / "camera.y4m").open("wb") as film:
        film.write(f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode())
        for frame in frames:
            film.write(b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes())
    at = np.arange(len(sound) * LISTENING_HZ // SOUND_HZ) * SOUND_HZ / LISTENING_HZ
    loud = np.interp(at, np.arange(len(sound)), sound)
    with wave.open(str(folder / "voice.wav"), "wb") as voice:
        voice.setnchannels(1)
        voice.setsampwidth(2)
        voice.setframerate(LISTENING_HZ)
        voice.writeframes((np.clip(loud, -1, 1) * 32767).astype("<i2").tobytes())


def somebody_reads(engine: FaceEngine, code: str, *, after_s: float, seconds: float) -> tuple[Frames, Sound]:
    """A synthetic head that lives, and reads *code* aloud *after_s* seconds from the beginning."""
    voice = spoken(words(code))
    sound = np.zeros(round(seconds * SOUND_HZ), np.float32)
    begin = round(after_s * SOUND_HZ)
    sound[begin : begin + len(voice)] = voice[: len(sound) - begin]
    return [_webcam(frame) for frame in reading(engine, openings(sound))], sound


def _webcam(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(frame[TOP : TOP + ROWS], SIZE, interpolation=cv2.INTER_CUBIC), np.uint8)
