"""Looks for secrets in bytes, in every form in which a program may have left them there."""

import base64
import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from disguises import DISGUISES

PIECE_BYTES = 24  # of a file: what was cut off somewhere is found as well
LOST = (0, 2, 3)  # characters of base64 that depend on the 0, 1 or 2 bytes before


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not be found, by a name that may be shown.

    Args:
        texts: Each at least five characters: a shorter one is a part of other things.
        files: Each at least 96 bytes.
    """

    texts: Mapping[str, str] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)

    def found_in(self, places: Mapping[str, bytes]) -> list[str]:
        """Place, secret and form of each that is there; the secret itself is not repeated."""
        needles = list(self._needles())
        return sorted(
            {
                f"{place}: {name} as {form}"
                for place, content in places.items()
                for name, form, needle in needles
                if needle in content
            }
        )

    def _needles(self) -> Iterator[tuple[str, str, bytes]]:
        for name, text in self.texts.items():
            yield from ((name, form, needle) for form, needle in forms(text))
        for name, data in self.files.items():
            for start in (0, len(data) // 3, len(data) - PIECE_BYTES):
                piece = data[start : start + PIECE_BYTES]
                yield from ((name, form, needle) for form, needle in (("bytes", piece), *encoded(piece)))


def forms(text: str) -> Iterator[tuple[str, bytes]]:
    """A text in every spelling, encoding and escape."""
    yield from ((name, disguise(text).encode()) for name, disguise in DISGUISES.items())
    for way in {text, text.upper(), text.lower(), text.title()}:
        data = way.encode()
        yield "text", data
        yield "GBK", way.encode("gb18030")
        yield "UTF-16", way.encode("utf-16-le")
        yield "UTF-8 read as Latin-1", data.decode("latin-1").encode()
        yield "UTF-8 read as GBK", data.decode("gb18030", "replace").encode()
        yield from _escaped(way)
        for known in (data, way.encode("gb18030")):
            yield from encoded(known)


def _escaped(text: str) -> Iterator[tuple[str, bytes]]:
    units = text.encode("utf-16-be")
    all_escaped = "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
    for form, found in (
        ("\\u", json.dumps(text)[1:-1]),
        ("\\u", all_escaped),
        ("percent", quote(text, safe="")),
        ("percent", "".join(f"%{byte:02X}" for byte in text.encode())),
        ("percent of GBK", quote(text.encode("gb18030"), safe="")),
        ("HTML", html.escape(text)),
        ("HTML", "".join(f"&#{ord(char)};" for char in text)),
        ("HTML", "".join(f"&#x{ord(char):x};" for char in text)),
    ):
        for way in (found, found.lower(), found.upper(), found.replace("\\", "\\\\")):
            yield form, way.encode()


def encoded(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Hexadecimal, and base64 as a part of something longer, whatever stood before and after."""
    yield "hex", data.hex().encode()
    yield "hex", data.hex().upper().encode()
    for before, lost in enumerate(LOST):
        whole = base64.b64encode(bytes(before) + data)
        middle = whole[lost : 4 * ((before + len(data)) // 3)]
        for way in (middle, middle.translate(bytes.maketrans(b"+/", b"-_")), middle.replace(b"/", b"\\/")):
            yield "base64", way


def files_in(folder: Path, leave: Iterable[str] = ()) -> dict[str, bytes]:
    """Name and content of each file below *folder*, but for those in the folders called *leave*."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in found
        if not set(leave) & set(path.relative_to(folder).parts)
    }
