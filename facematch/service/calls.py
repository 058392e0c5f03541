"""The contract's three endpoints."""

from collections.abc import Callable

from facematch.contract import IdentityRequest, MatchRequest
from facematch.errors import RequestRefused
from facematch.service.access import read_json
from facematch.service.answers import TOO_MANY, Answer, decision, later, processing, success
from facematch.service.cores import Stopping
from facematch.service.parts import Call, Parts, asking

RETRY_AFTER_S = 5  # about one clip's work
Request = MatchRequest | IdentityRequest


async def match(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match``."""
    return await _decide(parts, call, MatchRequest.from_wire)


async def identity(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match/idno``."""
    return await _decide(parts, call, IdentityRequest.from_wire)


async def live_code(parts: Parts, call: Call) -> Answer:
    """``POST /tech/ai/face/match/validateData``."""
    await read_json(call.request, parts.limits.body_max_bytes)
    parts.warm_up.expect_speech()
    return success(call.trace_no, {"code": await asking(parts.live_codes.issue, call.owner)})


async def _decide(parts: Parts, call: Call, read: Callable[[dict[str, object]], Request]) -> Answer:
    asked = await _admitted(parts, call, read)
    work = _work(parts, call, asked)
    if not asked.is_async:
        return await parts.calling(work)
    if parts.cores.is_stopping:
        raise Stopping
    if await parts.jobs.start(parts.group, call.trace_no, call.owner, lambda: bytes(work().body)):
        return processing(call.trace_no)
    return later(call.trace_no, "too many asynchronous calls are unfinished", TOO_MANY, RETRY_AFTER_S)


async def _admitted(parts: Parts, call: Call, read: Callable[[dict[str, object]], Request]) -> Request:
    """The request, when it may go on; of one that may not the evidence says that nothing was looked at."""
    try:
        asked = read(await read_json(call.request, parts.limits.body_max_bytes))
        await asking(parts.flow.admit, asked, call.owner)
    except RequestRefused as error:
        await asking(parts.evidence.keep, parts.flow.nothing_seen(call.trace_no, error), call.owner)
        raise
    return asked


def _work(parts: Parts, call: Call, asked: Request) -> Callable[[], Answer]:
    trace_no, owner = call.trace_no, call.owner  # the job need not keep the HTTP request

    def decide() -> Answer:
        evidence, refused = parts.flow.run(asked, trace_no, owner)
        parts.evidence.keep(evidence, owner)
        return decision(evidence, refused)

    return decide
