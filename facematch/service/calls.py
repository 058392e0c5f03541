"""The contract's three endpoints."""

from collections.abc import Callable

from facematch import codes
from facematch.contract import IdentityRequest, MatchRequest
from facematch.errors import RequestRefused
from facematch.service.access import read_json
from facematch.service.answers import Answer, decision, processing, refusal, success
from facematch.service.parts import Call, Parts, asking

TOO_MANY = 429
RETRY_AFTER_S = 5  # about one clip's work


async def match(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match``."""
    asked = MatchRequest.from_wire(await read_json(call.request, parts.limits.body_max_bytes))
    return await _decide(parts, call, asked)


async def identity(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match/idno``."""
    asked = IdentityRequest.from_wire(await read_json(call.request, parts.limits.body_max_bytes))
    return await _decide(parts, call, asked)


async def live_code(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match/validateData``."""
    await read_json(call.request, parts.limits.body_max_bytes)
    parts.warm_up.expect_speech()
    return success(call.trace_no, {"code": await asking(parts.live_codes.issue, call.owner)})


async def _decide(parts: Parts, call: Call, asked: MatchRequest | IdentityRequest) -> Answer:
    await asking(_admit, parts, call, asked)
    work = _work(parts, call, asked)
    if not asked.is_async:
        return await parts.calling(work)
    if await parts.jobs.start(parts.group, call.trace_no, call.owner, lambda: bytes(work().body)):
        return processing(call.trace_no)
    refused = RequestRefused(codes.RATE, "too many asynchronous calls are unfinished")
    answer = refusal(call.trace_no, refused, TOO_MANY)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _admit(parts: Parts, call: Call, asked: MatchRequest | IdentityRequest) -> None:
    try:
        parts.flow.admit(asked, call.owner)
    except RequestRefused as error:
        parts.evidence.keep(parts.flow.nothing_seen(call.trace_no, error), call.owner)
        raise


def _work(parts: Parts, call: Call, asked: MatchRequest | IdentityRequest) -> Callable[[], Answer]:
    trace_no, owner = call.trace_no, call.owner  # the job need not keep the HTTP request

    def decide() -> Answer:
        evidence, refused = parts.flow.run(asked, trace_no, owner)
        parts.evidence.keep(evidence, owner)
        return decision(evidence, refused)

    return decide
