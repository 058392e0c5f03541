"""What our own service offers beside the contract, under ``/local/``. Nothing here is logged as a call."""

import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import quote

from facematch.client.answers import OK, UNAUTHORIZED, read_answer
from facematch.client.body import Body, Raw, marked
from facematch.client.call import Method
from facematch.client.hiding import hidden_of
from facematch.client.media import Medium, Photo, Video, is_unicode
from facematch.client.results import Enrolment
from facematch.client.session import JSON
from facematch.client.tokens import Tokens
from facematch.client.told import list_of, read_told
from facematch.client.transport import Reply, Transport
from facematch.errors import (
    CallError,
    InvalidResponse,
    NotOffered,
    RateLimited,
    Refusal,
    RequestInvalid,
    ServerError,
    TransportError,
)
from facematch.local import (
    CHOSEN_CODES,
    EVIDENCE,
    FILES,
    HEALTH,
    OPENAPI,
    PERSONS,
    TOKENS,
    Evidence,
    Health,
    IssuedToken,
    Person,
    StoredFile,
    TokenInfo,
)
from facematch.wire import parse_json

NOT_FOUND = 404
_ISSUED = re.compile(r"([0-9a-f]{12})\.[A-Za-z0-9_-]{43}")  # the id, a point, the secret
BYTES = "application/octet-stream"
HEALTH_S = 5.0  # at most: it is asked before other things, which it must not hold up for long


class LocalService:
    """Made by ``FaceMatchClient.local``.

    Every method raises ``NotOffered`` when the server does not have it, and ``CallError`` when there is no usable
    answer; ``health`` and ``evidence`` return None instead of the first.
    """

    def __init__(self, base_url: str, transport: Transport, *, tokens: Tokens, timeout_s: float) -> None:
        self._base_url = base_url
        self._transport = transport
        self._tokens = tokens
        self._timeout_s = timeout_s

    def __repr__(self) -> str:
        """The address, never the token."""
        return f"LocalService({self._base_url!r})"

    def health(self) -> Health | None:
        """How the service is; None when this server has no such answer."""
        reply = self._send("GET", HEALTH, deadline=time.monotonic() + min(self._timeout_s, HEALTH_S))
        with self._cleaned(reply, {}):
            return _health(reply)

    def date(self) -> str | None:
        """The header ``Date`` of an answer, as the server wrote it; None when it tells none."""
        return self._send("GET", HEALTH, deadline=time.monotonic() + min(self._timeout_s, HEALTH_S)).headers.get("Date")

    def evidence(self, trace_no: str) -> Evidence | None:
        """What the verdict *trace_no* was based on; None when this server keeps none, or no longer."""
        reply = self._send("GET", f"{EVIDENCE}/{_one(trace_no)}")
        with self._cleaned(reply, {}):
            return None if reply.status == NOT_FOUND else read_told(Evidence, read_answer(reply).result, "evidence")

    def enrol(self, id_number: str, name: str, portrait: Photo | None = None) -> Enrolment:
        """Put a person into the ID library, in place of one with this number; a portrait that cannot be used is told.

        Raises:
            BusinessError: 2002 or 2003, the name or the number is malformed.
        """
        media: dict[str, Medium] = {}
        image = {} if portrait is None else {"image": marked(portrait, media).to_wire()}
        body = Body({"idNum": id_number, "name": name, **image}, media)
        return read_told(Enrolment, self._ask("POST", PERSONS, body), "persons")

    def enrol_demo(self) -> tuple[Person, ...]:
        """Put the invented persons that ship with the service into its library."""
        return list_of(Person, self._ask("POST", f"{PERSONS}/demo", Body({})), "persons")

    def persons(self) -> tuple[Person, ...]:
        """Everyone in the ID library, masked."""
        return list_of(Person, self._ask("GET", PERSONS), "persons")

    def delete_person(self, person_id: str) -> bool:
        """Take a person out of the ID library; False: there was none of this id."""
        return self._delete(f"{PERSONS}/{_one(person_id)}")

    def upload(self, path: str, data: bytes | Photo | Video) -> StoredFile:
        """Store a file under *path*, which ``from_file_server`` takes, in place of one that was there.

        Raises:
            RequestInvalid: *path* cannot be used, or *data* is empty or not on this machine.
        """
        if not data:
            raise RequestInvalid("the file is empty: 0 bytes")
        body = data if isinstance(data, bytes) else Raw(data)
        return read_told(StoredFile, self._ask("PUT", _file(path), body), "files")

    def files(self) -> tuple[StoredFile, ...]:
        """All files that stand in for the file server's."""
        return list_of(StoredFile, self._ask("GET", FILES), "files")

    def delete_file(self, path: str) -> bool:
        """Delete a file; False: there was none."""
        return self._delete(_file(path))

    def issue_token(self, note: str) -> IssuedToken:
        """A new token; its text is told once and kept nowhere. *note*: whose it is."""
        return read_told(IssuedToken, self._ask("POST", TOKENS, Body({"note": note})), "tokens")

    def tokens(self) -> tuple[TokenInfo, ...]:
        """All tokens that were issued, without their texts."""
        return list_of(TokenInfo, self._ask("GET", TOKENS), "tokens")

    def revoke_token(self, token_id: str) -> bool:
        """From now on the token is refused; False: there is none of this id."""
        return self._delete(f"{TOKENS}/{_one(token_id)}")

    def own_token_id(self) -> str | None:
        """The id of the token that this client itself calls with; None when no server of ours issued it."""
        form = _ISSUED.fullmatch(self._tokens.current(self._until()) or "")
        return None if form is None else form[1]

    def chosen_code(self, code: str) -> None:
        """Make *code* a live code of this token: for recorded clips, and only where the service's switch allows it."""
        self._ask("POST", CHOSEN_CODES, Body({"code": code}))

    def openapi(self) -> Mapping[str, Any]:
        """The service's OpenAPI document."""
        deadline = self._until()
        reply = self._send("GET", OPENAPI, deadline=deadline)
        with self._explained("openapi", reply, {}, deadline):
            if reply.status != OK:
                read_answer(reply)  # a refusal has the envelope, the document has none
            document = parse_json(reply.content)
            if not isinstance(document, Mapping) or "openapi" not in document:
                raise InvalidResponse("the OpenAPI document cannot be read")
            return cast("Mapping[str, Any]", document)

    def lacks(self, offer: str, error: CallError, deadline: float) -> bool:
        """Whether *error* came because the server has no such answer at all: asks its health, until *deadline*."""
        if not isinstance(error, Refusal | InvalidResponse) or isinstance(error, RateLimited | ServerError):
            return False
        try:
            health = _health(self._send("GET", HEALTH, deadline=min(deadline, time.monotonic() + HEALTH_S)))
        except (RateLimited, ServerError, TransportError):
            return False
        except (Refusal, InvalidResponse):
            return True  # some other server's answer to an address that it does not know
        return health is None or (bool(health.offers) and offer not in health.offers)  # no offers: it told no details

    def _until(self) -> float:
        return time.monotonic() + self._timeout_s

    def _send(
        self, method: Method, path: str, body: Body | Raw | bytes | None = None, *, deadline: float | None = None
    ) -> Reply:
        deadline = self._until() if deadline is None else deadline
        token = self._tokens.current(deadline)
        reply = self._transport.send(
            method,
            self._base_url + path,
            body,
            request_id=uuid.uuid4().hex,
            token=token,
            deadline=deadline,
            content_type=BYTES if isinstance(body, Raw | bytes) else JSON,
        )
        if reply.status == UNAUTHORIZED:
            self._tokens.refused(token)  # the next call asks for another
        return reply

    def _ask(self, method: Method, path: str, body: Body | Raw | bytes | None = None) -> Mapping[str, Any]:
        deadline = self._until()
        reply = self._send(method, path, body, deadline=deadline)
        with self._explained(path.split("/")[2], reply, body.wire if isinstance(body, Body) else {}, deadline):
            return read_answer(reply).result or {}

    @contextmanager
    def _explained(self, offer: str, reply: Reply, wire: Mapping[str, Any], deadline: float) -> Iterator[None]:
        """Errors in the block say no more than they may, and whether the server lacks the whole *offer*."""
        try:
            with self._cleaned(reply, wire):
                yield
        except CallError as error:
            if self.lacks(offer, error, deadline):
                raise NotOffered(offer, error=error) from error
            raise

    @contextmanager
    def _cleaned(self, reply: Reply, wire: Mapping[str, Any]) -> Iterator[None]:
        """Errors in the block say no more than they may."""
        try:
            yield
        except CallError as error:
            error.http_status = reply.status
            if isinstance(error, Refusal):
                hidden_of(wire, self._tokens.secrets).clean(error)
            raise

    def _delete(self, path: str) -> bool:
        try:
            self._ask("DELETE", path)
        except Refusal as error:
            if error.http_status == NOT_FOUND:
                return False
            raise
        return True


def _health(reply: Reply) -> Health | None:
    return None if reply.status == NOT_FOUND else read_told(Health, read_answer(reply).result, "health")


def _one(part: str) -> str:
    return quote(part, safe="")


def _file(path: str) -> str:
    parts = path.lstrip("/").split("/")
    if not is_unicode(path) or {"", ".", ".."} & set(parts):  # the last two an HTTP client folds away
        raise RequestInvalid("the file's path cannot be used")
    return f"{FILES}/{quote('/'.join(parts))}"
