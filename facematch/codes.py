"""The catalogue of errcodes: which layer each belongs to, whether to retry, and what to tell the operator.

``python -m facematch.codes`` prints it as the Markdown page docs/error_codes.md.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from facematch.codes_en import EN
from facematch.codes_zh import ZH

Layer = Literal[
    "decision",
    "request",
    "authorization",
    "policy",
    "source",
    "acquisition",
    "liveness",
    "challenge",
    "reference",
    "identity",
    "comparison",  # no errcode: that two photos show different persons is an answer, not an error
    "system",
]
Retry = Literal["no", "yes", "later", "new_code"]
Language = Literal["en", "zh"]

HANDLED = 0
MISSING_PARAMETER = 1
BAD_VALUE = 2
NOT_JSON = 3
INTERNAL = 4
RATE = 16
PHOTO_NOT_FETCHED = 202
LIVENESS_NOT_RUN = 1001
REPLAY = 1002
NOT_A_PERSON = 1003
NO_FACE_IN_VIDEO = 1004
LIVENESS_NOT_PASSED = 1005
NO_SOUND = 1101
FACE_NOT_WHOLE = 1102
WRONG_DIGITS = 1103
VIDEO_NOT_DECODABLE = 1104
VIDEO_NOT_FETCHED = 1105
VOICE_TOO_QUIET = 1106
BAD_VIDEO_SIZE = 1107
TOO_FEW_PIXELS = 1108
LIPS_NOT_MOVING = 1109
VIDEO_TOO_SHORT = 1120
VIDEO_TOO_LONG = 1121
NO_LIVE_CODE = 1130
UNKNOWN_LIVE_CODE = 1131
EXPIRED_LIVE_CODE = 1132
USED_LIVE_CODE = 1133
TOO_DARK = 1201
TOO_BRIGHT = 1202
COMPARISON_FAILED = 2001
BAD_NAME = 2002
BAD_ID_NUMBER = 2003
NO_USABLE_FRAME = 2004
UNKNOWN_ID_NUMBER = 2005
NAME_NOT_MATCHING = 2006
NO_LIBRARY_PHOTO = 2007
LIBRARY_PHOTO_UNUSABLE = 2009
NO_FACE = 2010
SEVERAL_FACES = 2012
NOT_DECODABLE = 2101
BAD_SIZE = 2102
POOR_QUALITY = 2103
FACE_COVERED = 2104
NO_TOKEN = 40101
BAD_TOKEN = 40102

# The contract names no numbers: the others are those of an older public interface of the same shape.
_OURS = frozenset(
    {
        *(VIDEO_TOO_SHORT, VIDEO_TOO_LONG),
        *(NO_LIVE_CODE, UNKNOWN_LIVE_CODE, EXPIRED_LIVE_CODE, USED_LIVE_CODE),
        *(NOT_DECODABLE, BAD_SIZE, POOR_QUALITY, FACE_COVERED),
        *(NO_TOKEN, BAD_TOKEN),
    }
)

_FILED: Mapping[Layer, Mapping[Retry, tuple[int, ...]]] = {
    "decision": {"no": (HANDLED,)},
    "request": {"no": (MISSING_PARAMETER, BAD_VALUE, NOT_JSON, BAD_NAME, BAD_ID_NUMBER)},
    "authorization": {"no": (NO_TOKEN, BAD_TOKEN)},
    "policy": {"later": (RATE,)},
    "source": {
        "no": (VIDEO_NOT_DECODABLE, NOT_DECODABLE, BAD_SIZE),
        "yes": (PHOTO_NOT_FETCHED, VIDEO_NOT_FETCHED, BAD_VIDEO_SIZE, VIDEO_TOO_SHORT, VIDEO_TOO_LONG),
    },
    "acquisition": {
        "yes": (
            *(NO_FACE_IN_VIDEO, NO_SOUND, FACE_NOT_WHOLE, VOICE_TOO_QUIET, TOO_FEW_PIXELS, NO_USABLE_FRAME),
            *(TOO_DARK, TOO_BRIGHT, NO_FACE, SEVERAL_FACES, POOR_QUALITY, FACE_COVERED),
        )
    },
    "liveness": {"yes": (REPLAY, NOT_A_PERSON, LIVENESS_NOT_PASSED)},
    "challenge": {
        "yes": (WRONG_DIGITS, LIPS_NOT_MOVING),
        "new_code": (NO_LIVE_CODE, UNKNOWN_LIVE_CODE, EXPIRED_LIVE_CODE, USED_LIVE_CODE),
    },
    "reference": {"no": (UNKNOWN_ID_NUMBER, NO_LIBRARY_PHOTO, LIBRARY_PHOTO_UNUSABLE)},
    "identity": {"no": (NAME_NOT_MATCHING,)},
    "system": {"yes": (INTERNAL, LIVENESS_NOT_RUN, COMPARISON_FAILED)},
}


@dataclass(frozen=True, slots=True)
class Words:
    """What an errcode tells the operator, in one language."""

    meaning: str  # one clause for a result box, without a full stop
    cause: str  # the likely cause, one sentence
    remedy: str  # what to change, one imperative sentence


@dataclass(frozen=True, slots=True)
class Code:
    """One errcode and everything the product says about it."""

    errcode: int
    layer: Layer  # where statistics count it
    retry: Retry  # is the same call worth sending again?
    ours: bool  # the number is this product's own
    en: Words
    zh: Words

    def words(self, language: Language) -> Words:
        """The words in *language*."""
        return self.zh if language == "zh" else self.en


def _codes() -> Iterator[Code]:
    for layer, retries in _FILED.items():
        for retry, numbers in retries.items():
            for n in numbers:
                yield Code(n, layer, retry, n in _OURS, Words(*EN[n]), Words(*ZH[n]))


CATALOGUE: Mapping[int, Code] = MappingProxyType(
    {code.errcode: code for code in sorted(_codes(), key=lambda code: code.errcode)}
)


def find(errcode: int) -> Code | None:
    """The catalogue's entry; None for a code it does not know, which is then shown as it came."""
    return CATALOGUE.get(errcode)


_HEAD = """\
# 错误码 Error codes

由 `python -m facematch.codes` 生成，请勿手改。带 * 的编号为本产品自定，其他服务可能不同。
每格依次为含义、可能原因、处理办法。重试一栏：no 原样重试无用；yes 可按处理办法重试；later 稍后再试；new_code 需重新获取验证码。

Written by `python -m facematch.codes`; do not edit. Numbers marked * are this product's own; another service may differ.
Each cell gives the meaning, the likely cause and the remedy. Retry: *no*, the same call fails again; *yes*, try again with
the remedy; *later*, after a while; *new_code*, with a new live code.

| errcode | 层 layer | 重试 retry | 中文 | English |
| --- | --- | --- | --- | --- |
"""


def page() -> str:
    """The catalogue as a Markdown page, Chinese and English side by side."""
    return _HEAD + "".join(f"{_row(code)}\n" for code in CATALOGUE.values())


def _row(code: Code) -> str:
    number = f"{code.errcode}\\*" if code.ours else str(code.errcode)
    return f"| {number} | {code.layer} | {code.retry} | {_cell(code.zh)} | {_cell(code.en)} |"


def _cell(words: Words) -> str:
    return f"**{words.meaning}**<br>{words.cause}<br>{words.remedy}"


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())  # UTF-8 whatever the terminal's locale
