"""How the mouth of the followed face moves, whatever the head and the camera do meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.align import TEMPLATE, similarity
from facematch.engine.api import Pixels, Watch
from facematch.engine.view import Floats
from facematch.engine.voice import STEP_S, Curve, smoothed

WIDTH, HEIGHT = 112, 128  # of the aligned face: SFace's template, and the chin below it
MOUTH = (slice(78, 114), slice(34, 80))
CHEEKS = (slice(56, 76), slice(30, 83))  # and the nose: they move with the head and not with the voice
FACE = (slice(20, 80), slice(24, 88))
GREY = 128.0  # brightness that every face is brought to
UNEXPLAINED = 1.3  # mean noise of one region over the median noise of another, and a margin
LEAST_FRAMES = 10
LEAST_POINTS = 12
Stack = NDArray[np.float32]  # (frames, height, width)


@dataclass(frozen=True, slots=True, eq=False)
class Mouth:
    """A mouth over time, one value each 40 ms from the first frame on."""

    motion: Curve  # (n,) natural logarithm of 1 + the grey levels that changed and that the head does not explain
    shapes: Stack  # (n, 18, 23) what it looked like


def watch_mouth(watch: Watch) -> Mouth | None:
    """Follow the mouth; None when the face was found on fewer than ten frames."""
    found = [(watch.video.frames[spot.index], spot.face.points) for spot in watch.spots if spot.face is not None]
    if len(found) < LEAST_FRAMES:
        return None
    maps = _steadied([similarity(np.asarray(points, np.float64), TEMPLATE) for _, points in found])
    stack = _evenly_lit(
        _registered([_face(frame.grey, affine) for (frame, _), affine in zip(found, maps, strict=True)])
    )
    times = np.array([frame.time_s for frame, _ in found])
    at = np.arange(int(times[-1] / STEP_S) + 1) * STEP_S
    nearest = np.abs(times - at[:, None]).argmin(axis=1)
    small = [cv2.resize(face[MOUTH], None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for face in stack]
    motion = smoothed(np.interp(at, times, without_jumps(_motion(stack))))
    return Mouth(motion, np.asarray(small, np.float32)[nearest])


def without_jumps(curve: Curve) -> Curve:
    """The median of each value and its two neighbours: cuts and repeated frames last one frame, movements longer."""
    wide = np.pad(curve, 1, mode="edge")
    return np.asarray(np.median([wide[:-2], wide[1:-1], wide[2:]], axis=0))


def _steadied(maps: Sequence[Floats]) -> Floats:
    """The maps smoothed over time, (n, 2, 3): the detector's points tremble more than a head does."""
    flat = np.reshape(maps, (-1, 6))
    return np.stack([smoothed(column) for column in flat.T], axis=1).reshape(-1, 2, 3)


def _face(grey: Pixels, affine: Floats) -> Stack:
    """(height, width), the aligned face, not rounded: small movements are less than one grey level."""
    exact = grey.astype(np.float32)
    face = cv2.warpAffine(exact, affine, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(face, (0, 0), 1.0), np.float32)


def _registered(faces: Sequence[Stack]) -> list[Stack]:
    """Each face moved so that all but the mouth lies as on the typical one, by optical flow."""
    typical = np.median(faces[:: max(1, len(faces) // 50)], axis=0).astype(np.uint8)
    points = _steady_points()
    return [_moved(face, _flow(typical, face.astype(np.uint8), points)) for face in faces]


def _steady_points() -> NDArray[np.float32]:
    """(n, 2), a grid over the face without mouth and chin."""
    y, x = np.mgrid[26:108:5, 20:93:5]
    beside = (y <= MOUTH[0].start - 4) | (x <= MOUTH[1].start - 6) | (x >= MOUTH[1].stop + 4)
    return np.stack([x[beside], y[beside]], axis=1).astype(np.float32)


def _flow(typical: Pixels, face: Pixels, points: NDArray[np.float32]) -> Floats | None:
    """The rotation, scale and shift, (2, 3), that most points took from *typical* to *face*; None: too few agree."""
    to, tracked, _ = cv2.calcOpticalFlowPyrLK(typical, face, points, points.copy(), winSize=(17, 17), maxLevel=2)
    kept = tracked[:, 0] == 1
    if kept.sum() < LEAST_POINTS:
        return None
    affine, _ = cv2.estimateAffinePartial2D(points[kept], to[kept], ransacReprojThreshold=1.0)
    return None if affine is None else np.asarray(affine, np.float64)


def _moved(face: Stack, affine: Floats | None) -> Stack:
    if affine is None:
        return face
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(face, affine, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _evenly_lit(faces: Sequence[Stack]) -> Stack:
    stack = np.asarray(faces, np.float32)
    brightness = stack[:, *FACE].mean(axis=(1, 2), keepdims=True)
    return np.asarray(stack * (GREY / np.maximum(brightness, 1.0)), np.float32)


def _motion(stack: Stack) -> Curve:
    """(n,), the first value is the second's."""
    change = np.abs(np.diff(stack, axis=0))
    mouth = change[:, *MOUTH].mean(axis=(1, 2))
    head = np.median(change[:, *CHEEKS].reshape(len(change), -1), axis=1)
    moved = np.log1p(np.clip(mouth - UNEXPLAINED * head, 0.0, None))
    return np.asarray(np.concatenate([moved[:1], moved]), np.float64)
