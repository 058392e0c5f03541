"""The routes: HTTP on the outside, the engine on the inside, no thinking in between."""

import logging
import os
import secrets
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import anyio
import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from facematch import __version__, codes, contract
from facematch.contract import IdentityRequest, MatchRequest, Verdict
from facematch.engine.api import Engine
from facematch.errors import EngineError, RequestRefused
from facematch.local import EVIDENCE, FACTS_HEADER, HEALTH, Evidence, Health
from facematch.service.access import BodyTooLarge, BodyTooSlow, Gate, read_json
from facematch.service.answers import REQUEST_TIMEOUT, new_trace_no, refusal, success
from facematch.service.evidence import EvidenceStore
from facematch.service.identity import check_identity
from facematch.service.matching import match_photos
from facematch.settings import Limits

CODE_DIGITS = 4
END_POLL_S = 0.02
_LOG = logging.getLogger("facematch.service")
Answer = Callable[[Request, str, str], Awaitable[Response]]


class WarmUp:
    """Loads the engine in the background and remembers how that went."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Not a daemon: the interpreter, too, waits for it. A thread that it abandons inside ONNX Runtime aborts.
        self._thread = threading.Thread(target=self._run, name="facematch-warm-up", daemon=False)
        self.status = "warming"
        self.fault: str | None = None
        self.problem: str | None = None
        self.took_ms: float | None = None

    def start(self) -> None:
        """Begin; calls that come meanwhile wait inside the engine."""
        self._thread.start()

    async def end(self) -> None:
        """Wait until it has ended, as it cannot be interrupted; a join would take one more thread to wait in."""
        while self._thread.is_alive():
            await anyio.sleep(END_POLL_S)

    def _run(self) -> None:
        started = time.perf_counter()
        try:
            self._engine.warm_up()
        except EngineError as error:
            self.status, self.fault, self.problem = "broken", type(error).__name__, str(error)
        except BaseException as error:
            self.status, self.fault, self.problem = "broken", type(error).__name__, None
            raise
        else:
            self.status, self.took_ms = "ready", (time.perf_counter() - started) * 1000


class Service:
    """What the routes share.

    Args:
        engine: Any engine; calls to it run in as many threads as the machine has cores.
        token: Who knows it may call.
        limits: What is accepted.
    """

    def __init__(self, engine: Engine, token: str, limits: Limits) -> None:
        self.engine = engine
        self.limits = limits
        self.gate = Gate(token)
        self.evidence = EvidenceStore(limits.evidence_ttl_s)
        self.warm_up = WarmUp(engine)

    async def match(self, request: Request, trace_no: str, owner: str) -> Response:
        """``POST /tech/ai/face/match``."""
        asked = MatchRequest.from_wire(await read_json(request, self.limits.body_max_bytes))
        evidence, refused = await anyio.to_thread.run_sync(
            match_photos, self.engine, self.limits, asked, trace_no, limiter=self.workers
        )
        self.evidence.keep(evidence, owner)
        if refused is not None:
            return refusal(trace_no, refused)
        assert evidence.score is not None  # noqa: S101 - not refused, so compared
        verdict = Verdict(evidence.score >= self.limits.pass_score, evidence.score)
        return success(trace_no, verdict.to_wire(), {FACTS_HEADER: _facts(evidence)})

    async def identity(self, request: Request, trace_no: str, owner: str) -> Response:
        """``POST /tech/ai/face/match/idno``: this version keeps no ID library, so no number is in it."""
        asked = IdentityRequest.from_wire(await read_json(request, self.limits.body_max_bytes))
        await anyio.to_thread.run_sync(check_identity, self.engine, self.limits, asked, limiter=self.workers)
        raise RequestRefused(codes.UNKNOWN_ID_NUMBER, "this version keeps no ID library")

    async def live_code(self, request: Request, trace_no: str, owner: str) -> Response:
        """``POST /tech/ai/face/match/validateData``."""
        await read_json(request, self.limits.body_max_bytes)
        return success(trace_no, {"code": new_live_code()})

    async def evidence_of(self, request: Request, trace_no: str, owner: str) -> Response:
        """``GET /local/evidence/{trace_no}``."""
        found = self.evidence.find(request.path_params["trace_no"], owner)
        if found is None:
            return refusal(trace_no, RequestRefused(codes.BAD_VALUE, "no evidence under this traceNo"), 404)
        return success(trace_no, found.to_wire())

    async def health(self, request: Request) -> Response:
        """``GET /local/health``: open; without a token only status and version."""
        try:
            self.gate.owner(request)
        except RequestRefused:
            return success(new_trace_no(), Health(self.warm_up.status, __version__).to_wire())
        return success(new_trace_no(), self._health().to_wire())

    def _health(self) -> Health:
        return Health(
            status=self.warm_up.status,
            version=__version__,
            fault=self.warm_up.fault,
            problem=self.warm_up.problem,
            engine=self.engine.name,
            mapping=self.engine.mapping,
            threshold=self.limits.pass_score,
            models=self.engine.models,
            limits=asdict(self.limits),
            offers=("evidence",),
            warm_up_ms=self.warm_up.took_ms,
        )

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """The warm-up begins and ends with the server."""
        self.workers = anyio.CapacityLimiter(os.cpu_count() or 1)
        self.warm_up.start()
        yield
        await self.warm_up.end()

    def guarded(self, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
        """A route behind the token; every refusal, and every bug, becomes an envelope."""

        async def route(request: Request) -> Response:
            trace_no = new_trace_no()
            try:
                return await answer(request, trace_no, self.gate.owner(request))
            except RequestRefused as error:
                return refusal(trace_no, error, _http_status(error))
            except ClientDisconnect:
                return Response(status_code=499)  # nobody reads it
            except Exception as error:  # noqa: BLE001 - Starlette's own handler would break the connection
                _LOG.exception("call %s broke", trace_no)
                return refusal(trace_no, RequestRefused(codes.INTERNAL, type(error).__name__), 500)

        return route


def create_app(engine: Engine, *, token: str, limits: Limits) -> Starlette:
    """The embedded service on *engine*."""
    service = Service(engine, token, limits)
    app = Starlette(
        routes=[
            Route(contract.MATCH, service.guarded(service.match), methods=["POST"]),
            Route(contract.IDENTITY, service.guarded(service.identity), methods=["POST"]),
            Route(contract.LIVE_CODE, service.guarded(service.live_code), methods=["POST"]),
            Route(EVIDENCE + "/{trace_no}", service.guarded(service.evidence_of)),
            Route(HEALTH, service.health),
        ],
        exception_handlers={HTTPException: _no_route},
        lifespan=service.lifespan,
    )
    app.router.redirect_slashes = False  # a path that is not quite right gets an envelope like any other
    return app


def new_live_code() -> str:
    """Four different digits from a cryptographic source; repeated ones are what recognisers miss most."""
    return "".join(secrets.SystemRandom().sample("0123456789", CODE_DIGITS))


def _facts(evidence: Evidence) -> str:
    names = ("cosine", "threshold", "mapping", "engine")
    return orjson.dumps({name: getattr(evidence, name) for name in names}).decode()


def _http_status(error: RequestRefused) -> int:
    if isinstance(error, BodyTooLarge):
        return 413
    if isinstance(error, BodyTooSlow):
        return REQUEST_TIMEOUT
    return 401 if error.errcode in (codes.NO_TOKEN, codes.BAD_TOKEN) else 200


async def _no_route(request: Request, error: Any) -> Response:
    return refusal(
        new_trace_no(), RequestRefused(codes.BAD_VALUE, f"HTTP {error.status_code}: path or method"), error.status_code
    )
