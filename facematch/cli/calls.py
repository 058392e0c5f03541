"""The commands that call the service: ``match``, ``verify-id`` and ``live-code``. Each leaves its rows in the log."""

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from facematch.cli.here import ID_NUMBER, NAME, Here
from facematch.cli.media import photo, photo_or_video
from facematch.cli.outcome import NOT_SAME, PASSED, Outcome, UsageWrong, failed, may_be_handled
from facematch.cli.server import server
from facematch.cli.words import Speaker
from facematch.client import FaceMatchClient, IssuedCode, Match, Photo, Video
from facematch.contract import VideoType
from facematch.errors import CallError, LogUnavailable, LogWaiting, Refusal
from facematch.log import CallLog, open_log
from facematch.settings import Settings

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Probe:
    """The probe and how it is to be judged."""

    medium: Photo | Video
    video_type: VideoType | None  # None: the client's choice
    live_code: str | None = field(repr=False)


def match(options: Namespace, here: Here) -> Outcome:
    """Does the probe show the person on the reference?"""
    reference, probe = photo(options.reference, here.say("side.reference")), _probe(options, here.say)

    def ask(client: FaceMatchClient) -> Match:
        return client.match(reference, probe.medium, video_type=probe.video_type, live_code=probe.live_code)

    return _asked(here, ask, _verdict, _again_code(probe))


def verify_id(options: Namespace, here: Here) -> Outcome:
    """Does the probe show the person of that ID number and name?"""
    probe = _probe(options, here.say)
    number = here.secret(options.id_number, ID_NUMBER, "ask.id_number")
    name = here.secret(options.name, NAME, "ask.name")

    def ask(client: FaceMatchClient) -> Match:
        kind, code = probe.video_type, probe.live_code
        return client.verify_identity(number, name, probe.medium, video_type=kind, live_code=code)

    return _asked(here, ask, _verdict, ("error.again_query", *_again_code(probe)))


def live_code(options: Namespace, here: Here) -> Outcome:
    """Digits for a person to read aloud."""
    return _asked(here, FaceMatchClient.live_code, _issued)


def _probe(options: Namespace, say: Speaker) -> Probe:
    if options.lip != bool(options.code):
        raise UsageWrong(say("usage.lip_and_code"))
    is_video = options.video or options.silent or options.lip
    medium = photo_or_video(options.probe, say("side.probe"), video=is_video)
    return Probe(medium, "LIP" if options.lip else "SILENT" if options.silent else None, options.code)


def _again_code(probe: Probe) -> tuple[str, ...]:
    return () if probe.live_code is None else ("error.again_code",)


def _asked(
    here: Here,
    ask: Callable[[FaceMatchClient], Answer],
    tell: Callable[[Answer, Speaker], Outcome],
    again: tuple[str, ...] = (),
) -> Outcome:
    """What the call came to; a log that is not written changes nothing of it, and is told.

    *again*: keys of what trying again costs, said when the service may have handled a call that failed.
    """
    settings, say = here.settings(), here.say
    with _log(settings) as (log, unopened), server(settings) as target, target.client(log) as client:
        try:
            outcome = tell(ask(client), say)
        except CallError as error:
            outcome = _failed(error, again, say)
        trouble = unopened if log is None else log.trouble
        environment = target.environment
    if log is not None and trouble is not None and not isinstance(trouble, LogWaiting):
        trouble = log.trouble  # a row that was late is written by now: closing has waited for it
    waits = isinstance(trouble, LogWaiting)
    facts = {**outcome.facts, "environment": environment, "logged": trouble is None, "waiting": waits}
    return replace(outcome, facts=facts, complaints=(*outcome.complaints, *_unlogged(trouble, say)))


def _failed(error: CallError, again: tuple[str, ...], say: Speaker) -> Outcome:
    outcome = failed(error, say)
    costs = tuple(say(key) for key in again) if may_be_handled(error) else ()
    drift = _drift(error.drift, say) if isinstance(error, Refusal) else ()
    return replace(outcome, complaints=(*outcome.complaints, *costs, *drift))


def _drift(clauses: Iterable[str], say: Speaker) -> tuple[str, ...]:
    return tuple(say("call.drift", drift=say.departure(clause)) for clause in clauses)


def _unlogged(trouble: LogUnavailable | None, say: Speaker) -> tuple[str, ...]:
    if trouble is None:
        return ()
    return (
        say("call.waiting") if isinstance(trouble, LogWaiting) else say("call.not_logged", reason=say.clause(trouble)),
    )


@contextmanager
def _log(settings: Settings) -> Iterator[tuple[CallLog | None, LogUnavailable | None]]:
    try:
        log = open_log(settings)
    except LogUnavailable as trouble:
        yield None, trouble
        return
    with closing(log):
        yield log, None


def _verdict(found: Match, say: Speaker) -> Outcome:
    names = ("passed", "score", "threshold", "cosine", "errcode", "status", "trace_no", "request_id", "drift")
    facts = {name: getattr(found, name) for name in names} | {"elapsed_ms": found.elapsed_ms}
    lines = [
        say("match.passed" if found.passed else "match.not_passed"),
        say("match.no_score") if found.score is None else say("match.score", score=f"{found.score:g}"),
    ]
    if found.threshold is not None:
        lines.append(say("match.threshold", threshold=f"{found.threshold:g}"))
    lines.append(say("call.trace", trace_no=found.trace_no or "–"))
    return Outcome(PASSED if found.passed else NOT_SAME, facts, (*lines, *_drift(found.drift, say)))


def _issued(found: IssuedCode, say: Speaker) -> Outcome:
    names = ("code", "trace_no", "request_id", "drift")
    facts = {name: getattr(found, name) for name in names} | {"elapsed_ms": found.elapsed_ms}
    trace = say("call.trace", trace_no=found.trace_no or "–")
    return Outcome(PASSED, facts, (found.code, trace, *_drift(found.drift, say)))
