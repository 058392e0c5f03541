"""What a list expects of a file, and whether an answer is that. Pure; no I/O."""

from collections.abc import Mapping
from typing import Literal

from facematch import codes
from facematch.evaluation.asked import Asked

Agreement = Literal["as expected", "refused otherwise", "not as expected"]

_SPOOF = (codes.REPLAY, codes.NOT_A_PERSON, codes.LIVENESS_NOT_PASSED)
_NO_FACE = (codes.NO_FACE, codes.NO_FACE_IN_VIDEO)
_QUALITY = (
    *(codes.POOR_QUALITY, codes.TOO_DARK, codes.TOO_BRIGHT, codes.NO_USABLE_FRAME, codes.TOO_FEW_PIXELS),
    codes.LIVENESS_NOT_PASSED,  # another take is asked for
)
_DECODE = (codes.NOT_DECODABLE, codes.VIDEO_NOT_DECODABLE, codes.BAD_VIDEO_SIZE)  # the last: an empty file
# The words of a list, without "reject": which errcodes each allows.
CLASSES: Mapping[str, tuple[int, ...]] = {
    "decode": _DECODE,
    "format": _DECODE,
    "no_video": (codes.VIDEO_NOT_DECODABLE,),
    "size": (codes.BAD_SIZE, codes.BAD_VIDEO_SIZE),
    "no_face": _NO_FACE,
    "multi_face": (codes.SEVERAL_FACES,),
    "identity_change": (codes.SEVERAL_FACES,),
    "quality": _QUALITY,
    "pose": (codes.POOR_QUALITY, codes.NO_USABLE_FRAME),
    "occlusion": (codes.FACE_COVERED, codes.FACE_NOT_WHOLE),
    "too_short": (codes.VIDEO_TOO_SHORT,),
    "too_long": (codes.VIDEO_TOO_LONG,),
    "spoof": _SPOOF,
}
ACCEPT = ("accept", "accept_container")
_BROKEN = ("failed",)


def agreement(expect: str, asked: Asked) -> Agreement:
    """Whether *asked* is one of what *expect* names, words with ``_or_`` between them.

    A file that must be refused and is, for another reason, is told apart: refused otherwise.
    """
    words = [word.removeprefix("reject_") for word in expect.split("_or_")]
    if any(_is(word, asked) for word in words):
        return "as expected"
    refused = asked.errcode not in (None, codes.HANDLED) and asked.stage not in _BROKEN
    return "refused otherwise" if refused and not set(words) & set(ACCEPT) else "not as expected"


def _is(word: str, asked: Asked) -> bool:
    if word in ACCEPT:  # a video was accepted when it came as far as the passive check, whatever that says
        accepted = ("passed", "refused", "inconclusive") if _is_video(asked) else ("passed",)
        return asked.stage in accepted
    if asked.outcome == "request_invalid":  # an empty file: our client does not even send it
        return word == "decode"
    return asked.errcode in CLASSES.get(word, ())


def _is_video(asked: Asked) -> bool:
    return asked.errcode in _SPOOF or (asked.evidence is not None and asked.evidence.clip is not None)
