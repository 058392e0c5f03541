"""The cues of the passive check: each value of a clip against its limit.

docs/decisions/0006-silent-cues.md tells how the limits were chosen and what they are worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from facematch.engine.liveness_model import LIVE_FROM
from facematch.engine.silent_values import Values
from facematch.footage import Cue, CueVerdict

REPLAY, NO_REAL_PERSON, INCONCLUSIVE = 1002, 1003, 1005


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cue asks for, and what it means when that is not so."""

    name: str
    unit: str
    bound: Literal["least", "most"]
    limit: float
    broken: CueVerdict
    errcode: int
    why: str  # an English clause


# The first broken rule that refuses decides; without one, the first that is inconclusive.
RULES = (
    Rule("frozen", "level", "least", 2.6, "refuse", REPLAY, "the picture hardly changes"),
    Rule("loop", "ratio", "least", 0.7, "refuse", REPLAY, "the pictures repeat themselves"),
    Rule("boomerang", "ratio", "least", 0.76, "refuse", REPLAY, "the pictures run to and fro"),
    Rule("framed", "ratio", "most", 0.84, "refuse", REPLAY, "the face is inside the edges of a screen or a photo"),
    Rule("flat", "ratio", "least", 1.15, "refuse", NO_REAL_PERSON, "the face moved and stayed one plane"),
    Rule("bands", "ratio", "most", 1.36, "refuse", REPLAY, "bands of brightness run over the picture as on a screen"),
    Rule("model", "ratio", "least", LIVE_FROM, "refuse", NO_REAL_PERSON, "the supplied network sees an attack"),
    Rule("faces", "count", "least", 20, "inconclusive", INCONCLUSIVE, "too few frames show the face"),
    Rule("face_rate", "count", "least", 8, "inconclusive", INCONCLUSIVE, "too few frames a second show the face"),
    Rule("eyes_px", "px", "least", 30, "inconclusive", INCONCLUSIVE, "the face is too small to tell"),
    Rule("relief", "ratio", "least", 1.24, "inconclusive", INCONCLUSIVE, "cheeks, nose and brow hardly change"),
    Rule("life", "ratio", "least", 1.1, "inconclusive", INCONCLUSIVE, "mouth and eyes hardly change"),
)
MUST_BE_MEASURED = ("relief", "life")
_MOVED = 0.1  # eye distances a face must have gone before a plane is a photo, not a quiet person


def cues_of(values: Values, rules: Sequence[Rule] = RULES) -> tuple[Cue, ...]:
    """One cue for each rule."""
    measured = by_name(values)
    return tuple(_cue(rule, measured[rule.name]) for rule in rules)


def deciding(cues: Sequence[Cue]) -> Cue | None:
    """The cue that ends it: the first that refuses, else the first that is inconclusive; None: the clip passes."""
    for verdict in ("refuse", "inconclusive"):
        for cue in cues:
            if cue.verdict == verdict:
                return cue
    return None


def by_name(values: Values) -> dict[str, float | None]:
    """The value that each rule is about."""
    plane = values.plane
    relief = None if plane is None else plane.relief
    return {
        "frozen": values.repeats.departs,
        "loop": values.repeats.loop,
        "boomerang": values.repeats.mirror,
        "framed": values.framed,
        "bands": values.bands,
        "flat": relief if values.gone >= _MOVED else None,
        "model": values.model,
        "faces": values.faces,
        "face_rate": values.rate,
        "eyes_px": values.eyes_px,
        "relief": relief,
        "life": None if plane is None else max(plane.mouth, plane.eyes),
    }


def _cue(rule: Rule, value: float | None) -> Cue:
    if value is None:
        verdict: CueVerdict = "inconclusive" if rule.name in MUST_BE_MEASURED else "not_checked"
    else:
        kept = value >= rule.limit if rule.bound == "least" else value <= rule.limit
        verdict = "pass" if kept else rule.broken
    return Cue(rule.name, value, rule.unit, rule.bound, rule.limit, verdict)
