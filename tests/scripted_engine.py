"""An engine steered by the bytes themselves: ``b"0.8"`` is as alike as 0.8 to anything, ``b"wall"`` shows no face.

A video's bytes are words: ``b"video spoof 0.8"``. A number is the cosine; ``said`` and digits, what is heard (without
it the expected code); any other word is looked up in the tables below, each at its own stage.
"""

import threading

import numpy as np
from scripted_footage import challenge_of, clip_of, liveness_of, seen_of

from facematch.contract import VideoType
from facematch.engine.api import Comparison, Embedding, Frame, Look, Picture, Pixels, Sound, Spot, Video, Watch
from facematch.errors import EngineError, PictureRefused, SpeechUnavailable, VideoRefused, WeightsMissing
from facematch.footage import Challenge, Liveness
from facematch.local import Model

REFUSED = {"wall": 2010, "crowd": 2012, "blurred": 2103, "covered": 2104, "dark": 1201, "bright": 1202}  # by look
UNDECODABLE = {"": 2101, "junk": 2101, "tiny": 2102}  # by decode
UNPLAYABLE = {"junk": 1104, "tiny": 1108, "short": 1120, "long": 1121}  # by open_video; "mute" is 1101 for LIP
UNWATCHABLE = {"wall": 1004, "cut": 1102, "crowd": 2012, "dark": 1201, "bright": 1202, "unusable": 2004}  # by watch
NOT_LIVE = {"replay": 1002, "spoof": 1003, "motionless": 1005}  # by silent and lip_liveness
NOT_SPOKEN = {"soundless": 1101, "quiet": 1106, "lips": 1109}  # by lip
SIDE = 112
WAIT_S = 10.0


class ScriptedEngine:
    """Words and what they do: the tables above; ``broken`` raises what nobody expects at a look or a watch, ``slow``
    waits there for `released`; ``unready``: what judges the video is not installed. A number is the cosine with
    whatever it is compared with, any other text the cosine 1.

    Args:
        problem: What warming up and every look raise, if anything.
        lip_languages: In which digits are heard; empty: LIP is not available.
        name: A kept embedding of another name is not used.
    """

    mapping = "percent/1"
    models = (Model("script", "00" * 32, "recognition"),)

    def __init__(
        self,
        problem: Exception | None = None,
        *,
        lip_languages: tuple[str, ...] = ("en", "zh"),
        name: str = "scripted engine",
    ) -> None:
        self.problem = problem
        self.lip_languages = lip_languages
        self.lip_problem = None if lip_languages else "no speech models in the script"
        self.name = name
        self.speech_loads = 0
        self.done: list[str] = []  # "decode 0.8", "look …", "open …", "watch …", "silent …", "live …" (LIP), "lip …"
        self.waiting = threading.Event()
        self.released = threading.Event()

    def warm_up(self) -> None:
        if self.problem is not None:
            raise self.problem

    def warm_up_speech(self) -> None:
        self.speech_loads += 1

    def decode(self, data: bytes) -> Picture:
        text = data.decode("latin-1")
        self.done.append(f"decode {text}")
        if text in UNDECODABLE:
            raise PictureRefused(UNDECODABLE[text], "the script says so")
        return Picture(_pixels(data), 1, len(data), "png", (), 0.0)

    def look(self, picture: Picture) -> Look:
        text = picture.pixels.tobytes()[: picture.source_height].decode("latin-1")
        self._begin("look", text)
        errcode = REFUSED.get(text)
        return Look(seen_of(picture, errcode), None if errcode else _embedding(text))

    def compare(self, reference: Look, probe: Look) -> Comparison:
        self.done.append("compare")
        assert reference.embedding is not None
        assert probe.embedding is not None
        cosine = round(float(min(reference.embedding[0], probe.embedding[0])), 6)
        return Comparison(cosine, round(100 * max(cosine, 0)))

    def open_video(self, data: bytes, video_type: VideoType) -> Video:
        text = data.decode("latin-1")
        self.done.append(f"open {text}")
        if not text:
            raise VideoRefused(1107, "the script says so")
        words = text.split()
        if errcode := _errcode(words, UNPLAYABLE | ({"mute": 1101} if video_type == "LIP" else {})):
            raise VideoRefused(errcode, "the script says so")
        return _video(data, np.zeros(16_000, np.float32) if video_type == "LIP" else None)

    def watch(self, video: Video, video_type: VideoType) -> Watch:
        text = _text(video)
        self._begin("watch", text)
        errcode = _errcode(text.split(), UNWATCHABLE)
        look = None if errcode else Look(seen_of(_picture(), None), _embedding(*_numbers(text.split())))
        return Watch(video, (Spot(0, None),), clip_of(video, errcode), look)

    def silent(self, watch: Watch) -> Liveness:
        text = _text(watch.video)
        self._begin("silent", text)
        if "unready" in text.split():
            raise WeightsMissing("no liveness model in the script")
        return liveness_of(_errcode(text.split(), NOT_LIVE))

    def lip_liveness(self, watch: Watch) -> Liveness:
        text = _text(watch.video)
        self._begin("live", text)
        return liveness_of(_errcode(text.split(), NOT_LIVE))

    def lip(self, watch: Watch, code: str) -> Challenge:
        text = _text(watch.video)
        self._begin("lip", text)
        if not self.lip_languages or "unready" in text.split():
            raise SpeechUnavailable("no speech models in the script")
        words = text.split()
        heard = words[words.index("said") + 1] if "said" in words else code
        errcode = _errcode(words, NOT_SPOKEN) or (0 if heard == code else 1103)
        return challenge_of(errcode, code, heard)

    def _begin(self, stage: str, text: str) -> None:
        """Every stage that looks: note it, then do what the words that concern all of them say."""
        if isinstance(self.problem, EngineError):
            raise self.problem
        self.done.append(f"{stage} {text}")
        words = text.split()
        if "broken" in words:
            raise RuntimeError("the script broke")
        if "slow" in words:
            self.waiting.set()
            self.released.wait(WAIT_S)


def _errcode(words: list[str], table: dict[str, int]) -> int:
    return next((table[word] for word in words if word in table), 0)


def _numbers(words: list[str]) -> list[str]:
    """The words that are numbers, without the digits that were said."""
    said = words.index("said") + 1 if "said" in words else -1
    return [word for at, word in enumerate(words) if at != said and word.replace(".", "", 1).lstrip("-").isdigit()]


def _embedding(text: str = "1", *_: str) -> Embedding:
    try:
        cosine = float(text)
    except ValueError:
        cosine = 1.0
    return np.full(128, cosine, np.float32)


def _pixels(data: bytes) -> Pixels:
    rows = -(-len(data) // 3)
    return np.frombuffer(data.ljust(3 * rows, b"\0"), np.uint8).reshape(rows, 1, 3)


def _picture() -> Picture:
    return Picture(_pixels(b"frame"), 1, 5, "png", (), 0.0)


def _video(data: bytes, sound: Sound | None) -> Video:
    """The bytes stand in the first frame's planes; `_text` reads them there."""
    planes = np.frombuffer(data, np.uint8).reshape(1, -1)
    frames = tuple(Frame(at / 25, planes) for at in range(2))
    return Video(
        frames=frames,
        width=480,
        height=640,
        source_width=480,
        source_height=640,
        source_frames=2,
        source_rate=25.0,
        duration_s=3.0,
        format="mp4",
        codec="script",
        sound=sound,
        notes=(),
        decode_ms=0.0,
    )


def _text(video: Video) -> str:
    return video.frames[0].planes.tobytes().decode("latin-1")
