"""Clips whose sound is a recording: the pictures of a portrait or of another clip under it."""

import wave
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from facematch.errors import PairsInvalid
from facematch.evaluation.avi import avi
from facematch.evaluation.campaign import REFERENCE
from facematch.evaluation.still_clips import jpeg
from facematch.samples import photo
from facematch.settings import Settings

RATE = 25
SHORTEST_S = 3.2  # LIP takes 3 s and more
PAUSE_S = 0.4  # before and after what is said
PORTRAIT_SIZE = 480, 600
_SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Scene:
    """The pictures, played to and fro as long as the sound lasts."""

    pictures: tuple[bytes, ...]  # JPEG
    size: tuple[int, int]
    rate: int


def portrait_scene() -> Scene:
    """A still: its lips do not move, which is told after the digits were heard."""
    from io import BytesIO

    with Image.open(BytesIO(photo(REFERENCE))) as image:
        return Scene((jpeg(image.convert("RGB").resize(PORTRAIT_SIZE)),), PORTRAIT_SIZE, RATE)


def scene_of(path: Path, settings: Settings) -> Scene:
    """The pictures of a video.

    Raises:
        PairsInvalid: The engine refuses it.
    """
    from facematch.engine.pipeline import FaceEngine
    from facematch.errors import VideoRefused

    try:
        video = FaceEngine(settings).open_video(path.read_bytes(), "SILENT")
    except (OSError, VideoRefused) as error:
        raise PairsInvalid(f"the clip cannot be used: {getattr(error, 'strerror', None) or error}") from error
    rate = round(len(video.frames) / video.duration_s)
    pictures = tuple(jpeg(Image.fromarray(frame.rgb())) for frame in video.frames)
    return Scene(pictures, (video.width, video.height), rate)


def spoken_clip(scene: Scene, path: Path) -> bytes:
    """A clip that sounds like the WAV file *path*, with a pause before and after it.

    Raises:
        PairsInvalid: It is no WAV file of 16 bit and one channel.
    """
    samples, hertz = _recording(path)
    pause = b"\0" * (_SAMPLE_BYTES * round(PAUSE_S * hertz))
    sound = pause + samples + pause
    lacking = round(SHORTEST_S * hertz) - len(sound) // _SAMPLE_BYTES
    sound += b"\0" * (_SAMPLE_BYTES * max(0, lacking))
    count = -(-len(sound) * scene.rate // (_SAMPLE_BYTES * hertz))
    way = (*scene.pictures, *scene.pictures[-2:0:-1])
    return avi([way[nth % len(way)] for nth in range(count)], scene.size, scene.rate, sound, hertz)


def _recording(path: Path) -> tuple[bytes, int]:
    try:
        with wave.open(str(path)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, _SAMPLE_BYTES):
                raise PairsInvalid("a recording is not of one channel and 16 bit")
            return file.readframes(file.getnframes()), file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise PairsInvalid("a recording cannot be read as WAV") from error
