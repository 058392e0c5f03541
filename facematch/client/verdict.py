"""From a handled answer to a verdict, or to the word that it comes later; the row in the log is filled in."""

from facematch.client.call import Call
from facematch.client.results import Accepted, Match
from facematch.contract import PROCESSING, Envelope

UNASKED = "PROCESSING to a call that was not async"
AT_ONCE = "a verdict at once to an async call"


def is_accepted(envelope: Envelope, is_async: bool) -> bool:
    """Whether the verdict comes later: the server says so, or was allowed to and sends none."""
    result = envelope.result or {}
    return envelope.status == PROCESSING or (is_async and not {"isSccess", "isSuccess"} & set(result))


def accepted(call: Call, envelope: Envelope, is_async: bool) -> Accepted:
    """What is known of an accepted call."""
    drift = envelope.drift if is_async else (*envelope.drift, UNASKED)
    call.draft.extra = {"drift": drift} if drift else {}
    call.draft.accept()
    return Accepted(envelope.trace_no, call.request_id, call.exchange(), drift)


def match_of(call: Call, envelope: Envelope, *, is_async: bool = False) -> Match:
    """The verdict.

    Raises:
        InvalidResponse: None can be read.
    """
    verdict, drift = envelope.verdict()
    facts = call.facts()
    drift = (*envelope.drift, *drift, *((AT_ONCE,) if is_async else ()))
    call.draft.success, call.draft.score = verdict.passed, verdict.score
    call.draft.threshold = facts.threshold
    call.draft.extra = {**facts.known(), **({"drift": drift} if drift else {})}
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
    )
