"""What a call comes to on each scenario: one error class or a verdict, and how many attempts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from facematch import codes
from facematch.errors import (
    AuthError,
    BusinessError,
    CallError,
    ConnectionLost,
    DeadlineExceeded,
    HttpStatusError,
    InvalidResponse,
    RateLimited,
    RedirectRefused,
    Refusal,
    ResponseTooLarge,
    ServerError,
    StillProcessing,
)

from .documents import UNKNOWN_ERRCODE

Kind = Literal["photo", "SILENT", "LIP", "idno", "live_code"]


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a call is sent, by what it asks for; SILENT is as a photo."""

    photo: int = 1
    LIP: int = 1
    idno: int = 1
    live_code: int = 1

    def of(self, kind: Kind) -> int:
        """For one kind."""
        return int(getattr(self, "photo" if kind == "SILENT" else kind))


ONCE = Attempts()
ALWAYS = Attempts(3, 3, 3, 3)  # it was surely not handled
HARMLESS = Attempts(3, 1, 1, 3)  # a live code may be spent, a query of an identity may be counted
LOST = Attempts(2, 1, 1, 3)
LATE = Attempts(1, 1, 1, 2)


@dataclass(frozen=True, slots=True)
class Expected:
    """What comes of a call, and the columns of each of its rows."""

    error: type[CallError] | None
    outcome: str
    http_status: int | None = 200
    errcode: int | None = None
    attempts: Attempts = ONCE
    sent: bool | None = None  # of a TransportError: may it have been handled?
    passed: bool = True  # without an error: the verdict
    drifts: bool = False
    is_big: bool = False  # shows with a body that no socket's buffer holds
    is_held: bool = False  # ends by the deadline
    before: "Expected | None" = None  # the attempts before the last one; None: as the last


def _held(*, attempts: Attempts = LATE, is_big: bool = False) -> Expected:
    return Expected(DeadlineExceeded, "timeout", None, attempts=attempts, sent=True, is_big=is_big, is_held=True)


def _refused(error: type[Refusal], status: int, errcode: int | None = None, attempts: Attempts = ONCE) -> Expected:
    return Expected(error, "http_error" if errcode is None else "biz_error", status, errcode, attempts)


def _broken(http_status: int | None = 200, errcode: int | None = None, *, drifts: bool = False) -> Expected:
    return Expected(InvalidResponse, "bad_response", http_status, errcode, drifts=drifts)


def _flaky(before: Expected, attempts: Attempts) -> Expected:
    return Expected(None, "ok", 200, codes.HANDLED, attempts, before=before)


GOOD = Expected(None, "ok", 200, codes.HANDLED)
DRIFTED = Expected(None, "ok", 200, codes.HANDLED, drifts=True)
AGAINST = Expected(None, "ok", 200, codes.HANDLED, passed=False)
BROKEN_CONNECTION = Expected(ConnectionLost, "connect_error", None, attempts=LOST, sent=True)
HELD = _held()
NOT_HTTP = _broken(None)
UNREADABLE = _broken()
NO_VERDICT = _broken(200, codes.HANDLED)
TOO_LARGE = Expected(ResponseTooLarge, "bad_response", None)

_LINES = {
    **dict.fromkeys(("good", "continues_once", "processes", "early_hints", "hanging_health"), GOOD),
    **dict.fromkeys(("closes", "resets", "resets_in_header", "resets_in_body"), BROKEN_CONNECTION),
    **dict.fromkeys(("resets_in_chunks", "closes_in_chunks", "length_too_long"), BROKEN_CONNECTION),
    **dict.fromkeys(("hangs", "drips_header", "drips_body", "drips_chunks"), HELD),
    **dict.fromkeys(("continues_forever", "continues_slowly", "gzip_cut"), NOT_HTTP),
    **dict.fromkeys(("length_negative", "length_no_number"), NOT_HTTP),
    **dict.fromkeys(("hangs_taking", "sips"), _held(is_big=True)),
    **dict.fromkeys(("two_lengths", "header_100_kb", "headers_forever"), NOT_HTTP),
    **dict.fromkeys(("garbage", "bytes_0_255", "half_status", "bad_gzip"), NOT_HTTP),
    **dict.fromkeys(("gzip_bomb", "terabyte", "chunks_forever"), TOO_LARGE),
    "length_too_short": UNREADABLE,
    "two_answers": AGAINST,
    "early_413": Expected(HttpStatusError, "http_error", 413, is_big=True),
}

_STATUSES = {
    **{f"429_{form}": _refused(RateLimited, 429, attempts=ALWAYS) for form in ("seconds", "date", "soon", "negative")},
    **{f"503_{form}": _refused(ServerError, 503, attempts=ALWAYS) for form in ("seconds", "date")},
    **{f"503_{form}": _refused(ServerError, 503, attempts=HARMLESS) for form in ("soon", "negative", "bare")},
    "429_bare": _refused(RateLimited, 429, attempts=ALWAYS),
    "429_skewed_clock": _refused(RateLimited, 429, attempts=ALWAYS),
    **{f"429_{form}": _refused(RateLimited, 429) for form in ("25_s", "day")},  # 25 s: with less time than that
    **{f"503_{form}": _refused(ServerError, 503) for form in ("25_s", "day")},
    "503_busy": _refused(RateLimited, 503, codes.RATE, ALWAYS),
    "errcode_16": _refused(RateLimited, 200, codes.RATE),
    "500_html_gbk": _refused(ServerError, 500),
    "500_errcode_4": _refused(ServerError, 500, codes.INTERNAL),
    "502_html_gbk": _refused(ServerError, 502, attempts=HARMLESS),
    "504_bare": _refused(ServerError, 504, attempts=HARMLESS),
    "404_json": _refused(HttpStatusError, 404),
    "400_bare": _refused(HttpStatusError, 400),
    "413_envelope": _refused(BusinessError, 413, codes.BAD_SIZE),
    "204_no_content": _broken(204),
    "200_empty": UNREADABLE,
    "101_other_protocol": _refused(HttpStatusError, 101),
    **{f"{n}_elsewhere": Expected(RedirectRefused, "bad_response", n) for n in (301, 302, 303, 307, 308)},
    "redirect_loop": Expected(RedirectRefused, "bad_response", 307),
    "redirect_nowhere": Expected(RedirectRefused, "bad_response", 302),
    "401_bare": _refused(AuthError, 401),
    "401_envelope": _refused(AuthError, 401, codes.BAD_TOKEN),
    "403_bare": _refused(AuthError, 403),
    "403_token": _refused(AuthError, 403, codes.BAD_TOKEN),
    "200_token": _refused(AuthError, 200, codes.NO_TOKEN),
    "token_expired": _refused(AuthError, 401, codes.BAD_TOKEN),  # of a client that has no other token
    "reset_then_good": _flaky(BROKEN_CONNECTION, Attempts(2, 1, 1, 2)),
    "429_then_good": _flaky(_refused(RateLimited, 429), Attempts(2, 2, 2, 2)),
    "503_then_good": _flaky(_refused(ServerError, 503), Attempts(2, 2, 2, 2)),
    "502_then_good": _flaky(_refused(ServerError, 502), HARMLESS),
    "echo": _refused(BusinessError, 200, codes.BAD_VALUE),
}

_DOCUMENTS = {
    **dict.fromkeys(("null", "list", "html_200", "truncated_json", "trailing_comma", "unterminated_text"), UNREADABLE),
    **dict.fromkeys(("duplicate_errcode", "duplicate_verdict", "deep_array", "utf_16", "score_nan"), UNREADABLE),
    **dict.fromkeys(("score_5000_digits", "errcode_5000_digits", "errcode_missing", "errcode_null"), UNREADABLE),
    **dict.fromkeys(("result_list", "data_list"), UNREADABLE),
    **dict.fromkeys(("score_1e999", "score_text_nan", "score_text_1e999", "score_true"), NO_VERDICT),
    **dict.fromkeys(("result_missing", "result_empty_text", "result_empty_object", "verdict_yes"), NO_VERDICT),
    "data_missing": _broken(200, codes.HANDLED, drifts=True),
    **dict.fromkeys(("score_number", "score_1000", "result_json_text", "verdict_spelled_right"), DRIFTED),
    **dict.fromkeys(("verdict_boolean", "errcode_text", "trace_missing", "trace_number", "json_as_html"), DRIFTED),
    **dict.fromkeys(("byte_order_mark", "score_empty"), GOOD),
    "verdict_both": NO_VERDICT,
    "gbk_undeclared": _refused(BusinessError, 200, codes.NO_FACE),
    "utf8_as_latin1": _refused(BusinessError, 200, codes.NO_FACE),
    "errcode_unknown": Expected(BusinessError, "biz_error", 200, UNKNOWN_ERRCODE, drifts=True),
    "status_fail": _refused(BusinessError, 200, codes.HANDLED),
    "status_unknown": Expected(BusinessError, "biz_error", 200, codes.HANDLED, drifts=True),
    "code_used": _refused(BusinessError, 200, codes.USED_LIVE_CODE),
    "several_faces": _refused(BusinessError, 200, codes.SEVERAL_FACES),
    "accepted": Expected(StillProcessing, "ok", 200, codes.HANDLED),
}

EXPECTED: Mapping[str, Expected] = {**_LINES, **_STATUSES, **_DOCUMENTS}
