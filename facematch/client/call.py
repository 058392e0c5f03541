"""One attempt at one endpoint: it sends, fills its row in the log, and keeps what may be shown."""

import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import orjson

from facematch.client.answers import read_answer
from facematch.client.results import Exchange, Facts
from facematch.client.transport import Reply, Transport
from facematch.contract import Envelope
from facematch.errors import CallError, InvalidResponse, Refusal
from facematch.local import FACTS_HEADER
from facematch.log import CallLog, Draft
from facematch.wire import parse_json

ANSWER_SHOWN_CHARACTERS = 4000
_BASE64 = re.compile(r"[A-Za-z0-9+/=_-]{64,}")


class Call:
    """Made by ``calling``; ``send`` is called once."""

    def __init__(self, transport: Transport, url: str, wire: Mapping[str, Any], draft: Draft, request_id: str) -> None:
        self.draft = draft
        self.request_id = request_id
        self._transport = transport
        self._url = url
        self._wire = wire
        self.body = orjson.dumps(wire)
        self._reply: Reply | None = None
        self._started = time.perf_counter()

    def send(self) -> Envelope:
        """Send the request and read the envelope.

        Raises:
            CallError: Whatever went wrong, as the client's methods say.
        """
        self.draft.req_bytes = len(self.body)
        reply = self._transport.send("POST", self._url, self.body, request_id=self.request_id)
        self._reply = reply
        self.draft.http_status, self.draft.resp_bytes = reply.status, len(reply.content)
        envelope = read_answer(reply)
        self.draft.errcode, self.draft.errmsg = envelope.errcode, envelope.errmsg
        self.draft.status, self.draft.trace_no = envelope.status, envelope.trace_no
        return envelope

    def facts(self) -> Facts:
        """What the server told beside the answer; all None for a server that is not ours."""
        text = None if self._reply is None else self._reply.headers.get(FACTS_HEADER)
        try:
            told = {} if text is None else parse_json(text)
        except InvalidResponse:
            told = {}
        return Facts.from_wire(told if isinstance(told, Mapping) else {})

    def explain(self, error: CallError, endpoint: str) -> None:
        """Give *error* what is known of the call."""
        error.endpoint, error.request_id = endpoint, self.request_id
        error.elapsed_ms = self._elapsed_ms()
        error.http_status = None if self._reply is None else self._reply.status
        error.exchange = self.exchange()
        if isinstance(error, Refusal) and error.errmsg is not None:
            error.errmsg = self._hidden(error.errmsg)

    def exchange(self) -> Exchange:
        """What may be shown of this call."""
        reply = self._reply
        return Exchange(
            url=self._url,
            request=_without_media(self._wire),
            http_status=None if reply is None else reply.status,
            answer=None if reply is None else self._hidden(_shown(reply.content)),
            elapsed_ms=self._elapsed_ms(),
            request_bytes=len(self.body),
            answer_bytes=None if reply is None else len(reply.content),
        )

    def _hidden(self, text: str) -> str:
        """*text* without what we sent and a server may echo: token and base64."""
        for secret in self._transport.secrets:
            text = text.replace(secret, "[token]")
        return _BASE64.sub(lambda found: _size(found[0]), text)

    def _elapsed_ms(self) -> float:
        return (time.perf_counter() - self._started) * 1000


@contextmanager
def calling(
    transport: Transport, log: CallLog | None, url: str, wire: Mapping[str, Any], **facts: str
) -> Iterator[Call]:
    """A call whose row is written when the block ends, however it ends.

    Args:
        transport: What sends.
        log: Where the row goes; None writes nothing.
        url: The endpoint's address.
        wire: The JSON body.
        facts: ``env``, ``endpoint`` and ``mode`` of the row.
    """
    request_id = uuid.uuid4().hex
    with _recording(log, request_id, facts) as draft:
        draft.hide = transport.secrets
        call = Call(transport, url, wire, draft, request_id)
        draft.req_digest = digest(log, call.body)  # two rows with the same one: the same was asked twice
        try:
            yield call
        except CallError as error:
            call.explain(error, facts["endpoint"])
            raise


def digest(log: CallLog | None, data: bytes) -> bytes | None:
    """The digest of *data* under the log's key; None without one."""
    key = None if log is None else log.key
    return None if key is None else key.digest(data)


def _recording(log: CallLog | None, request_id: str, facts: Mapping[str, str]) -> AbstractContextManager[Draft]:
    if log is None:
        return nullcontext(Draft())
    return log.recording(env=facts["env"], endpoint=facts["endpoint"], mode=facts["mode"], request_id=request_id)


def _without_media(wire: Mapping[str, Any]) -> dict[str, Any]:
    """The body with every media text replaced by its size."""
    return {
        key: _without_media(value) if isinstance(value, Mapping) else _size(value) if key == "data" else value
        for key, value in wire.items()
    }


def _size(text: str) -> str:
    return f"<base64, {len(text):,} characters>"


def _shown(content: bytes) -> str:
    """Pretty JSON where it is JSON, else the text as it came."""
    try:
        text = json.dumps(parse_json(content), ensure_ascii=False, indent=2)
    except InvalidResponse:
        text = content[: 2 * ANSWER_SHOWN_CHARACTERS].decode("utf-8", "replace")
    return text[:ANSWER_SHOWN_CHARACTERS].encode("utf-8", "replace").decode()  # a lone surrogate cannot be shown
