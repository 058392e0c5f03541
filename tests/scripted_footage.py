"""What the scripted engine says that it saw: the smallest evidence of each kind."""

from facematch.engine.api import Picture, Video
from facematch.footage import Challenge, Clip, Cue, Liveness, Shot
from facematch.seen import Face, Refused, Seen

WHY = "the script says so"
FACE = Face((0.0, 0.0, 80.0, 80.0), ((1.0, 2.0),) * 5, 0.9)
NO_FACE = 2010
DECIDED_BY = {1002: "frozen", 1003: "flat", 1005: "motion"}
FAILED = {1101: "no_sound", 1106: "too_quiet", 1103: "wrong_digits", 1109: "lips_still"}


def seen_of(picture: Picture, errcode: int | None) -> Seen:
    return Seen(
        width=1,
        height=picture.pixels.shape[0],
        source_width=picture.source_width,
        source_height=picture.source_height,
        format=picture.format,
        notes=picture.notes,
        turned=0,
        faces=() if errcode == NO_FACE else (FACE,),
        chosen=None if errcode else 0,
        rule="none" if errcode else "only",
        checks=(),
        crop=None if errcode else b"crop",
        refused=Refused(errcode, None, WHY) if errcode else None,
        times_ms={"decode": 0.0},
    )


def clip_of(video: Video, errcode: int) -> Clip:
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
        followed=2,
        found=2,
        sound_s=None if video.sound is None else 1.0,
        notes=video.notes,
        best_s=None if errcode else 0.04,
        shots=(Shot(0.0, FACE, 1.0, b"shot"),),
        checks=(),
        refused=Refused(errcode, None, WHY) if errcode else None,
        times_ms={"decode": 0.0},
    )


def liveness_of(errcode: int) -> Liveness:
    decided_by = DECIDED_BY.get(errcode)
    return Liveness(
        outcome="passed" if not errcode else "inconclusive" if errcode == 1005 else "refused",
        errcode=errcode,
        decided_by=decided_by,
        detail=WHY,
        cues=(Cue(decided_by or "frozen", 0.5, "ratio", "least", 0.1, "refuse" if errcode else "pass"),),
        looked_for=("still_photo", "loop"),
        not_checked=("mask",),
        model=None,
        times_ms={"cues": 0.0},
    )


def challenge_of(errcode: int, code: str, heard: str) -> Challenge:
    return Challenge(
        outcome="refused" if errcode else "passed",
        errcode=errcode,
        failed=FAILED.get(errcode),
        detail=WHY,
        expected=code,
        heard=None if errcode in (1101, 1106) else heard,
        language="en",
        checks=(),
        step_s=0.04,
        voice=(0.0, 1.0),
        lips=(0.0, 1.0),
        speech=((0.5, 1.5),),
        times_ms={"hear": 0.0},
    )
