"""The frames of a clip that are worth showing and comparing, and a look at the best of them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2

from facematch.engine.api import Look, Picture, Pixels, Video
from facematch.engine.follow import SAME_PLACE, Sight, Track, overlap
from facematch.engine.look import look_at
from facematch.engine.networks import Networks
from facematch.footage import Shot
from facematch.limits import Limits
from facematch.seen import Refused

NO_FRAME = 2004
SHOTS = 12
TRIES = 3  # frames that are looked at before the video counts as unusable
THUMBNAIL_PX = 240  # long side
THUMBNAIL_QUALITY = 80


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The look that is compared, and when it was filmed; or why there is none."""

    look: Look | None
    time_s: float | None
    refused: Refused | None


def spread(track: Track) -> tuple[Sight, ...]:
    """At most 12 sights in order of time: of each twelfth of the clip the one most worth comparing."""
    count = len(track.sights)
    parts = min(SHOTS, count)
    edges = [round(part * count / parts) for part in range(parts + 1)]
    return tuple(max(track.sights[i:j], key=lambda sight: sight.worth) for i, j in pairwise(edges))


def best_look(video: Video, shots: Sequence[Sight], networks: Networks, limits: Limits) -> Best:
    """Look at the frames most worth it until one is accepted and shows the followed face."""
    failed: Counter[str] = Counter()
    detail = "the followed face is on none of the frames"
    usable = [shot for shot in shots if shot.face is not None]
    for shot in sorted(usable, key=lambda shot: -shot.worth)[:TRIES]:
        look = look_at(_picture(video, shot), networks, limits)
        if look.embedding is not None and _shows(look, shot):
            return Best(look, shot.time_s, None)
        refused = None if look.seen is None else look.seen.refused
        if refused is not None:
            failed[refused.check or "found"] += 1
            detail = detail if failed.total() > 1 else refused.detail  # of the best frame
    check = failed.most_common(1)[0][0] if failed else None
    return Best(None, None, Refused(NO_FRAME, check, f"no frame good enough to compare; the best: {detail}"))


def strip(video: Video, shots: Sequence[Sight], cosines: Sequence[float | None]) -> tuple[Shot, ...]:
    """The shots as small JPEG pictures."""
    return tuple(
        Shot(shot.time_s, shot.face, cosine, _thumbnail(video.frames[shot.index].rgb()))
        for shot, cosine in zip(shots, cosines, strict=True)
    )


def _picture(video: Video, shot: Sight) -> Picture:
    pixels = video.frames[shot.index].rgb()
    return Picture(pixels, video.source_width, video.source_height, video.format, (), 0.0)


def _shows(look: Look, shot: Sight) -> bool:
    seen = look.seen
    if seen is None or seen.chosen is None or shot.face is None:
        return False
    return overlap(seen.faces[seen.chosen], shot.face) >= SAME_PLACE


def _thumbnail(picture: Pixels) -> bytes:
    height, width = picture.shape[:2]
    scale = min(1.0, THUMBNAIL_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, THUMBNAIL_QUALITY])[1])
