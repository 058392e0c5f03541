"""The passive check: is a living person in front of the camera? Named cues, each a value against a limit.

``passed`` means: no simple photo or loop replay seen. How often that is wrong is in `facematch.engine.silent_meaning`.
"""

from dataclasses import dataclass

from facematch.engine.api import Watch
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.silent_cues import RULES, Rule, cues_of, deciding
from facematch.engine.silent_values import Values, measure
from facematch.footage import Cue, Liveness

LOOKED_FOR = (
    *("still_photo", "held_photo", "waved_photo", "bent_photo", "animated_photo", "cut_out_mask"),
    *("loop", "boomerang", "screen_framed", "screen_striped"),
)
NOT_CHECKED = ("screen_filling", "mask", "deepfake", "injected_video")


@dataclass(frozen=True, slots=True)
class Brief:
    """What a clip is judged by, and how the verdict is worded."""

    rules: tuple[Rule, ...]
    looked_for: tuple[str, ...]  # kinds of attack
    nothing_seen: str  # the detail of a clip that passes
    another_take: str  # what to ask of the person when nothing could be decided


SILENT = Brief(
    RULES,
    LOOKED_FOR,
    "no simple photo or loop replay seen",
    "please film again, close to the camera: turn the head a little and say a few words",
)


def judge_silent(watch: Watch, model: LivenessModel | None) -> Liveness:
    """Judge the followed face; *watch* was not refused. Safe to call from several threads at once."""
    return verdict(measure(watch, model), model, SILENT)


def verdict(values: Values, model: LivenessModel | None, brief: Brief) -> Liveness:
    """The cues of what was measured, and which of them decided."""
    cues = cues_of(values, brief.rules)
    decided = deciding(cues)
    rule = next((rule for rule in brief.rules if decided is not None and rule.name == decided.name), None)
    return Liveness(
        outcome="passed" if decided is None else "refused" if decided.verdict == "refuse" else "inconclusive",
        errcode=0 if rule is None else rule.errcode,
        decided_by=None if rule is None else rule.name,
        detail=brief.nothing_seen if decided is None or rule is None else _detail(decided, rule, brief),
        cues=cues,
        looked_for=brief.looked_for,
        not_checked=NOT_CHECKED,
        model=None if model is None else f"{model.name} {model.sha256}",
        times_ms=values.times_ms,
    )


def _detail(cue: Cue, rule: Rule, brief: Brief) -> str:
    value = "not measurable" if cue.value is None else f"{cue.value:.3g}"
    detail = f"{rule.why} ({cue.name} {value}, at {cue.bound} {cue.limit:g})"
    return detail if cue.verdict == "refuse" else f"{detail}; {brief.another_take}"
