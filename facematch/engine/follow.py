"""One face followed through the frames of a video: found once, then looked for around its last place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facematch.contract import VideoType
from facematch.engine.align import aligned
from facematch.engine.api import Pixels, Video
from facematch.engine.choose import COUNTS_FROM, choose
from facematch.engine.detect import Detector
from facematch.engine.locate import SMALL_FACE, Located, followed, locate, sweep
from facematch.engine.quality import worth
from facematch.seen import Face

LOOKS = {"SILENT": 12, "LIP": 25}  # a second, about: every frame, or every second one, or …
SWEEPS = 2  # a second, over the whole frame, so that a second person is noticed
SEEDS = (0.5, 0.25, 0.75)  # where in the video a face is looked for with all effort
SAME_PLACE = 0.3  # overlap, intersection over union, from which two finds are one face


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One looked-at frame."""

    index: int  # into ``Video.frames``
    time_s: float
    face: Face | None
    crop: Pixels | None  # (112, 112, 3), RGB, aligned
    worth: float  # how good for a comparison, in [0, 1]; see `quality.worth`


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """The followed face; all sights are empty when there never was one."""

    sights: tuple[Sight, ...]
    sweeps: int  # how often the whole frame was looked at
    crowded: int  # in how many of them another face competed with the followed one

    @property
    def found(self) -> tuple[Sight, ...]:
        return tuple(sight for sight in self.sights if sight.face is not None)


def follow(video: Video, video_type: VideoType, detector: Detector, rule: str) -> Track:
    """Follow the face that *rule* (see `choose`) means."""
    rate = len(video.frames) / max(video.duration_s, 0.1)
    step = max(1, round(rate / LOOKS[video_type]))
    indices = range(0, len(video.frames), step)
    seed = _seed(video, detector)
    if seed is None:
        blind = tuple(Sight(index, video.frames[index].time_s, None, None, 0.0) for index in indices)
        return Track(blind, len(SEEDS), 0)
    follower = _Follower(video, detector, rule, seed)
    every = max(1, round(rate / step / SWEEPS))
    sights = tuple(follower.sight(index, whole_frame=nth % every == 0) for nth, index in enumerate(indices))
    return Track(sights, follower.sweeps, follower.crowded)


def _seed(video: Video, detector: Detector) -> Located | None:
    """How the faces of this video lie and how large they are; who shows none on three frames shows too little."""
    last = len(video.frames) - 1
    for part in SEEDS:
        located = locate(video.frames[round(part * last)].rgb(), detector)
        if located.faces:
            return located
    return None


class _Follower:
    def __init__(self, video: Video, detector: Detector, rule: str, seed: Located) -> None:
        self._video = video
        self._detector = detector
        self._rule = rule
        self._turned = seed.turned
        largest = max(max(face.box[2:]) for face in seed.faces)
        self._small = largest < SMALL_FACE * max(video.width, video.height)
        self._last: Face | None = None
        self.sweeps = 0
        self.crowded = 0

    def sight(self, index: int, *, whole_frame: bool) -> Sight:
        frame = self._video.frames[index]
        picture = frame.rgb()
        face = None if self._last is None else followed(picture, self._last, self._detector)
        if whole_frame or face is None:
            face = self._swept(picture, face)
        self._last = face or self._last
        if face is None:
            return Sight(index, frame.time_s, None, None, 0.0)
        crop = aligned(picture, face.points)
        return Sight(index, frame.time_s, face, crop, worth(face, crop, self._video.width, self._video.height))

    def _swept(self, picture: Pixels, face: Face | None) -> Face | None:
        """The followed face, confirmed, corrected or found again on the whole frame."""
        faces = sweep(picture, self._detector, self._turned, small=self._small)
        choice = choose(faces, self._video.width, self._video.height, self._rule)
        self.sweeps += 1
        self.crowded += choice.crowded
        if face is not None and (face.confidence >= COUNTS_FROM or _at(face, faces) is not None):
            return face
        found = None if self._last is None else _at(self._last, faces)
        if found is None and choice.index is not None:
            found = faces[choice.index]
        return None if found is None else followed(picture, found, self._detector) or found


def _at(face: Face, faces: Sequence[Face]) -> Face | None:
    """Which of *faces* is where *face* is."""
    overlaps = [overlap(face, other) for other in faces]
    best = int(np.argmax(overlaps)) if overlaps else 0
    return faces[best] if overlaps and overlaps[best] >= SAME_PLACE else None


def overlap(one: Face, other: Face) -> float:
    """Intersection over union of the boxes."""
    (ax, ay, aw, ah), (bx, by, bw, bh) = one.box, other.box
    width, height = min(ax + aw, bx + bw) - max(ax, bx), min(ay + ah, by + bh) - max(ay, by)
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(aw * ah + bw * bh - shared, 1e-9)
