"""What may be kept of a text that could hold personal data or a secret."""

import binascii
import html
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

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

_ESCAPED = re.compile(  # of backslashes no more at once, for a text of nothing else takes long
    r"(?i)(?:(?:%|\\{1,8}x)[0-9a-f]{2})+|(?:[%\\]{1,8}u[0-9a-f]{4})+"
    r"|&#(?:[0-9]{1,9}|x[0-9a-f]{1,8});?|&[a-z]{2,8};|\\{1,8}(?=[\"'/])"
)
_ESCAPED_AT_MOST = 3  # times, one around the other
_GAP = re.compile(r"(?<=\d)[\s\-‐-―\u200b]{1,3}(?=[\dXxＸｘ])|(?<=[一-鿿])[\s\u200b]{1,3}(?=[一-鿿])")
_PACKED = re.compile(r"[A-Za-z0-9+/_-]{6,}")
_HEX = re.compile(r"[0-9A-Fa-f]{8,}")
_URL_SAFE = str.maketrans("-_", "+/")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
TELLING_CHARACTERS = 5  # a shorter ASCII text, such as a live code, is part of other words and numbers
_TELLING_BYTES = 4  # two Chinese characters in GBK

Place = tuple[int, int, str]  # where a text begins and ends in another, and its mask


@dataclass(frozen=True, slots=True)
class _View:
    """A text with some of its escapes undone; of each character, where in the original it begins and ends."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


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


def is_telling(text: str) -> bool:
    """Whether *text* is no part of other words, and can be cut out wherever it stands."""
    return len(text) >= TELLING_CHARACTERS or not text.isascii()


def folded(text: str) -> str:
    """*text* in lower case and half width, of the same length."""
    text = text if text.isascii() else text.translate(_NARROW)
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)


def without_gaps(text: str) -> str:
    """*text* without the spaces and dashes between its digits, and the spaces between its Chinese characters."""
    return _GAP.sub("", text)


def packed(text: str) -> Iterator[bytes]:
    """What base64 and hexadecimal of *text* hold."""
    for data in (text.encode(), text.encode("gb18030")):
        if is_telling(text) and len(data) >= _TELLING_BYTES:
            yield data.lower()


def places(text: str, spelled: Mapping[str, str], raw: Mapping[bytes, str]) -> list[Place]:
    """Where *text* holds one of them, in any case, escaped, with gaps, or in base64 or hexadecimal.

    Args:
        text: What a server said; a few thousand characters, for it is looked through several times.
        spelled: Folded texts and the masks of them.
        raw: The same as bytes.
    """
    found: list[Place] = []
    for view in _views(text):
        spans = [*_spelled_in(folded(view.text), spelled), *_packed_in(view.text, raw)]
        found += [(view.starts[start], view.ends[end - 1], mask) for start, end, mask in spans]
    return found


def _views(text: str) -> Iterator[_View]:
    view = _View(text, range(len(text)), range(1, len(text) + 1))
    yield view
    for _ in range(_ESCAPED_AT_MOST):
        if not _ESCAPED.search(view.text):
            break
        view = _undone(view, _ESCAPED, _plain)
        yield view
    if _GAP.search(view.text):
        yield _undone(view, _GAP, lambda _: "")


def _undone(view: _View, pattern: re.Pattern[str], undo: Callable[[str], str]) -> _View:
    text, starts, ends, done = "", list[int](), list[int](), 0
    for found in pattern.finditer(view.text):
        start, end = found.span()
        plain = undo(found[0])
        text += view.text[done:start] + plain
        starts += [*view.starts[done:start], *[view.starts[start]] * len(plain)]
        ends += [*view.ends[done:start], *[view.ends[end - 1]] * len(plain)]
        done = end
    return _View(text + view.text[done:], [*starts, *view.starts[done:]], [*ends, *view.ends[done:]])


def _plain(escaped: str) -> str:
    if escaped[0] == "&":
        return html.unescape(escaped)
    data = bytes.fromhex(re.sub(r"[%\\]+[xXuU]?", "", escaped))
    for charset in ("utf-16-be",) if "u" in escaped.lower() else ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return data.decode(charset)
    return data.decode("utf-8", "replace")


def _spelled_in(text: str, spelled: Mapping[str, str]) -> Iterator[Place]:
    for each, mask in spelled.items():
        start = text.find(each)
        while start >= 0:
            end = start + len(each)
            if is_telling(each) or not (_is_word(text[start - 1 : start]) or _is_word(text[end : end + 1])):
                yield start, end, mask
            start = text.find(each, start + 1)


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _packed_in(text: str, raw: Mapping[bytes, str]) -> Iterator[Place]:
    """Runs of base64 or hexadecimal, whole, wherever in them such a text begins."""
    for run in _PACKED.finditer(text):
        data = _unpacked(run[0])
        yield from ((*run.span(), mask) for each, mask in raw.items() if each in data)


def _unpacked(run: str) -> bytes:
    """All that *run* may hold, in lower case."""
    plain = run.translate(_URL_SAFE)
    parts = [plain[lost:] for lost in range(4)]
    ways = [binascii.a2b_base64(part + "A" * (-len(part) % 4)) for part in parts]
    for digits in _HEX.findall(run):
        ways += [bytes.fromhex(part[: len(part) // 2 * 2]) for part in (digits, digits[1:])]
    return b"\n".join(ways).lower()


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
