"""The contract's three endpoints."""

from collections.abc import Callable
from contextlib import ExitStack

from facematch.contract import IdentityRequest, MatchRequest
from facematch.errors import RequestRefused
from facematch.service.answers import TOO_MANY, Answer, decision, later, processing, success
from facematch.service.big_bodies import Claim
from facematch.service.cargo import Cargo
from facematch.service.cores import Stopping
from facematch.service.parts import Call, Parts, asking
from facematch.service.spare import give_back

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
    await parts.small_wire(call)
    parts.warm_up.expect_speech()
    return success(call.trace_no, {"code": await asking(parts.live_codes.issue, call.owner)})


async def _decide(parts: Parts, call: Call, read: Callable[[dict[str, object]], Request]) -> Answer:
    with ExitStack() as held:
        claim = parts.big_bodies.claim()
        held.callback(claim.end)
        cargo = await _admitted(parts, call, read, claim)
        work = _work(parts, call, cargo)
        if not cargo.request.is_async:
            return await parts.calling(work)
        if parts.cores.is_stopping:
            raise Stopping
        if await parts.jobs.start(parts.group, call.trace_no, call.owner, lambda: bytes(work().body), claim.end):
            held.pop_all()  # the job ends the claim
            return processing(call.trace_no)
    return later(call.trace_no, "too many asynchronous calls are unfinished", TOO_MANY, RETRY_AFTER_S)


async def _admitted(parts: Parts, call: Call, read: Callable[[dict[str, object]], Request], claim: Claim) -> Cargo:
    """The request, when it may go on; of one that may not the evidence says that nothing was looked at."""
    try:
        cargo = Cargo(read(await parts.wire(call, claim)))
        await asking(parts.flow.admit, cargo.request, call.owner)
    except RequestRefused as error:
        await asking(parts.evidence.keep, parts.flow.nothing_seen(call.trace_no, error), call.owner)
        raise
    return cargo


def _work(parts: Parts, call: Call, cargo: Cargo) -> Callable[[], Answer]:
    trace_no, owner = call.trace_no, call.owner  # the job need not keep the HTTP request

    def decide() -> Answer:
        evidence, refused = parts.flow.run(cargo, trace_no, owner)
        if cargo.is_heavy:
            give_back()
        parts.evidence.keep(evidence, owner)
        return decision(evidence, refused)

    return decide
