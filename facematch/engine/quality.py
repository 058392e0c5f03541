"""Is the chosen face good enough to compare? One check per cause, each with its value and its limits.

Covered faces are not checked: masks and sunglasses barely move any of these values.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from facematch.engine.api import Pixels
from facematch.engine.choose import COUNTS_FROM
from facematch.local import Check, CheckVerdict, Face, Refused
from facematch.settings import Limits

# errcode of the contract for each check that can refuse, in the order of the checks
ERRCODES = {
    "other_faces": 2012,
    "confidence": 2010,
    "whole": 2010,
    "face_size": 2103,
    "yaw": 2103,
    "pitch": 2103,
    "too_dark": 1201,
    "too_bright": 1202,
    "sharpness": 2103,
}
UNSURE = 0.85  # confidence; clean portraits have 0.93 to 0.95
# Share of the box inside the picture. A portrait cut at the hairline or the chin keeps 0.8; the mouth of a face
# cut from below is at 0.8 of the box, so less than that cannot be aligned.
WHOLE, CUT = 0.95, 0.80
DARK, BLACK = 30.0, 12.0  # mean level of the crop, 0 to 255: at 10 the similarity to a good photo falls by a quarter
BRIGHT_LEVEL = 240
BRIGHT, WHITE = 0.35, 0.75  # share of the crop above BRIGHT_LEVEL; portraits in daylight stay below 0.02
SOFT, BLURRED = 0.75, 0.45  # clean portraits: 0.85 to 1.27; why not stricter: docs/decisions/0003-sharpness-limit.md
# The nose's tip stands about 0.6 eye distances (some 37 of 63 mm) before the plane of eyes and mouth; turning the head
# by an angle moves the tip by 0.6 * tan(angle) eye distances sideways, or as much of the eye-mouth height up and down.
NOSE_DEPTH = 0.6
LEVEL_NOSE = 0.58  # where the tip lies between eyes (0) and mouth (1) on frontal photos, as YuNet places its points


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The chosen face."""

    face: Face
    others: int  # other faces on the picture
    crowded: bool  # several of them compete with it
    width: int  # of the upright picture
    height: int
    source_scale: float  # pixels of the file for one pixel of the upright picture, >= 1
    crop: Pixels  # (112, 112, 3), RGB


def judge(subject: Subject, limits: Limits) -> tuple[Check, ...]:
    """Every check, in the order in which the first refusal decides."""
    return (*_face_checks(subject, limits), *_crop_checks(subject.crop))


def refusal(checks: tuple[Check, ...]) -> Refused | None:
    """The first refusing check as a refusal; None when every check passes or only warns."""
    check = next((each for each in checks if each.verdict == "refuse"), None)
    if check is None:
        return None
    digits = {"ratio": 2, "deg": 1}.get(check.unit, 0)
    detail = f"{check.name} {_shown(check, digits):.{digits}f}, at {check.bound} {check.refuse:.{digits}f}"
    if check.name == "other_faces":
        detail = f"{check.value + 1:.0f} faces, exactly one is expected"
    return Refused(ERRCODES[check.name], check.name, detail)


def _shown(check: Check, digits: int) -> float:
    """The value rounded away from its limit, so that 0.549 is not shown as the 0.55 it fails to reach."""
    steps = 10.0**digits
    value = check.value * steps
    return (math.floor(value) if check.bound == "least" else math.ceil(value)) / steps


def _face_checks(subject: Subject, limits: Limits) -> Iterator[Check]:
    face = subject.face
    yield _most("other_faces", subject.others, "count", warn=0, refuse=0 if subject.crowded else None)
    yield _least("confidence", face.confidence, "ratio", warn=UNSURE, refuse=COUNTS_FROM)
    yield _least("whole", whole(face, subject.width, subject.height), "ratio", warn=WHOLE, refuse=CUT)
    size = face_size(face) * subject.source_scale
    yield _least("face_size", size, "px", warn=limits.face_warn_px, refuse=limits.face_min_px)
    yaw, pitch = pose(face)
    yield _most("yaw", abs(yaw), "deg", warn=limits.pose_warn_deg, refuse=limits.pose_refuse_deg)
    yield _most("pitch", abs(pitch), "deg", warn=limits.pose_warn_deg, refuse=limits.pose_refuse_deg)


def _crop_checks(crop: Pixels) -> Iterator[Check]:
    grey = cv2.cvtColor(crop.astype(np.float32), cv2.COLOR_RGB2GRAY)
    yield _least("too_dark", float(grey.mean()), "level", warn=DARK, refuse=BLACK)
    yield _most("too_bright", float((grey > BRIGHT_LEVEL).mean()), "ratio", warn=BRIGHT, refuse=WHITE)
    yield _least("sharpness", sharpness(crop), "ratio", warn=SOFT, refuse=BLURRED)


def whole(face: Face, width: int, height: int) -> float:
    """Share of the box that lies inside the picture; 0 when one of the five points lies outside."""
    x, y, w, h = face.box
    if any(not (0 <= px < width and 0 <= py < height) for px, py in face.points):
        return 0.0
    inside = max(0.0, min(x + w, width) - max(x, 0)) * max(0.0, min(y + h, height) - max(y, 0))
    return inside / (w * h)


def face_size(face: Face) -> float:
    """Side of the square as large as the box: unlike the width it does not shrink when the head turns."""
    return float(np.sqrt(face.box[2] * face.box[3]))


def pose(face: Face) -> tuple[float, float]:
    """Yaw and pitch in degrees, estimated from the five points: good to some 10 degrees, blind to roll.

    Yaw is positive when the nose points to the picture's right, pitch when it points down.
    """
    points = np.array(face.points)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    distance = max(float(np.linalg.norm(points[1] - points[0])), 1.0)
    level = (points[1] - points[0]) / distance
    down = np.array([-level[1], level[0]])
    height = max(float((mouth - eyes) @ down), 1.0)
    aside = float((points[2] - eyes) @ level) / distance
    below = float((points[2] - eyes) @ down) / height - LEVEL_NOSE
    yaw, pitch = np.degrees(np.arctan(np.array([aside, below]) / NOSE_DEPTH))
    return float(yaw), float(pitch)


def sharpness(crop: Pixels) -> float:
    """Mean absolute Sobel response over contrast, of the weaker direction, so that motion blur shows as well.

    Unlike the variance of the Laplacian it does not grow with noise and darkness.
    """
    grey = cv2.cvtColor(crop.astype(np.float32), cv2.COLOR_RGB2GRAY)
    slopes = [float(np.abs(cv2.Sobel(grey, cv2.CV_32F, dx, 1 - dx)).mean()) for dx in (1, 0)]
    return min(slopes) / max(float(grey.std()), 1.0)


def _least(name: str, value: float, unit: str, *, warn: float, refuse: float) -> Check:
    verdict: CheckVerdict = "refuse" if value < refuse else "warn" if value < warn else "pass"
    return Check(name, float(value), unit, "least", warn, refuse, verdict)


def _most(name: str, value: float, unit: str, *, warn: float, refuse: float | None) -> Check:
    refused = refuse is not None and value > refuse
    verdict: CheckVerdict = "refuse" if refused else "warn" if value > warn else "pass"
    return Check(name, float(value), unit, "most", warn, refuse, verdict)
