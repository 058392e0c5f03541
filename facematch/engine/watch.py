"""A video watched: is one and the same usable face on it throughout, and which frame shows it best?"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from facematch.contract import VideoType
from facematch.engine.api import SOUND_HZ, Embedding, Spot, Video, Watch
from facematch.engine.best import Best, best_look, spread, strip
from facematch.engine.embed import cosine_of
from facematch.engine.follow import Sight, Track, follow
from facematch.engine.networks import Networks
from facematch.engine.one_person import OTHER, UNLIKE, Change, least_alike, mean_face
from facematch.engine.quality import BLACK, BRIGHT, CUT, DARK, WHITE, face_size, least, light, most, said, whole
from facematch.footage import Clip, Shot
from facematch.limits import Limits
from facematch.seen import Check, Refused

COMPARABLE = 0.3  # worth from which a frame may say who is on it: a profile or a smear is like nobody
SELDOM, ALWAYS = 0.7, 0.95  # share of the looked-at frames on which the face is found
MOSTLY_CUT, MOSTLY_WHOLE = 0.5, 0.9  # share of the frames with a face on which it is whole
OFTEN = 0.2  # share of the looks at whole frames that show a second person
ERRCODES = {
    "found": 1004,
    "in_frame": 1102,
    "second_face": 2012,
    "one_person": 2012,
    "face_size": 1108,
    "too_dark": 1201,
    "too_bright": 1202,
}


@dataclass(frozen=True, slots=True, eq=False)
class _Likeness:
    """Who is on the shots."""

    cosines: tuple[float | None, ...]  # of each shot to the mean face; None: not comparable
    change: Change
    change_s: float


def watch(video: Video, video_type: VideoType, networks: Networks, limits: Limits) -> Watch:
    """Follow one face, judge the whole clip, and look at the best frame unless the clip is refused."""
    started = time.perf_counter()
    track = follow(video, video_type, networks.detector, limits.faces)
    shots = spread(track)
    likeness = _likeness(shots, networks)
    checks = tuple(_checks(video, track, likeness.change, limits))
    refused = _refusal(checks, likeness.change_s)
    pictures = strip(video, shots, likeness.cosines)
    followed = time.perf_counter()
    best = best_look(video, shots, networks, limits) if refused is None else Best(None, None, refused)
    clip = _clip(video, track, pictures, checks, best, _times_ms(video, started, followed))
    return Watch(video, tuple(Spot(sight.index, sight.face) for sight in track.sights), clip, best.look)


def _clip(
    video: Video,
    track: Track,
    pictures: tuple[Shot, ...],
    checks: tuple[Check, ...],
    best: Best,
    times_ms: dict[str, float],
) -> Clip:
    return Clip(
        width=video.width,
        height=video.height,
        source_width=video.source_width,
        source_height=video.source_height,
        format=video.format,
        codec=video.codec,
        duration_s=video.duration_s,
        rate=video.source_rate,
        frames=video.source_frames,
        followed=len(track.sights),
        found=len(track.found),
        sound_s=None if video.sound is None else len(video.sound) / SOUND_HZ,
        notes=video.notes,
        best_s=best.time_s,
        shots=pictures,
        checks=checks,
        refused=best.refused,
        times_ms=times_ms,
    )


def _times_ms(video: Video, started: float, followed: float) -> dict[str, float]:
    best_ms = (time.perf_counter() - followed) * 1000
    return {"decode": video.decode_ms, "follow": (followed - started) * 1000, "best": best_ms}


def _likeness(shots: Sequence[Sight], networks: Networks) -> _Likeness:
    faces: dict[int, Embedding] = {
        nth: networks.embedder.embed(shot.crop)
        for nth, shot in enumerate(shots)
        if shot.crop is not None and shot.worth >= COMPARABLE
    }
    if not faces:
        return _Likeness((None,) * len(shots), Change(1.0, 0), 0.0)
    mean = mean_face(list(faces.values()))
    change = least_alike(list(faces.values()))
    cosines = tuple(cosine_of(faces[nth], mean) if nth in faces else None for nth in range(len(shots)))
    return _Likeness(cosines, change, shots[list(faces)[change.start]].time_s)


def _checks(video: Video, track: Track, change: Change, limits: Limits) -> Iterator[Check]:
    """In the order in which the first refusal decides; without a face there is one check only."""
    found = track.found
    yield least("found", len(found) / len(track.sights), "ratio", warn=ALWAYS, refuse=SELDOM)
    if not found:
        return
    faces = [sight.face for sight in found if sight.face is not None]
    in_frame = np.mean([whole(face, video.width, video.height) >= CUT for face in faces])
    yield least("in_frame", float(in_frame), "ratio", warn=MOSTLY_WHOLE, refuse=MOSTLY_CUT)
    yield most("second_face", track.crowded / track.sweeps, "ratio", warn=0, refuse=OFTEN)
    yield least("one_person", change.cosine, "ratio", warn=UNLIKE, refuse=OTHER)
    scale = max(video.source_width, video.source_height) / max(video.width, video.height)
    size = float(np.median([face_size(face) for face in faces])) * scale
    yield least("face_size", size, "px", warn=limits.face_warn_px, refuse=limits.face_min_px)
    levels, blown_out = zip(*(light(sight.crop) for sight in found if sight.crop is not None), strict=True)
    yield least("too_dark", float(np.median(levels)), "level", warn=DARK, refuse=BLACK)
    yield most("too_bright", float(np.median(blown_out)), "ratio", warn=BRIGHT, refuse=WHITE)


def _refusal(checks: Sequence[Check], change_s: float) -> Refused | None:
    check = next((each for each in checks if each.verdict == "refuse"), None)
    if check is None:
        return None
    told = {
        "found": "share of the frames with a face",
        "in_frame": "share of the frames on which the face is whole",
        "second_face": "share of the looks that show a second person",
        "one_person": f"another person from {change_s:.1f} s on: cosine to the rest",
    }
    return Refused(ERRCODES[check.name], check.name, said(check, told.get(check.name, check.name)))
