"""Faults that HTTP has words for: statuses, redirects, when to come back, tokens; and some that pass."""

import socket
from collections.abc import Mapping

from facematch import codes

from .acts import (
    at_http_date,
    echoes,
    good,
    redirects,
    refuses,
    resets_after,
    says,
    says_json,
    then_good,
    to_elsewhere,
    to_itself,
)
from .server import Act, FaultyServer, Scenario, header

A_DAY_S = 86_400
GATEWAY = "<html><head><title>网关错误</title></head><body>服务器内部错误</body></html>".encode("gbk")
IN_GBK = {"Content-Type": "text/html; charset=gbk"}
WAITS = {"1": "1 s", "25": "25 s", "86400": "a day", "soon": "“soon”", "-5": "-5"}
WHEN = {"1": "seconds", "25": "25_s", "86400": "day", "soon": "soon", "-5": "negative"}
NOT_ACCEPTED = refuses(401, codes.BAD_TOKEN, "token expired")


class _OldToken:
    """Refuses the token that a call comes with at first; another one is good."""

    def __init__(self) -> None:
        self._first: dict[bytes, bytes] = {}

    def __call__(self, server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        token = header(request, "Authorization")
        old = self._first.setdefault(header(request, "X-Request-Id"), token)
        (NOT_ACCEPTED if token == old else good)(server, connection, request)


def _told_to_wait(status: int) -> dict[str, Scenario]:
    """Retry-After in all its forms."""
    forms = {
        f"{status}_{WHEN[text]}": Scenario(f"{status}, Retry-After: {told}", says(status, b"", {"Retry-After": text}))
        for text, told in WAITS.items()
    }
    date = Scenario(f"{status}, Retry-After: a date one second ahead", at_http_date(status, 1))
    return {**forms, f"{status}_date": date, f"{status}_bare": Scenario(f"{status} without Retry-After", says(status))}


def _moved(status: int) -> Scenario:
    return Scenario(f"{status} to another host, which answers well", redirects(status, to_elsewhere))


def _fails(what: str, times: int, act: Act) -> Scenario:
    return Scenario(f"{what}, {times} of each call's attempts; then a good answer", then_good(times, act))


STATUSES: Mapping[str, Scenario] = {
    **_told_to_wait(429),
    **_told_to_wait(503),
    "429_skewed_clock": Scenario("429, Retry-After by a clock that is a day ahead", at_http_date(429, 1, A_DAY_S)),
    "503_busy": Scenario("503 with errcode 16, Retry-After: 1", refuses(503, codes.RATE, "busy", {"Retry-After": "1"})),
    "errcode_16": Scenario("too many calls, told by errcode 16 at 200", refuses(200, codes.RATE)),
    "500_html_gbk": Scenario("500, a page of HTML in GBK", says(500, GATEWAY, IN_GBK)),
    "500_errcode_4": Scenario("500 in the contract's envelope, errcode 4", refuses(500, codes.INTERNAL)),
    "502_html_gbk": Scenario("502, a gateway's page in GBK", says(502, GATEWAY, IN_GBK)),
    "504_bare": Scenario("504 without a body", says(504)),
    "404_json": Scenario("404, JSON without errcode", says_json(404, {"detail": "Not Found"})),
    "400_bare": Scenario("400 without a body", says(400)),
    "413_envelope": Scenario("413 in the contract's envelope", refuses(413, codes.BAD_SIZE)),
    "204_no_content": Scenario("204, no content", says(204)),
    "200_empty": Scenario("200 without a body", says(200)),
    "101_other_protocol": Scenario("101, it changes to another protocol", says(101)),
    **{f"{status}_elsewhere": _moved(status) for status in (301, 302, 303, 307, 308)},
    "redirect_loop": Scenario("307 to the same address, for ever", redirects(307, to_itself)),
    "redirect_nowhere": Scenario("302 without a Location", says(302)),
    "401_bare": Scenario("401 without a body", says(401)),
    "401_envelope": Scenario("401, errcode 40102", NOT_ACCEPTED),
    "403_bare": Scenario("403 without a body", says(403)),
    "403_token": Scenario("403, errcode 40102", refuses(403, codes.BAD_TOKEN)),
    "200_token": Scenario("200, errcode 40101", refuses(200, codes.NO_TOKEN)),
    "token_expired": Scenario("401 to a call's first token, a good answer to another", _OldToken()),
    "reset_then_good": _fails("resets", 1, resets_after(b"")),
    "429_then_good": _fails("429, Retry-After: 1", 1, says(429, b"", {"Retry-After": "1"})),
    "503_then_good": _fails("503, Retry-After: 1", 1, says(503, b"", {"Retry-After": "1"})),
    "502_then_good": _fails("502", 2, says(502)),
    "echo": Scenario("puts the request, token and photos too, into its errmsg", echoes, local=echoes),
}
