"""HTTP as uvicorn speaks it, on connections whose callers may dawdle, flood, or speak no HTTP."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import h11
from starlette.datastructures import MutableHeaders
from starlette.types import Message
from uvicorn.protocols.http.h11_impl import H11Protocol

from facematch import codes
from facematch.errors import RequestRefused
from facematch.service.answers import new_trace_no, refusal
from facematch.service.traffic import CROWDED, name_unread

CONNECTIONS_AT_MOST = 256  # of one process, idle ones included; beyond it the answer is 503
HEAD_S = 10.0  # from the connection's or the head's first moment until the head is whole
DRAIN_S = 5.0  # after the last answer: as long, and as many bytes, as what still comes is read and forgotten
DRAIN_BYTES = 16 * 2**20

# What the app leaves in the server's state:
ON_STOP = "on_stop"  # to be called, perhaps again, when the server begins to stop
BODY_BYTES = "body_bytes"  # the largest body that it reads


class LingeringTransport(asyncio.Transport):
    """A transport whose closing lets the answer arrive.

    When a connection is closed with bytes unread, the system resets it, and its caller may never see the answer. So it
    is told that nothing more comes, and what it still sends is forgotten until it closes too, or a bound is reached.

    Args:
        transport: What carries the bytes.
        is_unread: Whether the caller may still be sending.
        at_most: Bytes to forget.
    """

    def __init__(self, transport: asyncio.Transport, is_unread: Callable[[], bool], at_most: int) -> None:
        super().__init__()
        self._transport = transport
        self._is_unread = is_unread
        self._left = at_most
        self._ends: asyncio.TimerHandle | None = None

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As the transport beneath."""
        return self._transport.get_extra_info(name, default)

    def is_closing(self) -> bool:
        """Whether this side has said its last."""
        return self._ends is not None or self._transport.is_closing()

    def pause_reading(self) -> None:
        """As the transport beneath; while it lingers nothing waits to be read."""
        if self._ends is None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """As the transport beneath."""
        self._transport.resume_reading()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """As the transport beneath."""
        self._transport.write(data)

    def close(self) -> None:
        """Close at once when the caller has said all, else linger."""
        if self.is_closing():
            return
        if not self._is_unread():
            self._transport.close()
            return
        self._ends = asyncio.get_running_loop().call_later(DRAIN_S, self.end)
        self._transport.resume_reading()
        with contextlib.suppress(OSError):  # the caller is gone; its connection_lost is on the way
            self._transport.write_eof()

    def forgets(self, data: bytes) -> bool:
        """Whether *data* came after the last answer."""
        if self._ends is None:
            return False
        self._left -= len(data)
        if self._left < 0:
            self.end()
        return True

    def end(self) -> None:
        """Linger no longer."""
        if self._ends is not None:
            self._ends.cancel()
            self._transport.abort()


class EnvelopeProtocol(H11Protocol):
    """uvicorn's HTTP with a time for heads, a bound on what follows the last answer, and envelopes for its refusals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._served, self.app = self.app, self._marked
        self._late: asyncio.TimerHandle | None = None
        self._open: LingeringTransport

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        at_most = self.app_state.get(BODY_BYTES, 0) + DRAIN_BYTES
        self._open = LingeringTransport(transport, self._is_unread, at_most)
        super().connection_made(self._open)
        self._time_head()

    def data_received(self, data: bytes) -> None:
        """Bytes of a request, or what nobody reads any more."""
        if not self._open.forgets(data):
            super().data_received(data)
            self._time_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave no clock behind."""
        self._open.end()
        super().connection_lost(exc)
        self._time_head()

    def shutdown(self) -> None:
        """The server stops: the app is told, and nobody lingers."""
        if told := self.app_state.get(ON_STOP):
            told()
        self._open.end()
        super().shutdown()

    def _is_unread(self) -> bool:
        return self.conn.their_state in (h11.SEND_BODY, h11.ERROR)

    def _time_head(self) -> None:
        """Let the clock run exactly while a head is due; a kept connection without a byte has uvicorn's own."""
        is_due = self.conn.their_state is h11.IDLE and not self._open.is_closing()
        if is_due and self._late is None:
            self._late = self.loop.call_later(HEAD_S, self.timeout_keep_alive_handler)
        elif not is_due and self._late is not None:
            self._late.cancel()
            self._late = None

    async def _marked(self, scope: Any, receive: Any, send: Any) -> None:
        if len(self.connections) > CONNECTIONS_AT_MOST:
            scope["state"][CROWDED] = True

        async def parting(message: Message) -> None:
            """An answer before the request has come whole is the connection's last."""
            if message["type"] == "http.response.start" and self._is_unread():
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._served(scope, receive, parting)

    def send_400_response(self, msg: str) -> None:
        """Answer *msg* and close; when an answer is already on its way, only close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = refusal(new_trace_no(), RequestRefused(codes.BAD_VALUE, msg.rstrip(".")), 400)
            name_unread(answer)
            headers = [*answer.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=400, headers=headers),
                h11.Data(data=bytes(answer.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # whoever waits for the rest of the body is told that it will not come
            self.cycle.message_event.set()
        self.transport.close()
