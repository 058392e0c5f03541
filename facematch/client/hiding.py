"""What of a call may be shown: no media, no name, no number, no live code, no query of a link; whoever repeats it."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from facematch.client.body import base64_length
from facematch.client.media import Medium
from facematch.errors import Refusal
from facematch.log.privacy import (
    BASE64,
    TELLING_CHARACTERS,
    folded,
    is_telling,
    mask_id,
    mask_name,
    packed,
    places,
    without_gaps,
)

SERVER_TEXTS = ("errmsg", "status", "trace_no")  # of an answer, a refusal and a row of the log
CODE_MASK = "****"
READ_CHARACTERS = 8192  # of a server's text; the rest is dropped
_BEYOND = 4096  # characters looked at in addition, so that nothing that begins before the end escapes


@dataclass(frozen=True, slots=True)
class Hidden:
    """Texts that must not be seen, in every form that a server may repeat them in. Made by ``hidden_of``.

    Args:
        masks: Each text, and what stands in its place.
        telling: Those that can be cut out wherever they stand, in each spelling.
    """

    masks: Mapping[str, str] = field(repr=False)
    telling: tuple[str, ...] = field(repr=False)
    _spelled: Mapping[str, str] = field(repr=False)
    _raw: Mapping[bytes, str] = field(repr=False)

    @classmethod
    def of(cls, masks: Mapping[str, str]) -> Self:
        """These texts, with the masks of them."""
        ways = {way: mask for text, mask in masks.items() for way in _spellings(text)}
        raw = {data: mask for text, mask in masks.items() for data in packed(text)}
        return cls(masks, tuple(filter(is_telling, ways)), {folded(way): mask for way, mask in ways.items()}, raw)

    def cut(self, text: str) -> str:
        """*text*, or its beginning, with the masks in place of them, and a size in place of base64."""
        found = places(text[: READ_CHARACTERS + _BEYOND], self._spelled, self._raw)
        done, kept = 0, ""
        for start, end, mask in sorted(found, key=lambda place: (place[0], -place[1])):
            if start >= READ_CHARACTERS:
                break
            if start >= done:
                kept += text[done:start] + mask
            done = max(done, end)
        kept += text[done:READ_CHARACTERS] + ("…" if len(text) > max(done, READ_CHARACTERS) else "")
        return BASE64.sub(lambda run: size_of(len(run[0])), kept)

    def clean(self, error: Refusal) -> None:
        """Cut them from what the server said."""
        for name in SERVER_TEXTS:
            text = getattr(error, name)
            setattr(error, name, text and self.cut(text))

    def with_code(self, code: str) -> "Hidden":
        """These and a live code."""
        return Hidden.of({**self.masks, code: CODE_MASK})


def hidden_of(wire: Mapping[str, Any], tokens: Iterable[str]) -> Hidden:
    """What is to be hidden of a body, and of the tokens that go with it."""
    plain = dict.fromkeys(tokens, "[token]")
    for key, mask in _MASKS.items():
        if text := wire.get(key):
            plain |= dict.fromkeys((text, text.strip()), mask(text))
    for part in wire.values():
        if isinstance(part, Mapping) and part.get("origin") == "uri":
            plain |= dict.fromkeys(_private_parts(part["data"]), "…")
    return Hidden.of({text: mask for text, mask in plain.items() if text})


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
    """Those that cannot be undone in the answer: as JSON, as in a URL, in the other encoding, in the other case."""
    ways = {text, text.upper(), text.lower(), text.encode().decode("latin-1"), without_gaps(text)}
    as_json = {json.dumps(text, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
    ways |= as_json | {
        quote(text),
        quote(text, safe=""),
        quote(text.encode("gb18030"), safe=""),
        text.replace(" ", "+"),
    }
    return ways | {way.replace("\\", r"\\") for way in ways}  # JSON within JSON


def _mask_code(_: str) -> str:
    return CODE_MASK


_MASKS: Mapping[str, Callable[[str], str]] = {"name": mask_name, "idNum": mask_id, "liveCode": _mask_code}
_SEEN: Mapping[str, Callable[[str], str]] = {"uri": shown_link, "fds": str, "self": lambda text: size_of(len(text))}
