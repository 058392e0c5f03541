"""Faults of the answer's text: no JSON, JSON that is read in two ways, and departures from the contract."""

import json
from collections.abc import Mapping

from facematch import codes

from .acts import HANDLED, JSON, TRACE_NO, refuses, says, says_json, tells
from .server import Scenario

UNKNOWN_ERRCODE = 987_654
NO_FACE = "faceData: 照片中没有检测到人脸"
HANDLED_TEXT = json.dumps(HANDLED)
# As the contract's document prints its own answers: a comma before a brace, a text that does not end.
PRINTED = """{
    "errcode":0,
    "data":{
        "status":"SUCCESS",
        "traceNo":"45646513218465123",
        "result":{
            %s
        }%s
    },
    "errmsg":"SUCCESS"
}"""


def _text(description: str, body: str | bytes, headers: Mapping[str, str] = JSON) -> Scenario:
    return Scenario(description, says(200, body.encode() if isinstance(body, str) else body, headers))


def _result(description: str, result: str) -> Scenario:
    """The contract's answer with the text *result* in place of its ``result``."""
    return _text(description, HANDLED_TEXT.replace(json.dumps(HANDLED["data"]["result"]), result))


def _score(description: str, score: str) -> Scenario:
    return _result(description, f'{{"isSccess": "true", "score": {score}}}')


def _swapped(description: str, old: str, new: str) -> Scenario:
    if old not in HANDLED_TEXT:
        raise ValueError(old)
    return _text(description, HANDLED_TEXT.replace(old, new, 1))


def _no_face(charset: str) -> bytes:
    return json.dumps({"errcode": codes.NO_FACE, "errmsg": NO_FACE, "data": {}}, ensure_ascii=False).encode(charset)


DOCUMENTS: Mapping[str, Scenario] = {
    "null": _text("null", "null"),
    "list": _text("an empty list", "[]"),
    "html_200": _text("HTML at 200", "<html><body>Welcome</body></html>", {"Content-Type": "text/html"}),
    "truncated_json": _text("JSON that ends in the middle, with the right length", HANDLED_TEXT[:90]),
    "trailing_comma": _text(
        "the document's own example: a comma too many",
        PRINTED % ('"isSccess":"true",\n            "score":"99"', ", \n"),
    ),
    "unterminated_text": _text(
        "the document's own example: a text without its end", PRINTED % ('"code":"2312', ", \n")
    ),
    "duplicate_errcode": _swapped("errcode twice: 1003, then 0", '"errcode": 0', '"errcode": 1003, "errcode": 0'),
    "duplicate_verdict": _result(
        "the verdict twice: false, then true", '{"isSccess": "false", "isSccess": "true", "score": "99"}'
    ),
    "score_nan": _score("the score is NaN", "NaN"),
    "score_1e999": _score("the score is 1e999", "1e999"),
    "score_text_nan": _score("the score is the text NaN", '"NaN"'),
    "score_text_1e999": _score("the score is the text 1e999", '"1e999"'),
    "score_true": _score("the score is true", "true"),
    "score_5000_digits": _score("the score has 5,000 digits", "9" * 5000),
    "score_number": _score("the score is a number, not a text", "99"),
    "score_empty": _score("the score is an empty text", '""'),
    "score_1000": _score("the score is 1000, beyond its scale", '"1000"'),
    "errcode_5000_digits": _swapped("errcode has 5,000 digits", '"errcode": 0', f'"errcode": {"9" * 5000}'),
    "deep_array": _text("arrays in arrays, 100,000 deep", "[" * 100_000),
    "byte_order_mark": _text("a good answer behind a byte order mark", b"\xef\xbb\xbf" + HANDLED_TEXT.encode()),
    "utf_16": _text("a good answer in UTF-16", HANDLED_TEXT.encode("utf-16")),
    "gbk_undeclared": _text("an errmsg in GBK, undeclared", _no_face("gbk")),
    "utf8_as_latin1": _text(
        "an errmsg in UTF-8, declared ISO-8859-1",
        _no_face("utf-8"),
        {"Content-Type": "application/json; charset=ISO-8859-1"},
    ),
    "json_as_html": _text("a good answer, declared text/html", HANDLED_TEXT, {"Content-Type": "text/html"}),
    "result_missing": Scenario("no result", tells(None)),
    "result_json_text": _result("the result is JSON in a text", json.dumps(json.dumps(HANDLED["data"]["result"]))),
    "result_empty_text": _result("the result is an empty text", '""'),
    "result_empty_object": _result("the result is an empty object", "{}"),
    "result_list": _result("the result is a list", '[{"isSccess": "true"}]'),
    "verdict_spelled_right": _result("isSuccess in place of isSccess", '{"isSuccess": "true", "score": "99"}'),
    "verdict_boolean": _result("the verdict is a boolean", '{"isSccess": true, "score": "99"}'),
    "verdict_yes": _result("the verdict is the text yes", '{"isSccess": "yes", "score": "99"}'),
    "verdict_both": _result("isSccess false and isSuccess true", '{"isSccess": "false", "isSuccess": "true"}'),
    "errcode_text": _swapped("errcode is a text", '"errcode": 0', '"errcode": "0"'),
    "errcode_missing": _swapped("no errcode", '"errcode": 0, ', ""),
    "errcode_null": _swapped("errcode is null", '"errcode": 0', '"errcode": null'),
    "errcode_unknown": Scenario("an errcode that nobody knows", refuses(200, UNKNOWN_ERRCODE)),
    "trace_missing": _swapped("no traceNo", f', "traceNo": "{TRACE_NO}"', ""),
    "trace_number": _swapped("traceNo is a number", f'"{TRACE_NO}"', TRACE_NO),
    "data_missing": Scenario("no data", says_json(200, {"errcode": 0, "errmsg": "SUCCESS"})),
    "data_list": Scenario("data is a list", says_json(200, {"errcode": 0, "data": [HANDLED["data"]]})),
    "status_fail": Scenario("errcode 0, and the status says FAIL", refuses(200, 0)),
    "status_unknown": _swapped("errcode 0, and a status that nobody knows", '"status": "SUCCESS"', '"status": "DONE"'),
    "code_used": Scenario("the live code was used before", refuses(200, codes.USED_LIVE_CODE)),
    "several_faces": Scenario("a refusal as the contract has it: errcode 2012", refuses(200, codes.SEVERAL_FACES)),
    "accepted": Scenario("PROCESSING: accepted, to be answered later", tells(None, status="PROCESSING")),
}
