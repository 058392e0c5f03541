"""What may be kept of a text that could hold personal data or a secret."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

from facematch.identity import valid_id_number

TEXT_MAX = 500  # characters kept of a server's text
_READ_MAX = 8192  # characters looked at: the patterns are slow on megabytes
_INT64 = 2**63

REMOVED = "[removed]"

_ID_NUMBER = re.compile(r"(?<!\d)\d{6}[\s-]?\d{8}[\s-]?\d{3}[\dXxＸｘ](?!\d)")  # also as people group its digits
# Also JSON's \/, the URL's %2B, %2F and %3D, and wrapped lines.
BASE64 = re.compile(r"(?:[A-Za-z0-9+/_\-\\]|%2[BbFf]){64}(?:[A-Za-z0-9+/_\-\\\r\n]|%2[BbFf])*(?:=|%3[Dd]){0,2}")
_SECRETS = (
    re.compile(r"(?i)(authorization|cookie)(\"?'?\s*[:=]\s*\"?'?)[^\r\n\"'}]+"),
    re.compile(r"(?i)(password|live_?code)(\"?'?\s*[:=]\s*\"?'?)[^\s\"',;&}]+"),
    re.compile(r"(?i)(token|secret|api[_-]?key)(\"?'?\s*[:=]\s*\"?'?)[\w.~+/=-]{16,}"),
    re.compile(r"(?i)\b(bearer|basic)(\s+)[\w.~+/=-]{8,}"),
)
_JSON_WEB_TOKEN = re.compile(r"\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_QUERY = re.compile(r"(?i)(https?://[^\s?#]{1,300}\?)[^\s\"'<>]+")


def mask_id(number: str) -> str:
    """First and last character: ``3****************1``. More would leave few enough numbers to try them all."""
    text = number.strip().upper()
    inner = len(text) - 2
    return text[0] + "*" * inner + text[-1] if inner > 0 else "*" * len(text)


def mask_name(name: str) -> str:
    """The first character and a star; of a name of one character, the star."""
    text = name.strip()
    return text[:1] + "*" if len(text) > 1 else "*" * len(text)


def scrub(text: str, hide: Iterable[str] = ()) -> str:
    """*text* without ID numbers, base64, credentials and URL queries, at most 500 characters.

    Args:
        text: What a server or an exception said.
        hide: Texts that must not appear either, such as the name that was sent.
    """
    if len(text) > _READ_MAX:  # cut between words, lest half a number or name escape its pattern
        text = text[:_READ_MAX].rpartition(" ")[0] or REMOVED
    text = _without_surrogates(text)
    text = _QUERY.sub(rf"\g<1>{REMOVED}", text)
    for pattern in _SECRETS:
        text = pattern.sub(rf"\g<1>\g<2>{REMOVED}", text)
    text = _JSON_WEB_TOKEN.sub(REMOVED, text)
    text = BASE64.sub(REMOVED, text)
    text = _ID_NUMBER.sub(lambda found: _masked(found[0]), text)
    for secret in sorted(filter(None, hide), key=len, reverse=True):
        text = text.replace(secret, "*")
    return storable(text, TEXT_MAX)


def storable(text: str, most: int) -> str:
    """*text* as a database takes it: no lone surrogates, one line, at most *most* characters."""
    text = text if len(text) <= most else text[: most - 1] + "…"
    text = _without_surrogates(text)
    return _CONTROL.sub(" ", text)


def scrub_value(value: object, hide: Iterable[str] = ()) -> object:
    """*value* as JSON can hold it, every text in it scrubbed."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        text = scrub(str(value), hide) if abs(value) < _INT64 else REMOVED
        return value if text == str(value) else text
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {scrub(str(name), hide): scrub_value(each, hide) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(each, hide) for each in value]
    return REMOVED if isinstance(value, bytes | bytearray | memoryview) else scrub(str(value), hide)


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _masked(found: str) -> str:
    """The pattern takes the digits of any script; the rule knows 0 to 9."""
    plain = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", found))
    number = "".join(str(unicodedata.decimal(char, char)) for char in plain)
    return mask_id(number) if valid_id_number(number) else found
