"""One attempt at one address: it sends, fills its row in the log, and keeps what may be shown."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from facematch.client.answers import read_answer
from facematch.client.body import Body
from facematch.client.hiding import SERVER_TEXTS, Hidden, hidden_of, shown_body
from facematch.client.results import Exchange, Facts
from facematch.client.transport import Reply, Transport
from facematch.contract import Envelope
from facematch.errors import CallError, InvalidResponse, Refusal
from facematch.local import FACTS_HEADER
from facematch.log import Draft
from facematch.wire import parse_json

ANSWER_SHOWN_CHARACTERS = 4000
READ_BEFORE_CUTTING = 16_000  # more than is searched for secrets: none is cut in two before it is found

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes to the server: a JSON body, or none."""

    url: str
    body: Body | None = field(default=None, repr=False)
    method: Method = "POST"


@dataclass(frozen=True, slots=True)
class Turn:
    """Which attempt this is, and what it may take."""

    request_id: str  # of the call: the same for each attempt
    attempt: int
    deadline: float  # time.monotonic() seconds


class Call:
    """Made by ``Errand``; ``send`` is called once."""

    def __init__(self, transport: Transport, sent: Sent, draft: Draft, turn: Turn) -> None:
        self.draft = draft
        self.request_id, self.attempt = turn.request_id, turn.attempt
        self._deadline = turn.deadline
        self._transport = transport
        self._sent = sent
        self._token: str | None = None
        self._reply: Reply | None = None
        self._started = time.perf_counter()
        self._hide(hidden_of(self._wire, ()))

    def authorise(self, token: str | None, secrets: Iterable[str]) -> None:
        """Send *token* along; *secrets* are all tokens that a server may echo."""
        self._token = token
        self._hide(hidden_of(self._wire, secrets))

    def send(self) -> Envelope:
        """Send the request and read the envelope.

        Raises:
            CallError: Whatever went wrong, as the client's methods say.
        """
        sent = self._sent
        self.draft.req_bytes = self._request_bytes
        reply = self._transport.send(
            sent.method, sent.url, sent.body, request_id=self.request_id, token=self._token, deadline=self._deadline
        )
        self._reply = reply
        self.draft.connect_ms = reply.connect_ms
        self.draft.http_status, self.draft.resp_bytes = reply.status, len(reply.content)
        envelope = self._clean(read_answer(reply))
        self.draft.errcode, self.draft.errmsg = envelope.errcode, envelope.errmsg
        self.draft.status, self.draft.trace_no = envelope.status, envelope.trace_no
        self.note(drift=envelope.drift)
        return envelope

    def note(self, **facts: object) -> None:
        """Add to what the row says beside its columns; an empty tuple says nothing."""
        self.draft.extra |= {name: value for name, value in facts.items() if value != ()}

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
        """Give *error* what is known of the attempt, and its row what *error* knows of drift."""
        error.endpoint, error.request_id, error.attempt = endpoint, self.request_id, self.attempt
        error.http_status = None if self._reply is None else self._reply.status
        error.exchange = self.exchange()
        if isinstance(error, Refusal):
            self._hidden.clean(error)
            self.note(drift=error.drift)

    def exchange(self) -> Exchange:
        """What may be shown of this attempt."""
        reply, body = self._reply, self._sent.body
        return Exchange(
            url=self._sent.url,
            request={} if body is None else shown_body(body.wire, body.media),
            http_status=None if reply is None else reply.status,
            answer=None if reply is None else self._hidden.cut(_shown(reply.content))[:ANSWER_SHOWN_CHARACTERS],
            elapsed_ms=self._elapsed_ms(),
            request_bytes=self._request_bytes,
            answer_bytes=None if reply is None else len(reply.content),
        )

    @property
    def _wire(self) -> Mapping[str, object]:
        return {} if self._sent.body is None else self._sent.body.wire

    @property
    def _request_bytes(self) -> int:
        return 0 if self._sent.body is None else len(self._sent.body)

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


def _shown(content: bytes) -> str:
    """Pretty JSON where it is JSON, else the text as it came; not yet cut to what is shown."""
    try:
        text = json.dumps(parse_json(content), ensure_ascii=False, indent=2)
    except InvalidResponse:
        text = content[: 4 * READ_BEFORE_CUTTING].decode("utf-8", "replace")
    return text[:READ_BEFORE_CUTTING].encode("utf-8", "replace").decode()  # a lone surrogate cannot be shown
