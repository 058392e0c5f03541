"""From a handled answer to a verdict, or to the word that it comes later; the row in the log is filled in."""

from facematch.client.call import Call
from facematch.client.results import Accepted, IssuedCode, Match
from facematch.contract import PROCESSING, Envelope
from facematch.drift import AT_ONCE, UNASKED
from facematch.wire import has_verdict


def is_accepted(envelope: Envelope, is_async: bool) -> bool:
    """Whether the verdict comes later: the server says so, or was allowed to and sends none."""
    return envelope.status == PROCESSING or (is_async and not has_verdict(envelope.result or {}))


def accepted(call: Call, envelope: Envelope, is_async: bool) -> Accepted:
    """What is known of an accepted call."""
    drift = envelope.drift if is_async else (*envelope.drift, UNASKED.of())
    call.note(drift=drift)
    call.draft.accept()
    return Accepted(envelope.trace_no, call.request_id, call.exchange(), drift, call.attempt)


def match_of(call: Call, envelope: Envelope, *, is_async: bool = False) -> Match:
    """The verdict.

    Raises:
        InvalidResponse: None can be read.
    """
    verdict, drift = envelope.verdict()
    facts = call.facts()
    drift = (*envelope.drift, *drift, *((AT_ONCE.of(),) if is_async else ()))
    call.draft.success, call.draft.score = verdict.passed, verdict.score
    call.draft.threshold = facts.threshold
    call.note(drift=drift, **facts.known())
    return Match(
        errcode=envelope.errcode,
        status=envelope.status,
        passed=verdict.passed,
        score=verdict.score,
        trace_no=envelope.trace_no,
        request_id=call.request_id,
        exchange=call.exchange(),
        threshold=facts.threshold,
        cosine=facts.cosine,
        drift=drift,
        attempts=call.attempt,
    )


def answered(is_async: bool, call: Call) -> Accepted | Match:
    """Send a comparison, and read what came."""
    envelope = call.send()
    if is_accepted(envelope, is_async):
        return accepted(call, envelope, is_async)
    return match_of(call, envelope, is_async=is_async)


def issued(call: Call) -> IssuedCode:
    """Send a request for a live code, and read it."""
    envelope = call.send()
    code, drift = envelope.live_code()
    call.hide_code(code)
    drift = (*envelope.drift, *drift)
    call.note(drift=drift)
    return IssuedCode(code, envelope.trace_no, call.request_id, call.exchange(), drift, call.attempt)
