"""What stands beside the contract under ``/local/``: health, evidence, results, tokens, chosen codes, OpenAPI."""

from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import Response

from facematch import codes
from facematch.errors import RequestRefused, StateUnavailable
from facematch.service.answers import Answer, kept, not_found, processing, success
from facematch.service.health import health_for_anyone, health_of
from facematch.service.live_codes import chosen
from facematch.service.openapi import document
from facematch.service.parts import Call, Parts, asking
from facematch.wire import text

NOTE_CHARACTERS = 200


async def health(parts: Parts, request: Request, trace_no: str) -> Answer:
    """``GET /local/health``: open; without a token only status and version."""
    try:
        await parts.gate.owner(request)
    except (RequestRefused, StateUnavailable):
        return success(trace_no, health_for_anyone(parts.warm_up).to_wire())
    found = await asking(health_of, parts.engine, parts.settings, parts.warm_up)
    return success(trace_no, found.to_wire())


async def evidence(parts: Parts, call: Call) -> Answer:
    """``GET /local/evidence/{traceNo}``."""
    found = await asking(parts.evidence.find, call.request.path_params["traceNo"], call.owner)
    if found is None:
        return not_found(call.trace_no, "no evidence under this traceNo")
    return success(call.trace_no, found.to_wire())


async def result(parts: Parts, call: Call) -> Answer:
    """``GET /local/results/{traceNo}``: the very bytes that the call would have answered, once they are there."""
    wanted = call.request.path_params["traceNo"]
    found = await asking(parts.state.results.find, wanted, call.owner)
    if found is None:
        return not_found(call.trace_no, "no result under this traceNo")
    if isinstance(found, bytes):
        return kept(found, await asking(parts.evidence.find, wanted, call.owner))
    return processing(wanted)


async def issue_token(parts: Parts, call: Call) -> Answer:
    """``POST /local/tokens``: the only time that the token's text is told."""
    wire = await parts.small_wire(call)
    note = wire.get("note", "")
    if not isinstance(note, str) or len(note) > NOTE_CHARACTERS:
        raise RequestRefused(codes.BAD_VALUE, f"note is not a text of at most {NOTE_CHARACTERS} characters")
    return success(call.trace_no, asdict(await asking(parts.state.tokens.issue, note)))


async def tokens(parts: Parts, call: Call) -> Answer:
    """``GET /local/tokens``."""
    found = await asking(parts.state.tokens.all)
    return success(call.trace_no, {"tokens": [asdict(each) for each in found]})


async def revoke_token(parts: Parts, call: Call) -> Answer:
    """``DELETE /local/tokens/{id}``."""
    wanted = call.request.path_params["id"]
    if not await asking(parts.state.tokens.revoke, wanted):
        return not_found(call.trace_no, "no token with this id")
    return success(call.trace_no, {"id": wanted})


async def choose_code(parts: Parts, call: Call) -> Answer:
    """``POST /local/live-codes``: for evaluation, only behind its switch."""
    if not parts.settings.allow_chosen_codes:
        return not_found(call.trace_no, "chosen live codes are switched off")
    code = chosen(text(await parts.small_wire(call), "code"))
    return success(call.trace_no, {"code": await asking(parts.live_codes.issue, call.owner, code)})


async def openapi(parts: Parts, call: Call) -> Response:
    """``GET /local/openapi.json``: the document itself, without an envelope."""
    return Response(orjson.dumps(document()), media_type="application/json")
