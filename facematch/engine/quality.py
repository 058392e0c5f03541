"""Is the chosen face good enough to compare? One check per cause, each with its value and its limits.

Of covered faces only a plain cover over the mouth is noticed, such as a mask or a sheet of paper; sunglasses, a hand,
a scarf with a pattern and a beard are not.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from facematch.engine.api import Pixels
from facematch.engine.choose import COUNTS_FROM
from facematch.limits import Limits
from facematch.seen import Check, CheckVerdict, Face, Refused

# errcode of the contract for each check that can refuse, in the order of the checks
ERRCODES = {
    "other_faces": 2012,
    "confidence": 2010,
    "whole": 2010,
    "roll": 2103,
    "face_size": 2103,
    "yaw": 2103,
    "pitch": 2103,
    "too_dark": 1201,
    "too_bright": 1202,
    "sharpness": 2103,
    "mouth_detail": 2104,
}
UNSURE = 0.85  # confidence; clean portraits have 0.93 to 0.95
TURNED_SURE = 0.85  # a find that must be turned first is believed from here on: animals are found the wrong way up
SIDEWAYS = 90  # degrees: a phone held sideways; nobody photographs a person upside down
# Share of the box inside the picture. A portrait cut at the hairline or the chin keeps 0.8; the mouth of a face
# cut from below is at 0.8 of the box, so less than that cannot be aligned.
WHOLE, CUT = 0.95, 0.80
DARK, BLACK = 30.0, 12.0  # mean level of the crop, 0 to 255: at 10 the similarity to a good photo falls by a quarter
BRIGHT_LEVEL = 240
BRIGHT, WHITE = 0.35, 0.75  # share of the crop above BRIGHT_LEVEL; portraits in daylight stay below 0.02
SOFT, BLURRED = 0.75, 0.45  # clean portraits: 0.85 to 1.27; why not stricter: docs/decisions/0003-sharpness-limit.md
# Edges around the mouth over edges around the eyes. Limits set on 300 photos, whose faces have 0.42 and more; of 600
# other photos none has less than 0.36. Of covers drawn onto those 96 % of the plain ones are below 0.25 (n = 373), and
# only 6 % of the masks with strong folds (n = 97).
PALE, COVERED = 0.35, 0.25
_MOUTH, _EYES = (slice(80, 104), slice(38, 74)), (slice(42, 62), slice(26, 86))  # rows and columns of the crop
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
    turned: int = 0  # degrees clockwise that set it upright: 0, 90, 180 or 270


def judge(subject: Subject, limits: Limits) -> tuple[Check, ...]:
    """Every check, in the order in which the first refusal decides."""
    return (*_face_checks(subject, limits), *_crop_checks(subject.crop))


def refusal(checks: tuple[Check, ...]) -> Refused | None:
    """The first refusing check as a refusal; None when every check passes or only warns."""
    check = next((each for each in checks if each.verdict == "refuse"), None)
    if check is None:
        return None
    detail = said(check, check.name)
    if check.name == "other_faces":
        detail = f"{check.value + 1:.0f} faces, exactly one is expected"
    elif check.name == "roll":
        detail = f"the face is upside down, turned {check.value:.0f} degrees"
    return Refused(ERRCODES[check.name], check.name, detail)


def said(check: Check, subject: str) -> str:
    """*subject*, the value and the limit of a refusing check, as a clause."""
    digits = {"ratio": 2, "deg": 1}.get(check.unit, 0)
    return f"{subject} {_shown(check, digits):.{digits}f}, at {check.bound} {check.refuse:.{digits}f}"


def _shown(check: Check, digits: int) -> float:
    """The value rounded away from its limit, so that 0.549 is not shown as the 0.55 it fails to reach."""
    steps = 10.0**digits
    value = check.value * steps
    return (math.floor(value) if check.bound == "least" else math.ceil(value)) / steps


def _face_checks(subject: Subject, limits: Limits) -> Iterator[Check]:
    face = subject.face
    yield most("other_faces", subject.others, "count", warn=0, refuse=0 if subject.crowded else None)
    believed = TURNED_SURE if subject.turned else COUNTS_FROM
    yield least("confidence", face.confidence, "ratio", warn=UNSURE, refuse=believed)
    yield least("whole", whole(face, subject.width, subject.height), "ratio", warn=WHOLE, refuse=CUT)
    roll = min(subject.turned, 360 - subject.turned)
    yield most("roll", roll, "deg", warn=SIDEWAYS, refuse=SIDEWAYS)
    size = face_size(face) * subject.source_scale
    yield least("face_size", size, "px", warn=limits.face_warn_px, refuse=limits.face_min_px)
    yaw, pitch = pose(face)
    yield most("yaw", abs(yaw), "deg", warn=limits.pose_warn_deg, refuse=limits.pose_refuse_deg)
    yield most("pitch", abs(pitch), "deg", warn=limits.pose_warn_deg, refuse=limits.pose_refuse_deg)


def _crop_checks(crop: Pixels) -> Iterator[Check]:
    level, blown_out = light(crop)
    yield least("too_dark", level, "level", warn=DARK, refuse=BLACK)
    yield most("too_bright", blown_out, "ratio", warn=BRIGHT, refuse=WHITE)
    yield least("sharpness", sharpness(crop), "ratio", warn=SOFT, refuse=BLURRED)
    yield least("mouth_detail", mouth_detail(crop), "ratio", warn=PALE, refuse=COVERED)


def worth(face: Face, crop: Pixels, width: int, height: int) -> float:
    """How good a frame's face is for a comparison, in [0, 1]: sure, whole, frontal and sharp; only good to rank by."""
    yaw, pitch = pose(face)
    frontal = max(0.0, math.cos(math.radians(yaw)) * math.cos(math.radians(pitch)))
    return face.confidence * whole(face, width, height) * frontal * min(1.0, sharpness(crop) / SOFT)


def light(crop: Pixels) -> tuple[float, float]:
    """Mean level, 0 to 255, and the share of blown-out pixels."""
    grey = cv2.cvtColor(crop.astype(np.float32), cv2.COLOR_RGB2GRAY)
    return float(grey.mean()), float((grey > BRIGHT_LEVEL).mean())


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


def mouth_detail(crop: Pixels) -> float:
    """Strength of the edges around the mouth over that around the eyes; near 0 when something plain covers it."""
    grey = cv2.cvtColor(crop.astype(np.float32), cv2.COLOR_RGB2GRAY)
    edges = np.abs(cv2.Sobel(grey, cv2.CV_32F, 1, 0)) + np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return float(edges[_MOUTH].mean() / (edges[_EYES].mean() + 1))


def least(name: str, value: float, unit: str, *, warn: float, refuse: float) -> Check:
    """A check of a value that must not be too small."""
    verdict: CheckVerdict = "refuse" if value < refuse else "warn" if value < warn else "pass"
    return Check(name, float(value), unit, "least", warn, refuse, verdict)


def most(name: str, value: float, unit: str, *, warn: float, refuse: float | None) -> Check:
    """A check of a value that must not be too large; *refuse* None: too large is only a warning."""
    refused = refuse is not None and value > refuse
    verdict: CheckVerdict = "refuse" if refused else "warn" if value > warn else "pass"
    return Check(name, float(value), unit, "most", warn, refuse, verdict)
