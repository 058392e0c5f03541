"""The passive check of a clip in which a live code is read: as for SILENT, without the cues of a clip that repeats.

The fresh code stands in for those: a loop or a boomerang cannot know it, and digits are read in a rhythm.
docs/decisions/0007-lip.md tells what the rest is worth here.
"""

from dataclasses import replace

import numpy as np

from facematch.engine.api import Frame, Watch
from facematch.engine.follow import LOOKS
from facematch.engine.found_faces import found_faces
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.repeats import repeats
from facematch.engine.silent import LOOKED_FOR, NOT_CHECKED
from facematch.engine.silent_cues import RULES, Rule, cues_of, deciding
from facematch.engine.silent_values import measure
from facematch.footage import Cue, Liveness, Outcome

REPEATING = ("loop", "boomerang")  # rules, and the kinds of attack that they are for
RELIEF = 1.36  # stricter than SILENT: the mouth of a photo is warped for LIP, and another take costs no code
_RULES = tuple(
    replace(rule, limit=RELIEF) if rule.name == "relief" else rule for rule in RULES if rule.name not in REPEATING
)
_LOOKED_FOR = tuple(kind for kind in LOOKED_FOR if kind not in REPEATING)
_OUTCOMES: dict[str, Outcome] = {"refuse": "refused", "inconclusive": "inconclusive"}
_ANOTHER_TAKE = "please film again, close to the camera: turn the head a little while you read"


def judge_lip_liveness(watch: Watch, model: LivenessModel | None) -> Liveness:
    """Judge the followed face; *watch* was not refused. Safe to call from several threads at once."""
    values = measure(_as_for_silent(watch), model)
    departs = min(values.repeats.departs, _above_the_eyes(watch))
    values = replace(values, repeats=replace(values.repeats, departs=departs))
    cues = cues_of(values, _RULES)
    decided = deciding(cues)
    rule = None if decided is None else next(rule for rule in _RULES if rule.name == decided.name)
    return Liveness(
        outcome="passed" if decided is None else _OUTCOMES[decided.verdict],
        errcode=0 if rule is None else rule.errcode,
        decided_by=None if rule is None else rule.name,
        detail="no simple photo seen" if decided is None or rule is None else _detail(decided, rule),
        cues=cues,
        looked_for=_LOOKED_FOR,
        not_checked=NOT_CHECKED,
        model=None if model is None else f"{model.name} {model.sha256}",
        times_ms=values.times_ms,
    )


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
    return repeats([_top(each, rows) for each in watch.video.frames]).departs


def _top(frame: Frame, rows: int) -> Frame:
    """The upper *rows*, an even number, without colour."""
    colour = np.full((rows // 2, frame.grey.shape[1]), 128, np.uint8)
    return Frame(frame.time_s, np.concatenate([frame.grey[:rows], colour]))


def _detail(cue: Cue, rule: Rule) -> str:
    value = "not measurable" if cue.value is None else f"{cue.value:.3g}"
    detail = f"{rule.why} ({cue.name} {value}, at {cue.bound} {cue.limit:g})"
    return detail if cue.verdict == "refuse" else f"{detail}; {_ANOTHER_TAKE}"
