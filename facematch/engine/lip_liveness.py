"""The passive check of a clip in which a live code is read: as for SILENT, without the cues of a clip that repeats.

The fresh code stands in for those: a loop or a boomerang cannot know it, and digits are read in a rhythm.
docs/decisions/0007-lip.md tells what the rest is worth here.
"""

from dataclasses import replace

import numpy as np

from facematch.engine.api import Watch
from facematch.engine.follow import LOOKS
from facematch.engine.found_faces import found_faces
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.repeats import departs
from facematch.engine.silent import LOOKED_FOR, Brief, verdict
from facematch.engine.silent_cues import RULES
from facematch.engine.silent_values import measure
from facematch.footage import Liveness

REPEATING = ("loop", "boomerang")  # rules, and the kinds of attack that they are for
RELIEF = 1.36  # stricter than SILENT: the mouth of a photo is warped for LIP, and another take costs no code
_LIP = Brief(
    tuple(
        replace(rule, limit=RELIEF) if rule.name == "relief" else rule for rule in RULES if rule.name not in REPEATING
    ),
    tuple(kind for kind in LOOKED_FOR if kind not in REPEATING),
    "no simple photo seen",
    "please film again, close to the camera: turn the head a little while you read",
)


def judge_lip_liveness(watch: Watch, model: LivenessModel | None) -> Liveness:
    """Judge the followed face; *watch* was not refused. Safe to call from several threads at once."""
    values = measure(_as_for_silent(watch), model)
    least = min(values.repeats.departs, _above_the_eyes(watch))
    return verdict(replace(values, repeats=replace(values.repeats, departs=least)), model, _LIP)


def _as_for_silent(watch: Watch) -> Watch:
    """The limits were chosen on faces about a twelfth of a second apart; for LIP the face is followed more closely."""
    rate = len(watch.spots) / max(watch.video.duration_s, 0.1)
    return replace(watch, spots=watch.spots[:: max(1, round(rate / LOOKS["SILENT"]))])


def _above_the_eyes(watch: Watch) -> float:
    """How far the picture above the eyes departs from its median: a photo whose mouth is warped stands still there."""
    seen = found_faces(watch)
    if not seen:
        return 0.0
    eyes = int(np.median([each.points[:2, 1].min() for each in seen]))
    rows = min(max(2, eyes // 2 * 2), watch.video.height)
    return departs([frame.grey[:rows] for frame in watch.video.frames])
