"""The routes: HTTP on the outside, the engine on the inside, no thinking in between."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from facematch import codes, contract, local
from facematch.engine.api import Engine
from facematch.errors import RequestRefused
from facematch.service import calls, library_routes, local_routes
from facematch.service.access import BodyTooLarge, BodyTooSlow
from facematch.service.answers import (
    REQUEST_TIMEOUT,
    TOO_LARGE,
    TOO_MANY,
    UNAUTHORIZED,
    UNAVAILABLE,
    Answer,
    later,
    new_trace_no,
    refusal,
)
from facematch.service.big_bodies import Crowded
from facematch.service.cores import Stopping
from facematch.service.evidence import EvidenceKeeper
from facematch.service.failure import told_shortly
from facematch.service.parts import Call, Parts
from facematch.service.protocol import BODY_BYTES, ON_STOP
from facematch.service.traffic import Traffic
from facematch.settings import Settings

BROKE = 500
RESTART_S = 5  # a service that is started again is back by then
CUT_OFF = "the service stopped before the call was worked off"
_LOG = logging.getLogger("facematch.service")


@dataclass(frozen=True, slots=True)
class Way:
    """One route behind the token."""

    method: str
    path: str
    answer: Callable[[Parts, Call], Awaitable[Response]]


WAYS: tuple[Way, ...] = (
    Way("POST", contract.MATCH, calls.match),
    Way("POST", contract.IDENTITY, calls.identity),
    Way("POST", contract.LIVE_CODE, calls.live_code),
    Way("GET", local.EVIDENCE + "/{traceNo}", local_routes.evidence),
    Way("GET", local.RESULTS + "/{traceNo}", local_routes.result),
    Way("POST", local.TOKENS, local_routes.issue_token),
    Way("GET", local.TOKENS, local_routes.tokens),
    Way("DELETE", local.TOKENS + "/{id}", local_routes.revoke_token),
    Way("POST", local.PERSONS, library_routes.enrol),
    Way("GET", local.PERSONS, library_routes.persons),
    Way("POST", local.PERSONS + "/demo", library_routes.enrol_demo),
    Way("DELETE", local.PERSONS + "/{id}", library_routes.delete_person),
    Way("GET", local.FILES, library_routes.files),
    Way("PUT", local.FILES + "/{path:path}", library_routes.put_file),
    Way("DELETE", local.FILES + "/{path:path}", library_routes.delete_file),
    Way("POST", local.CHOSEN_CODES, local_routes.choose_code),
    Way("GET", local.OPENAPI, local_routes.openapi),
)


def create_app(
    engine: Engine, *, token: str | None, settings: Settings, evidence: EvidenceKeeper | None = None
) -> Starlette:
    """The embedded service on *engine*.

    Args:
        engine: What sees, hears and compares.
        token: Who knows it may call, besides whoever has an issued one; None: only those.
        settings: What is accepted, and where the state is.
        evidence: Where evidence waits to be asked for; None: in this process.

    Raises:
        StateUnavailable: The state's database cannot be opened.
    """
    parts = Parts(engine, token, settings, evidence)
    app = Starlette(
        routes=[*(_route(parts, way) for way in WAYS), Route(local.HEALTH, _told(partial(local_routes.health, parts)))],
        middleware=[Middleware(Traffic, limits=settings.limits)],
        exception_handlers={HTTPException: _no_route},
        lifespan=_lifespan(parts),
    )
    app.router.redirect_slashes = False  # a path that is not quite right gets an envelope like any other
    return app


def _lifespan(parts: Parts) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        """The warm-up and the jobs begin and end with the server."""
        parts.warm_up.start()
        try:
            async with anyio.create_task_group() as parts.group:
                parts.group.start_soon(parts.jobs.attend)
                yield {ON_STOP: parts.cores.stop, BODY_BYTES: parts.limits.body_max_bytes}
                await parts.jobs.end()
                parts.group.cancel_scope.cancel()
            await parts.warm_up.end()
        finally:
            parts.state.close()

    return lifespan


def _route(parts: Parts, way: Way) -> Route:
    """Behind the token."""

    async def answer(request: Request, trace_no: str) -> Response:
        return await way.answer(parts, Call(request, trace_no, await parts.gate.owner(request)))

    return Route(way.path, _told(answer), methods=[way.method])


def _told(answer: Callable[[Request, str], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Every refusal, and every bug, becomes an envelope."""

    async def endpoint(request: Request) -> Response:
        trace_no = new_trace_no()
        try:
            return _noted(request, await answer(request, trace_no))
        except RequestRefused as error:
            return _noted(request, _refused(trace_no, error))
        except asyncio.CancelledError:  # the server's time to stop is up; nothing else cancels a call
            return _noted(request, later(trace_no, CUT_OFF, UNAVAILABLE, RESTART_S))
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it
        except Exception as error:  # noqa: BLE001 - Starlette's own handler would break the connection
            _LOG.error("call %s broke: %s", trace_no, told_shortly(error))
            refused = RequestRefused(codes.INTERNAL, type(error).__name__)
            return _noted(request, refusal(trace_no, refused, BROKE))

    return endpoint


def _noted(request: Request, answer: Response) -> Response:
    """Leave for the log what was answered."""
    if isinstance(answer, Answer):
        request.state.facts = {"errcode": answer.errcode, "trace_no": answer.trace_no}
    return answer


def _refused(trace_no: str, error: RequestRefused) -> Answer:
    if isinstance(error, Stopping):
        return later(trace_no, error.detail, UNAVAILABLE, RESTART_S)
    if isinstance(error, Crowded):
        return later(trace_no, error.detail, TOO_MANY, calls.RETRY_AFTER_S)
    return refusal(trace_no, error, _http_status(error))


def _http_status(error: RequestRefused) -> int:
    if isinstance(error, BodyTooLarge):
        return TOO_LARGE
    if isinstance(error, BodyTooSlow):
        return REQUEST_TIMEOUT
    by_code = {codes.NO_TOKEN: UNAUTHORIZED, codes.BAD_TOKEN: UNAUTHORIZED, codes.INTERNAL: BROKE}
    return by_code.get(error.errcode, 200)


async def _no_route(request: Request, error: Any) -> Response:
    refused = RequestRefused(codes.BAD_VALUE, f"HTTP {error.status_code}: path or method")
    return _noted(request, refusal(new_trace_no(), refused, error.status_code))
