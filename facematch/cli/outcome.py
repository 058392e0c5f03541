"""What a command comes to: an exit code, facts for a program, lines for a person."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from facematch import codes
from facematch.cli.words import CATALOGUE, Speaker
from facematch.errors import CallError, FaceMatchError, Refusal, RequestInvalid, StillProcessing, TransportError

PASSED, NOT_SAME, USAGE, REFUSED, NO_ANSWER, HERE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
FRAMES = 8  # of a bug's way through the code
CHECK_FAILED = NOT_SAME  # one number for every no that is an answer


class UsageWrong(FaceMatchError):
    """The command was not written as it must be, or what it needs was not said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one command."""

    exit_code: int
    facts: Mapping[str, object] = field(default_factory=dict)  # what --json prints
    lines: tuple[str, ...] = ()  # to standard output, without --json
    complaints: tuple[str, ...] = ()  # to standard error, always


def failed(error: FaceMatchError, say: Speaker) -> Outcome:
    """*error* as an outcome."""
    return Outcome(exit_code_of(error), {"error": _facts(error)}, complaints=tuple(_complaints(error, say)))


def fault(error: Exception, say: Speaker) -> Outcome:
    """A bug of ours: its place in the code, and not its text, which may hold what nobody may read."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-FRAMES:]]
    kind = type(error).__name__
    told = {"kind": kind, "message": say("error.fault", kind=kind)}
    return Outcome(HERE, {"error": told}, complaints=(say("error.fault", kind=kind), *places))


def exit_code_of(error: FaceMatchError) -> int:
    """The documented number of *error*."""
    if isinstance(error, UsageWrong):
        return USAGE
    if isinstance(error, TransportError):
        return NO_ANSWER
    if isinstance(error, CallError) and not isinstance(error, RequestInvalid):
        return REFUSED
    return HERE


def _facts(error: FaceMatchError) -> dict[str, object]:
    facts: dict[str, object] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, CallError):
        names = ("outcome", "http_status", "request_id", "attempt", "elapsed_ms")
        facts |= {name: getattr(error, name) for name in names}
    if isinstance(error, TransportError):
        facts["sent"] = error.sent
    if isinstance(error, Refusal):
        from facematch.log.privacy import scrub  # loads what a wrong command does not wait for

        facts |= {name: getattr(error, name) for name in ("errcode", "status", "trace_no", "side")}
        facts["errmsg"] = None if error.errmsg is None else scrub(error.errmsg)
    if isinstance(error, StillProcessing):
        facts["trace_no"] = error.trace_no
    return facts


def _complaints(error: FaceMatchError, say: Speaker) -> list[str]:
    lines = [say(f"error.{_kind(error)}", detail=error)]
    if isinstance(error, Refusal) and error.errcode:
        code = codes.find(error.errcode)
        if code is not None:
            words = code.words(say.language)
            lines = [say("error.errcode", errcode=error.errcode, meaning=words.meaning), words.cause, words.remedy]
            if error.side is not None:
                lines[0] = f"{say(_SIDES[error.side])}: {lines[0]}"
    trace_no = getattr(error, "trace_no", None)
    return [*lines, say("call.trace", trace_no=trace_no)] if trace_no else lines


def _kind(error: FaceMatchError) -> str:
    """The nearest class that has words."""
    named = (each.__name__ for each in type(error).__mro__)
    return next(name for name in named if f"error.{name}" in CATALOGUE["en"])


_SIDES = {"image": "side.reference", "faceData": "side.probe"}
