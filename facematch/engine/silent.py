"""The passive check: is a living person in front of the camera? Named cues, each a value against a limit.

``passed`` means: no simple photo or loop replay seen. How often that is wrong is in `facematch.engine.silent_meaning`.
"""

from facematch.engine.api import Watch
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.silent_cues import RULES, cues_of, deciding
from facematch.engine.silent_values import measure
from facematch.footage import Cue, Liveness

LOOKED_FOR = (
    *("still_photo", "held_photo", "waved_photo", "bent_photo", "animated_photo", "cut_out_mask"),
    *("loop", "boomerang", "screen_framed", "screen_striped"),
)
NOT_CHECKED = ("screen_filling", "mask", "deepfake", "injected_video")
_ANOTHER_TAKE = "please film again, close to the camera: turn the head a little and say a few words"


def judge_silent(watch: Watch, model: LivenessModel | None) -> Liveness:
    """Judge the followed face; *watch* was not refused. Safe to call from several threads at once."""
    values = measure(watch, model)
    cues = cues_of(values)
    decided = deciding(cues)
    rule = next((rule for rule in RULES if decided is not None and rule.name == decided.name), None)
    return Liveness(
        outcome="passed" if decided is None else "refused" if decided.verdict == "refuse" else "inconclusive",
        errcode=0 if rule is None else rule.errcode,
        decided_by=None if decided is None else decided.name,
        detail="no simple photo or loop replay seen" if decided is None else _detail(decided),
        cues=cues,
        looked_for=LOOKED_FOR,
        not_checked=NOT_CHECKED,
        model=None if model is None else f"{model.name} {model.sha256}",
        times_ms=values.times_ms,
    )


def _detail(cue: Cue) -> str:
    why = next(rule.why for rule in RULES if rule.name == cue.name)
    value = "not measurable" if cue.value is None else f"{cue.value:.3g}"
    detail = f"{why} ({cue.name} {value}, at {cue.bound} {cue.limit:g})"
    return detail if cue.verdict == "refuse" else f"{detail}; {_ANOTHER_TAKE}"
