"""What our own service offers beside the contract, under ``/local/``. Nothing here is logged as a call."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, cast
from urllib.parse import quote

import orjson

from facematch.client.answers import OK, read_answer
from facematch.client.call import Method
from facematch.client.hiding import hidden_of
from facematch.client.media import Photo, is_unicode
from facematch.client.results import Enrolment
from facematch.client.transport import JSON, Reply, Transport
from facematch.errors import CallError, InvalidResponse, NotOffered, RateLimited, Refusal, RequestInvalid, ServerError
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
from facematch.typed import read_typed
from facematch.wire import parse_json

NOT_FOUND = 404
Told = TypeVar("Told")
BYTES = "application/octet-stream"


class LocalService:
    """Made by ``FaceMatchClient.local``.

    Every method raises ``NotOffered`` when the server does not have it, and ``CallError`` when there is no usable
    answer; ``health`` and ``evidence`` return None instead of the first.
    """

    def __init__(self, base_url: str, transport: Transport) -> None:
        self._base_url = base_url
        self._transport = transport

    def __repr__(self) -> str:
        """The address, never the token."""
        return f"LocalService({self._base_url!r})"

    def health(self) -> Health | None:
        """How the service is; None when this server has no such answer."""
        reply = self._send("GET", HEALTH)
        return None if reply.status == NOT_FOUND else _read(Health, read_answer(reply).result, "health")

    def evidence(self, trace_no: str) -> Evidence | None:
        """What the verdict *trace_no* was based on; None when this server keeps none, or no longer."""
        reply = self._send("GET", f"{EVIDENCE}/{_one(trace_no)}")
        return None if reply.status == NOT_FOUND else _read(Evidence, read_answer(reply).result, "evidence")

    def enrol(self, id_number: str, name: str, portrait: Photo | None = None) -> Enrolment:
        """Put a person into the ID library, in place of one with this number; a portrait that cannot be used is told.

        Raises:
            BusinessError: 2002 or 2003, the name or the number is malformed.
        """
        image = {} if portrait is None else {"image": portrait.media().to_wire()}
        return _read(Enrolment, self._ask("POST", PERSONS, {"idNum": id_number, "name": name, **image}), "persons")

    def enrol_demo(self) -> tuple[Person, ...]:
        """Put the invented persons that ship with the service into its library."""
        return _list(Person, self._ask("POST", f"{PERSONS}/demo", {}), "persons")

    def persons(self) -> tuple[Person, ...]:
        """Everyone in the ID library, masked."""
        return _list(Person, self._ask("GET", PERSONS), "persons")

    def delete_person(self, person_id: str) -> bool:
        """Take a person out of the ID library; False: there was none of this id."""
        return self._delete(f"{PERSONS}/{_one(person_id)}")

    def upload(self, path: str, data: bytes) -> StoredFile:
        """Store a file under *path*, which ``from_file_server`` takes, in place of one that was there."""
        if not data:
            raise RequestInvalid("the file is empty: 0 bytes")
        return _read(StoredFile, self._ask("PUT", _file(path), data), "files")

    def files(self) -> tuple[StoredFile, ...]:
        """All files that stand in for the file server's."""
        return _list(StoredFile, self._ask("GET", FILES), "files")

    def delete_file(self, path: str) -> bool:
        """Delete a file; False: there was none."""
        return self._delete(_file(path))

    def issue_token(self, note: str) -> IssuedToken:
        """A new token; its text is told once and kept nowhere. *note*: whose it is."""
        return _read(IssuedToken, self._ask("POST", TOKENS, {"note": note}), "tokens")

    def tokens(self) -> tuple[TokenInfo, ...]:
        """All tokens that were issued, without their texts."""
        return _list(TokenInfo, self._ask("GET", TOKENS), "tokens")

    def revoke_token(self, token_id: str) -> bool:
        """From now on the token is refused; False: there is none of this id."""
        return self._delete(f"{TOKENS}/{_one(token_id)}")

    def chosen_code(self, code: str) -> None:
        """Make *code* a live code of this token: for recorded clips, and only where the service's switch allows it."""
        self._ask("POST", CHOSEN_CODES, {"code": code})

    def openapi(self) -> Mapping[str, Any]:
        """The service's OpenAPI document."""
        reply = self._send("GET", OPENAPI)
        with self._explained("openapi", reply, {}):
            if reply.status != OK:
                read_answer(reply)  # a refusal has the envelope, the document has none
            document = parse_json(reply.content)
            if not isinstance(document, Mapping) or "openapi" not in document:
                raise InvalidResponse("the OpenAPI document cannot be read")
            return cast("Mapping[str, Any]", document)

    def lacks(self, offer: str, error: CallError) -> bool:
        """Whether *error* came because the server has no such answer at all: asks its health."""
        if not isinstance(error, Refusal | InvalidResponse) or isinstance(error, RateLimited | ServerError):
            return False
        try:
            health = self.health()
        except (RateLimited, ServerError):
            return False
        except (Refusal, InvalidResponse):
            return True  # some other server's answer to an address that it does not know
        return health is None or (bool(health.offers) and offer not in health.offers)  # no offers: it told no details

    def _send(self, method: Method, path: str, body: bytes | None = None, content_type: str = JSON) -> Reply:
        return self._transport.send(
            method, self._base_url + path, body, request_id=uuid.uuid4().hex, content_type=content_type
        )

    def _ask(self, method: Method, path: str, body: Mapping[str, Any] | bytes | None = None) -> Mapping[str, Any]:
        wire = body if isinstance(body, Mapping) else {}
        data = _json(body) if isinstance(body, Mapping) else body
        reply = self._send(method, path, data, BYTES if isinstance(body, bytes) else JSON)
        with self._explained(path.split("/")[2], reply, wire):
            return read_answer(reply).result or {}

    @contextmanager
    def _explained(self, offer: str, reply: Reply, wire: Mapping[str, Any]) -> Iterator[None]:
        """Errors in the block say no more than they may, and whether the server lacks the whole *offer*."""
        try:
            yield
        except CallError as error:
            error.http_status = reply.status
            if isinstance(error, Refusal):
                hidden_of(wire, self._transport.secrets).clean(error)
            if self.lacks(offer, error):
                raise NotOffered(offer, error=error) from error
            raise

    def _delete(self, path: str) -> bool:
        try:
            self._ask("DELETE", path)
        except Refusal as error:
            if error.http_status == NOT_FOUND:
                return False
            raise
        return True


def _one(part: str) -> str:
    return quote(part, safe="")


def _json(body: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError as error:
        raise RequestInvalid("what is to be sent is not valid Unicode") from error


def _file(path: str) -> str:
    parts = path.lstrip("/").split("/")
    if not is_unicode(path) or {"", ".", ".."} & set(parts):  # the last two an HTTP client folds away
        raise RequestInvalid("the file's path cannot be used")
    return f"{FILES}/{quote('/'.join(parts))}"


def _list(kind: type[Told], result: Mapping[str, Any], key: str) -> tuple[Told, ...]:
    items = result.get(key)
    if not isinstance(items, list):
        raise InvalidResponse(f"{key} cannot be read")
    return tuple(_read(kind, item, key) for item in items)


def _read(kind: type[Told], result: object, name: str) -> Told:
    try:
        return cast("Told", read_typed(kind, {} if result is None else result))
    except (TypeError, ValueError) as error:
        raise InvalidResponse(f"{name} cannot be read ({type(error).__name__})") from error
