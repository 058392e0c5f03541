"""What a command comes to: an exit code, facts for a program, lines for a person."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from facematch import codes
from facematch.cli.words import CATALOGUE, Speaker
from facematch.errors import (
    BusinessError,
    CallError,
    FaceMatchError,
    HttpStatusError,
    InvalidResponse,
    Refusal,
    RequestInvalid,
    ServerError,
    StillProcessing,
    TransportError,
)

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
    kind = type(error).__name__
    told = {"kind": kind, "message": say("error.fault", kind=kind)}
    return Outcome(HERE, {"error": told}, complaints=(say("error.fault", kind=kind), *places_of(error)))


def places_of(error: BaseException) -> list[str]:
    """Where in the code it came through, the last place last; never empty for an error that was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-FRAMES:]]


def may_be_handled(error: FaceMatchError) -> bool:
    """Whether the service may have done what it was asked, although *error* is all that came of it."""
    if isinstance(error, CallError) and error.sent:  # of any attempt of the call
        return True
    return isinstance(error, ServerError | InvalidResponse | StillProcessing)


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
        names = ("outcome", "sent", "http_status", "request_id", "attempt", "elapsed_ms")
        facts |= {name: getattr(error, name) for name in names}
    if isinstance(error, Refusal):
        facts |= {name: getattr(error, name) for name in ("errcode", "status", "trace_no", "side")}
        facts["errmsg"] = _server_words(error)
    if isinstance(error, StillProcessing):
        facts["trace_no"] = error.trace_no
    return facts


def _server_words(error: Refusal) -> str | None:
    from facematch.log.privacy import scrub  # loads what a wrong command does not wait for

    return None if error.errmsg is None else scrub(error.errmsg)


def _complaints(error: FaceMatchError, say: Speaker) -> list[str]:
    lines = _refused(error, say) if isinstance(error, Refusal) else [_sentence(error, say)]
    if isinstance(error, CallError) and error.sent is not None:
        lines.append(say("error.sent" if error.sent else "error.not_sent"))
    trace_no = getattr(error, "trace_no", None)
    return [*lines, say("call.trace", trace_no=trace_no)] if trace_no else lines


def _sentence(error: FaceMatchError, say: Speaker) -> str:
    return say(f"error.{_kind(error)}", detail=say.clause(error))


def _refused(error: Refusal, say: Speaker) -> list[str]:
    """The catalogue's words where it knows the errcode, else those of the kind of error and the server's own."""
    failed_there = "_failed" if isinstance(error, ServerError) else ""
    code = codes.find(error.errcode) if error.errcode else None
    if code is not None:
        words = code.words(say.language)
        first = say(f"error.errcode{failed_there}", errcode=error.errcode, meaning=words.meaning)
        lines = [first, words.cause, words.remedy]
    else:
        is_general = type(error) in (BusinessError, HttpStatusError, ServerError)
        has_own = error.errcode and is_general
        lines = [
            say(f"error.errcode_unknown{failed_there}", errcode=error.errcode) if has_own else _sentence(error, say)
        ]
        lines += [say("error.server_words", text=text) for text in (_server_words(error),) if text]
    if error.side is not None:
        lines[0] = say("call.side", side=say(_SIDES[error.side]), text=lines[0])
    return lines


def _kind(error: FaceMatchError) -> str:
    """The nearest class that has words."""
    named = (each.__name__ for each in type(error).__mro__)
    return next(name for name in named if f"error.{name}" in CATALOGUE["en"])


_SIDES = {"image": "side.reference", "faceData": "side.probe"}
