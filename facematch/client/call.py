"""One attempt at one address: it sends, fills its row in the log, and keeps what may be shown."""

import json
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from facematch.client.answers import read_answer
from facematch.client.hiding import SERVER_TEXTS, Hidden, hidden_of, shown_body
from facematch.client.results import Exchange, Facts
from facematch.client.transport import Reply, Transport
from facematch.contract import Envelope
from facematch.errors import CallError, InvalidResponse, Refusal
from facematch.local import FACTS_HEADER
from facematch.log import CallLog, Draft
from facematch.wire import parse_json

ANSWER_SHOWN_CHARACTERS = 4000

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes to the server: a JSON body, or none."""

    url: str
    wire: Mapping[str, Any] | None = field(default=None, repr=False)
    method: Method = "POST"


class Call:
    """Made by ``calling``; ``send`` is called once."""

    def __init__(self, transport: Transport, sent: Sent, draft: Draft, request_id: str) -> None:
        self.draft = draft
        self.request_id = request_id
        self._transport = transport
        self._sent = sent
        self.body = None if sent.wire is None else orjson.dumps(sent.wire)
        self._reply: Reply | None = None
        self._started = time.perf_counter()
        self._hide(hidden_of(sent.wire or {}, transport.secrets))

    def send(self) -> Envelope:
        """Send the request and read the envelope.

        Raises:
            CallError: Whatever went wrong, as the client's methods say.
        """
        self.draft.req_bytes = len(self.body or b"")
        reply = self._transport.send(self._sent.method, self._sent.url, self.body, request_id=self.request_id)
        self._reply = reply
        self.draft.http_status, self.draft.resp_bytes = reply.status, len(reply.content)
        envelope = self._clean(read_answer(reply))
        self.draft.errcode, self.draft.errmsg = envelope.errcode, envelope.errmsg
        self.draft.status, self.draft.trace_no = envelope.status, envelope.trace_no
        return envelope

    def hide_code(self, code: str) -> None:
        """Keep a live code that the answer brought out of the row and out of what may be shown."""
        self._hide(self._hidden.with_code(code))
        for name in SERVER_TEXTS:
            setattr(self.draft, name, self._cut(getattr(self.draft, name)))

    def facts(self) -> Facts:
        """What the server told beside the answer; all None for a server that is not ours."""
        text = None if self._reply is None else self._reply.headers.get(FACTS_HEADER)
        try:
            told = {} if text is None else parse_json(text)
        except InvalidResponse:
            told = {}
        facts = Facts.from_wire(told if isinstance(told, Mapping) else {})
        return replace(facts, mapping=self._cut(facts.mapping), engine=self._cut(facts.engine))

    def explain(self, error: CallError, endpoint: str) -> None:
        """Give *error* what is known of the call."""
        error.endpoint, error.request_id = endpoint, self.request_id
        error.elapsed_ms = self._elapsed_ms()
        error.http_status = None if self._reply is None else self._reply.status
        error.exchange = self.exchange()
        if isinstance(error, Refusal):
            self._hidden.clean(error)

    def exchange(self) -> Exchange:
        """What may be shown of this call."""
        reply = self._reply
        return Exchange(
            url=self._sent.url,
            request=shown_body(self._sent.wire or {}),
            http_status=None if reply is None else reply.status,
            answer=None if reply is None else self._hidden.cut(_shown(reply.content))[:ANSWER_SHOWN_CHARACTERS],
            elapsed_ms=self._elapsed_ms(),
            request_bytes=len(self.body or b""),
            answer_bytes=None if reply is None else len(reply.content),
        )

    def _clean(self, envelope: Envelope) -> Envelope:
        errmsg, status, trace_no = map(self._cut, (envelope.errmsg, envelope.status, envelope.trace_no))
        return replace(envelope, errmsg=errmsg, status=status, trace_no=trace_no)

    def _cut(self, text: str | None) -> str | None:
        return text and self._hidden.cut(text)

    def _hide(self, hidden: Hidden) -> None:
        self._hidden = hidden
        self.draft.hide = hidden.telling

    def _elapsed_ms(self) -> float:
        return (time.perf_counter() - self._started) * 1000


@contextmanager
def calling(transport: Transport, log: CallLog | None, sent: Sent, **facts: str) -> Iterator[Call]:
    """A call whose row is written when the block ends, however it ends.

    Args:
        transport: What sends.
        log: Where the row goes; None writes nothing.
        sent: What is asked.
        facts: ``env``, ``endpoint`` and ``mode`` of the row.
    """
    request_id = uuid.uuid4().hex
    with _recording(log, request_id, facts) as draft:
        call = Call(transport, sent, draft, request_id)
        if log is not None and log.key is not None and call.body is not None:
            draft.req_digest = log.key.digest(call.body)  # two rows with the same one: the same was asked twice
        try:
            yield call
        except CallError as error:
            call.explain(error, facts["endpoint"])
            raise


def _recording(log: CallLog | None, request_id: str, facts: Mapping[str, str]) -> AbstractContextManager[Draft]:
    if log is None:
        return nullcontext(Draft())
    return log.recording(env=facts["env"], endpoint=facts["endpoint"], mode=facts["mode"], request_id=request_id)


def _shown(content: bytes) -> str:
    """Pretty JSON where it is JSON, else the text as it came; not yet cut to what is shown."""
    try:
        text = json.dumps(parse_json(content), ensure_ascii=False, indent=2)
    except InvalidResponse:
        text = content[: 2 * ANSWER_SHOWN_CHARACTERS].decode("utf-8", "replace")
    return text[: 2 * ANSWER_SHOWN_CHARACTERS].encode("utf-8", "replace").decode()  # a lone surrogate cannot be shown
