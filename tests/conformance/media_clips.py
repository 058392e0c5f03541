"""Clips of the cases: what a camera would deliver and what an attacker would, all synthetic."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from facematch.engine.api import SOUND_HZ as HEARD_HZ
from facematch.engine.api import Picture, Pixels, Sound
from facematch.engine.pipeline import FaceEngine
from facematch.seen import Face
from facematch.settings import Settings
from tests.engine.clips import RATE, SIZE, SOUND_HZ, Frames, blank, encoded, on_wall, person, swaying, tone, wall
from tests.engine.living import attack, living
from tests.engine.reader import reading
from tests.engine.spoken import spoken
from tests.engine.talking import opened, openings, words

SPOKEN = "4219"  # what the speaking clips say
PORTRAIT_PX = 640  # height of the speaking portrait
SLOW = 2  # pictures a second
SOFTLY = 0.004  # of full scale


@cache
def _engine() -> FaceEngine:
    """Finds the face in a portrait that is to be animated; the server under test is not asked."""
    folder = tempfile.mkdtemp(prefix="facematch-conformance-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return FaceEngine(Settings(data_dir=Path(folder)))


def _alive() -> bytes:
    return encoded(list(living(_engine())))


def _few_frames() -> bytes:
    """The living head at some six frames a second: too few to tell anything."""
    return encoded(list(living(_engine()))[::4], rate=6)


def _changed(change: Callable[[Image.Image], Image.Image]) -> bytes:
    frames = [np.asarray(change(Image.fromarray(pixels))) for pixels in swaying("obama_1.jpg", 2.2)]
    return encoded(frames)


def _two_persons() -> bytes:
    canvas = wall((900, 600))
    canvas.paste(person("obama_1.jpg", 560), (0, 20))
    canvas.paste(person("biden_1.jpg", 680), (480, 20))
    return encoded([np.asarray(canvas)] * round(2.2 * RATE))


def _another_person() -> bytes:
    one, other = swaying("obama_1.jpg", 1.4), swaying("biden_1.jpg", 1.4)
    return encoded(one + other)


def _cut() -> bytes:
    portrait = person("obama_1.jpg", 900)
    return encoded([on_wall(portrait, SIZE[0] - portrait.width * 0.52, 0)] * round(2.2 * RATE))


def _small_face() -> bytes:
    return encoded([on_wall(person("obama_1.jpg", 200), 150, 200)] * round(2.2 * RATE))


def _blank(container: str = "mp4", codec: str = "libx264", level: int = 128) -> bytes:
    """A wall, in few pictures, as each is searched for a face."""
    return encoded(blank(2.4, rate=SLOW, level=level), container, codec, rate=SLOW)


def _only_sound() -> bytes:
    return encoded([], sound=tone(3.2))


@cache
def _speaker() -> tuple[Pixels, Face]:
    """A portrait of even width and height, and its face."""
    image = person("obama_2.jpg", PORTRAIT_PX)
    pixels = np.asarray(image.crop((0, 0, image.width // 2 * 2, PORTRAIT_PX)))
    seen = _engine().look(Picture(pixels, pixels.shape[1], pixels.shape[0], "png", (), 0.0)).seen
    assert seen is not None
    assert seen.chosen is not None
    return pixels, seen.faces[seen.chosen]


@cache
def _voice() -> Sound:
    return spoken(words(SPOKEN))


@cache
def _grain() -> tuple[NDArray[np.float32], ...]:
    """A camera's noise; four fields in turn are enough for a clip that changes all the time."""
    rng = np.random.default_rng(3)
    return tuple(rng.normal(0, 1.5, _speaker()[0].shape).astype(np.float32) for _ in range(4))


def _photo(mouth: NDArray[np.float64]) -> Frames:
    """A portrait that nothing moves in but the mouth, as far open as *mouth* says."""
    pixels, face = _speaker()
    grains = _grain()
    frames = [opened(pixels, face, float(each)) + grains[nth % len(grains)] for nth, each in enumerate(mouth)]
    return [np.clip(each, 0, 255).astype(np.uint8) for each in frames]


@cache
def _reading() -> Frames:
    """A living head reads `SPOKEN`."""
    return reading(_engine(), openings(_voice()))


def _with_voice(frames: Frames, voice: Sound, loudness: float = 1.0) -> bytes:
    at = np.arange(0, len(voice) - 1, HEARD_HZ / SOUND_HZ)
    loud = np.interp(at, np.arange(len(voice)), voice).astype(np.float32) * loudness
    return encoded(frames, sound=loud)


def _dubbed() -> bytes:
    """The right voice over a living head's lips that stay shut."""
    return _with_voice(reading(_engine(), np.zeros(len(openings(_voice())))), _voice())


def _photo_with_voice(mouth: NDArray[np.float64]) -> bytes:
    return _with_voice(_photo(mouth), _voice())


CLIPS: Mapping[str, Callable[[], bytes]] = {
    "alive": _alive,
    "few_frames": _few_frames,
    "loop": lambda: encoded(attack("loop", _engine())),
    "still": lambda: encoded(attack("still_photo", _engine())),
    "waved": lambda: encoded(attack("waved_photo", _engine())),
    "wall": _blank,
    "black": lambda: _blank(level=0),
    "cut": _cut,
    "two_persons": _two_persons,
    "another_person": _another_person,
    "small_face_clip": _small_face,
    "dark": lambda: _changed(lambda image: image.point(lambda level: level * 0.06)),
    "bright_clip": lambda: _changed(lambda image: image.point(lambda level: min(255, level * 3))),
    "blurred": lambda: _changed(lambda image: image.filter(ImageFilter.GaussianBlur(9))),
    "few_pixels": lambda: encoded(blank(2.2, (160, 120))),
    "short": lambda: encoded(blank(1.0)),
    "long": lambda: encoded(blank(15.6, rate=SLOW), rate=SLOW),
    "half_a_clip": lambda: encoded(blank(2.2))[:1500],
    "heavy_clip": lambda: b"\0\0\0\x18ftypmp42" + bytes(6 * 1024 * 1024 + 1024),
    "only_sound": _only_sound,
    "speaking": lambda: _with_voice(_reading(), _voice()),
    "dubbed": _dubbed,
    "still_with_voice": lambda: _photo_with_voice(np.zeros(len(openings(_voice())))),
    "warped_with_voice": lambda: _photo_with_voice(openings(_voice())),
    "out_of_time": lambda: _with_voice(_reading(), np.roll(_voice(), round(0.6 * HEARD_HZ))),  # the voice is late
    "backwards": lambda: _with_voice(_reading()[::-1], _voice()[::-1].copy()),
    "whispered": lambda: _with_voice(_reading(), _voice(), SOFTLY),
    "silence": lambda: _with_voice(_reading(), _voice(), 0.0),  # a sound track without a sound
    "mute": lambda: encoded(_reading()),  # no sound track
    "webm": lambda: _blank("webm", "libvpx"),
    "avi": lambda: _blank("avi", "mpeg4"),
    "flv": lambda: _blank("flv", "flv"),
    "mov": lambda: _blank("mov"),
}
