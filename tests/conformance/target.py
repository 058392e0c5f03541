"""One server under test: requests go to it over HTTP and in no other way; every answer is held against the document."""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import requests

from .case import CHOSEN, FILES, LIVE_CODE, MATCH, PERSONS, TOKENS, Caller, Code, Expected, Request, Shown, lip
from .links import Links
from .media import media

TIMEOUT_S = 120
POLL_S = 0.1
TRACE_NO_DIGITS, CODE_DIGITS = 20, 4


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    wire: dict[str, Any]
    content: bytes = field(repr=False)

    @property
    def trace_no(self) -> str:
        return self.wire["data"]["traceNo"]

    @property
    def result(self) -> dict[str, Any]:
        return self.wire["data"]["result"]


class Target:
    """Sends the requests of the table, and removes in the end what they left behind.

    Args:
        url: Of the server.
        token: Which it accepts.
        links: Where it finds the photos and clips of origin ``uri``.
    """

    def __init__(self, url: str, token: str, links: Links) -> None:
        self.trace_nos: set[str] = set()
        self._url, self._token, self._links = url.rstrip("/"), token, links
        self._codes: set[str] = set()  # issued to the good token
        self._stored: set[str] = set()
        self._left: dict[str, None] = {}  # paths to DELETE

    @cached_property
    def offers(self) -> frozenset[str] | None:
        """What it says that it has of what the contract does not ask for; None: it has no health, so nothing."""
        reply = _sent("GET", f"{self._url}/local/health", headers=self._authorization("good"))
        if reply.status_code == requests.codes.not_found:
            return None
        told = reply.json()["data"]["result"]
        switched_on = {name for name, on in told["switches"].items() if on}
        return frozenset({*told["offers"], *switched_on, *(["lip"] if told["lip_languages"] else [])})

    def lacks(self, needs: frozenset[str]) -> str | None:
        """Why a row cannot be asked here; None: it can."""
        if self.offers is None:
            beside = ", ".join(sorted(needs - {"lip"}))  # which the contract has
            return f"not of this product, as it has no /local/health: no {beside}" if beside else None
        missing = needs - self.offers
        return f"its health does not offer {', '.join(sorted(missing))}" if missing else None

    def send(self, request: Request) -> Answer:
        """Send it and read the envelope."""
        body = self._wire(request.body)
        raw = isinstance(body, bytes | None)
        headers = self._authorization(request.caller) | ({} if raw else {"Content-Type": "application/json"})
        data = body if raw else json.dumps(body).encode()
        reply = _sent(request.method, self._url + request.path, data=data, headers=headers)
        assert reply.headers["Content-Type"].split(";")[0] == "application/json"
        answer = Answer(reply.status_code, reply.headers, reply.json(), reply.content)
        self._note(request, answer)
        return answer

    def result(self, trace_no: str) -> Answer:
        """The answer of an asynchronous call, once it is there."""
        ends = time.monotonic() + TIMEOUT_S
        while time.monotonic() < ends:
            answer = self.send(Request(None, f"/local/results/{trace_no}", "GET"))
            if answer.wire["data"]["status"] != "PROCESSING":
                return answer
            time.sleep(POLL_S)
        raise TimeoutError(trace_no)

    @cached_property
    def demo_persons(self) -> tuple[str, ...]:
        """Their ids; enrolled when first asked for, and removed in the end unless they were there before."""
        before = {each["id"] for each in self.send(Request(None, PERSONS, "GET")).result["persons"]}
        enrolled = [each["id"] for each in self.send(Request({}, f"{PERSONS}/demo")).result["persons"]]
        self._left |= {f"{PERSONS}/{each}": None for each in enrolled if each not in before}
        return tuple(enrolled)

    def close(self) -> None:
        """Remove files, persons and tokens that the suite made."""
        self._links.release()
        for path in self._left:
            self.send(Request(None, path, "DELETE"))

    @cached_property
    def _another_token(self) -> str:
        return str(self.send(Request({"note": "conformance"}, TOKENS)).result["token"])

    @cached_property
    def _revoked_token(self) -> str:
        issued = self.send(Request({"note": "conformance"}, TOKENS)).result
        self.send(Request(None, f"{TOKENS}/{issued['id']}", "DELETE"))
        return str(issued["token"])

    def _authorization(self, caller: Caller) -> dict[str, str]:
        if caller == "none":
            return {}
        if caller in ("another", "revoked"):
            return {"Authorization": self._another_token if caller == "another" else self._revoked_token}
        given = {"good": self._token, "blank": "", "wrong": "wrong", "bearer": f"Bearer {self._token}"}
        return {"Authorization": given[caller]}

    def _wire(self, body: object) -> object:
        """*body* with the media and the live codes in it."""
        if isinstance(body, Mapping):
            return {key: self._wire(value) for key, value in body.items()}
        if isinstance(body, Shown):
            return self._shown(body)
        return self._live_code(body) if isinstance(body, Code) else body

    def _shown(self, shown: Shown) -> str:
        if shown.way == "uri":
            return self._links.url(shown.name)
        if shown.way == "fds":
            return self._stored_file(shown.name)
        text = base64.b64encode(media(shown.name)).decode() or " "
        ways = {
            "self": text,
            "data_url": f"data:application/octet-stream;base64,{text}",
            "spaced": f" {text[:76]}\r\n{text[76:]}\n",
            "url_safe": text.replace("/", "_").replace("+", "-"),
            "unpadded": text.rstrip("=") if text.endswith("=") else text[:-1],
        }
        return ways[shown.way]

    def _stored_file(self, name: str) -> str:
        path = f"conformance/{name}"
        if path not in self._stored:
            self._stored.add(path)
            assert self.send(Request(media(name), f"{FILES}/{path}", "PUT")).wire["errcode"] == 0
        return path

    def _live_code(self, code: Code) -> str:
        if code.digits is not None:
            return str(self.send(Request({"code": code.digits}, CHOSEN)).result["code"])
        if code.fate == "another_token":
            return next(each for each in iter(self._draw_for_another, "") if each not in self._codes)
        drawn = str(self.send(Request({}, LIVE_CODE)).result["code"])
        if code.fate == "used":
            self.send(Request(lip("silence", liveCode=drawn), MATCH))
        return drawn

    def _draw_for_another(self) -> str:
        return str(self.send(Request({}, LIVE_CODE, caller="another")).result["code"])

    def _note(self, request: Request, answer: Answer) -> None:
        """What was made and must go; a traceNo names one answer only."""
        check_envelope(answer)
        if not request.path.startswith("/local/results/"):
            assert answer.trace_no not in self.trace_nos
            self.trace_nos.add(answer.trace_no)
        made = answer.wire["errcode"] == 0 and answer.result if "result" in answer.wire["data"] else None
        if made and request.path == PERSONS and request.method == "POST":
            self._left[f"{PERSONS}/{made['person']['id']}"] = None
        elif made and request.path == TOKENS and request.method == "POST":
            self._left[f"{TOKENS}/{made['id']}"] = None
        elif made and request.path in (LIVE_CODE, CHOSEN) and request.caller == "good":
            self._codes.add(made["code"])
        elif made and request.path.startswith(FILES) and request.method == "PUT":
            self._left[request.path] = None


def _sent(method: str, url: str, **what: Any) -> requests.Response:
    """Over a connection of its own: while a clip is made the server may close one that was kept."""
    with requests.Session() as http:
        http.trust_env = False
        return http.request(method, url, timeout=TIMEOUT_S, allow_redirects=False, **what)


def check_envelope(answer: Answer) -> None:
    """The document's keys and types, and no others."""
    wire, data = answer.wire, answer.wire["data"]
    assert set(wire) == {"errcode", "errmsg", "data"}
    assert type(wire["errcode"]) is int
    assert isinstance(wire["errmsg"], str)
    assert wire["errmsg"]
    assert set(data) - {"result"} == {"status", "traceNo"}
    assert isinstance(data["traceNo"], str)
    assert data["traceNo"].isascii()
    assert data["traceNo"].isdigit()
    assert len(data["traceNo"]) == TRACE_NO_DIGITS
    assert ("result" in data) == (data["status"] != "PROCESSING")
    if wire["errcode"]:
        assert (data["status"], data["result"]) == ("FAIL", {"isSccess": "false"})
    else:
        assert data["status"] in ("SUCCESS", "PROCESSING")
        assert wire["errmsg"] == "SUCCESS"


def check_answer(answer: Answer, expected: Expected) -> None:
    """That it is the one that the table promises."""
    assert (answer.wire["errcode"], answer.status) == (expected.errcode, expected.status), answer.wire["errmsg"]
    assert all(name in answer.headers for name in expected.headers)
    if expected.side is not None:
        assert answer.wire["errmsg"].startswith(f"{expected.side}: ")
    if expected.errcode == 0:
        _check_result(answer.wire["data"], expected)


def _check_result(data: Mapping[str, Any], expected: Expected) -> None:
    assert data["status"] == ("PROCESSING" if expected.kind == "processing" else "SUCCESS")
    if expected.kind == "code":
        assert set(data["result"]) == {"code"}
        assert isinstance(data["result"]["code"], str)
        assert data["result"]["code"].isdecimal()
        assert len(data["result"]["code"]) == CODE_DIGITS
    elif expected.kind == "verdict":
        result = data["result"]
        assert set(result) == {"isSccess", "score"}
        assert result["isSccess"] in ("true", "false")
        assert isinstance(result["score"], str)
        assert result["score"].isascii()
        assert result["score"].isdecimal()
        assert result["score"] == str(int(result["score"]))
        assert int(result["score"]) <= 100
        assert expected.passed is None or result["isSccess"] == ("true" if expected.passed else "false")
