"""What every request passes: a name for it, a bound on the calls under way, one line in the service's log.

The line is JSON on the logger ``facematch.service.traffic``. It holds no body, header, path, query or file name.
"""

import itertools
import logging
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from facematch.contract import IDENTITY, MATCH
from facematch.limits import Limits
from facematch.service.answers import TOO_MANY, UNAVAILABLE, Answer, later, new_trace_no

REQUEST_ID = "X-Request-Id"
RETRY_AFTER_S = 1
CROWDED = "crowded"  # in the scope's state: the server has more connections than it bears
_LOG = logging.getLogger(__name__)
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"))
_HEAVY = frozenset((MATCH, IDENTITY))
_process = secrets.token_hex(4)
_serial = itertools.count(1)


@dataclass(slots=True)
class _Passage:
    """One request on its way through; counts what goes by and names the answer."""

    scope: Scope
    request_id: str
    status: int | None = None  # None: nothing was answered, the caller left
    request_bytes: int = 0  # of the body, as far as it was read
    answer_bytes: int = 0
    started: float = field(default_factory=time.perf_counter)

    def receiving(self, receive: Receive) -> Receive:
        async def counted() -> Message:
            message = await receive()
            self.request_bytes += len(message.get("body", b""))
            return message

        return counted

    def sending(self, send: Send) -> Send:
        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = self.request_id
            self.answer_bytes += len(message.get("body", b""))
            await send(message)

        return named

    def _route(self) -> str | None:
        """The template with its {…}, never what stood there."""
        path = self.scope["path"]
        return path if path in _HEAVY else getattr(self.scope.get("route"), "path", None)

    def line(self) -> bytes:
        facts: Mapping[str, Any] = self.scope["state"].get("facts") or {}
        method = self.scope["method"]
        return orjson.dumps(
            {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "request_id": self.request_id,
                "method": method if method in _METHODS else "other",  # any word may stand there
                "route": self._route(),
                "status": self.status,
                "errcode": facts.get("errcode"),
                "trace_no": facts.get("trace_no"),
                "ms": round((time.perf_counter() - self.started) * 1000, 1),
                "request_bytes": self.request_bytes,
                "answer_bytes": self.answer_bytes,
                "worker": os.getpid(),
            }
        )


class Traffic:
    """ASGI middleware around the whole service.

    A route says what it answered by ``request.state.facts = {"errcode": …, "trace_no": …}``.

    Args:
        app: What answers.
        limits: ``calls_max`` comparisons may be under way at once; one more is answered 429 before its body is read.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._calls_max = limits.calls_max
        self._calls = 0  # under way in this process; one event loop counts them

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        passage = _Passage(scope, _request_id(scope))
        try:
            await self._bounded(scope)(scope, passage.receiving(receive), passage.sending(send))
        finally:
            _LOG.info("%s", passage.line().decode())

    def _bounded(self, scope: Scope) -> ASGIApp:
        if scope["state"].get(CROWDED):
            return _turn_away
        if scope["method"] != "POST" or scope["path"] not in _HEAVY:
            return self._app
        return self._counted if self._calls < self._calls_max else _refuse

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._calls += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._calls -= 1


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await _later(scope, "too many calls are under way", TOO_MANY)(scope, receive, send)


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    await _later(scope, "too many connections are open", UNAVAILABLE)(scope, receive, send)


def _later(scope: Scope, detail: str, status: int) -> Answer:
    answer = later(new_trace_no(), detail, status, RETRY_AFTER_S)
    scope["state"]["facts"] = _facts(answer)
    return answer


def name_unread(answer: Answer) -> None:
    """What the server answers itself, to bytes that are no HTTP, has a name and a line too."""
    name = _new_id()
    answer.headers[REQUEST_ID] = name
    scope: Scope = {"method": "", "path": "", "state": {"facts": _facts(answer)}}
    line = _Passage(scope, name, status=answer.status_code, answer_bytes=len(answer.body)).line()
    _LOG.info("%s", line.decode())


def _facts(answer: Answer) -> dict[str, Any]:
    return {"errcode": answer.errcode, "trace_no": answer.trace_no}


def _request_id(scope: Scope) -> str:
    """The caller's name for the request when it is a plain one, else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _GIVEN_ID.fullmatch(given) else _new_id()


def _new_id() -> str:
    return f"{_process}-{next(_serial)}"
