"""What of a call may be shown: no media, no name, no number, no live code, no query of a link; whoever repeats it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from facematch.client.body import base64_length
from facematch.client.media import Medium
from facematch.errors import Refusal
from facematch.log.privacy import BASE64, mask_id, mask_name

SERVER_TEXTS = ("errmsg", "status", "trace_no")  # of an answer, a refusal and a row of the log
CODE_MASK = "****"
TELLING_CHARACTERS = 5  # a shorter ASCII text, such as a live code, is part of other words and numbers


@dataclass(frozen=True, slots=True)
class Hidden:
    """Texts that must not be seen, in every spelling that a server may use, each with what stands in its place."""

    masks: Mapping[str, str] = field(repr=False)

    @property
    def telling(self) -> tuple[str, ...]:
        """Those that are no part of other words, and can be cut out wherever they stand."""
        return tuple(text for text in self.masks if not _is_short(text))

    def cut(self, text: str) -> str:
        """*text* with the masks in place of them, and a size in place of base64."""
        for secret in sorted(self.masks, key=len, reverse=True):
            text = _pattern(secret).sub(self.masks[secret].replace("\\", r"\\"), text)
        return BASE64.sub(lambda found: size_of(len(found[0])), text)

    def clean(self, error: Refusal) -> None:
        """Cut them from what the server said."""
        for name in SERVER_TEXTS:
            text = getattr(error, name)
            setattr(error, name, text and self.cut(text))

    def with_code(self, code: str) -> "Hidden":
        """These and a live code."""
        return Hidden({**self.masks, code: CODE_MASK})


def hidden_of(wire: Mapping[str, Any], tokens: Iterable[str]) -> Hidden:
    """What is to be hidden of a body, and of the tokens that go with it."""
    plain = dict.fromkeys(tokens, "[token]")
    for key, mask in _MASKS.items():
        if text := wire.get(key):
            plain |= dict.fromkeys((text, text.strip()), mask(text))
    for part in wire.values():
        if isinstance(part, Mapping) and part.get("origin") == "uri":
            plain |= dict.fromkeys(_private_parts(part["data"]), "…")
    return Hidden({way: mask for text, mask in plain.items() if text for way in _spellings(text)})


def shown_body(wire: Mapping[str, Any], media: Mapping[str, Medium]) -> dict[str, Any]:
    """The body, fit to be shown: a size in place of each of *media*, for which *wire* has a mark."""
    return {key: _shown(key, value, media) for key, value in wire.items()}


def shown_link(link: str) -> str:
    """Scheme, host, port and path of *link*."""
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}{'?…' if parts.query else ''}"


def size_of(characters: int) -> str:
    """What is shown in place of so much base64."""
    return f"<base64, {characters:,} characters>"


def _shown(key: str, value: Any, media: Mapping[str, Medium]) -> Any:
    if isinstance(value, Mapping):
        data = value["data"]
        shown = size_of(base64_length(media[data])) if data in media else _SEEN[value["origin"]](data)
        return {**value, "data": shown}
    return _MASKS[key](value) if key in _MASKS else value


def _private_parts(link: str) -> set[str]:
    parts = urlsplit(link)
    values = {value for _, value in parse_qsl(parts.query) if len(value) >= TELLING_CHARACTERS}
    return {parts.query, unquote(parts.query), parts.fragment, parts.netloc.rpartition("@")[0]} | values


def _spellings(text: str) -> set[str]:
    """As typed, as JSON with and without escapes, as in a URL, in either case, and as UTF-8 read as Latin-1."""
    ways = {text, text.upper(), text.lower(), text.encode().decode("latin-1")}
    as_json = {json.dumps(text, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
    ways |= as_json | {quote(text), quote(text, safe="")}
    return ways | {way.replace("\\", r"\\") for way in ways}  # JSON within JSON


def _pattern(secret: str) -> re.Pattern[str]:
    found = re.escape(secret)
    return re.compile(rf"(?<![A-Za-z0-9]){found}(?![A-Za-z0-9])" if _is_short(secret) else found)


def _is_short(text: str) -> bool:
    return text.isascii() and len(text) < TELLING_CHARACTERS


def _mask_code(_: str) -> str:
    return CODE_MASK


_MASKS: Mapping[str, Callable[[str], str]] = {"name": mask_name, "idNum": mask_id, "liveCode": _mask_code}
_SEEN: Mapping[str, Callable[[str], str]] = {"uri": shown_link, "fds": str, "self": lambda text: size_of(len(text))}
