"""In what servers turn what they were sent, when they repeat it."""

import html
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from itertools import pairwise
from urllib.parse import quote, quote_plus


def _percent(data: bytes) -> str:
    return "".join(f"%{byte:02x}" for byte in data)


def _units(text: str) -> str:
    """Each UTF-16 unit of it, for an escape."""
    data = text.encode("utf-16-be").hex()
    return " ".join(data[i : i + 4] for i in range(0, len(data), 4))


def _with_gaps(text: str, places: Iterable[int], gap: str) -> str:
    """A number as people write it; Chinese spaced out."""
    if not re.fullmatch(r"\d+[\dX]|[一-鿿]+", text):
        return text  # nobody spaces out anything else
    return gap.join(text[start:end] for start, end in pairwise((0, *places, len(text))) if text[start:end])


DISGUISES: dict[str, Callable[[str], str]] = {
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 after one": lambda text: b64encode(f"u{text}, and more".encode()).decode(),
    "base64 after two": lambda text: b64encode(f"u:{text}".encode()).decode(),
    "base64 of GBK": lambda text: b64encode(text.encode("gb18030")).decode(),
    "base64 in a URL": lambda text: quote(b64encode(text.encode()).decode(), safe=""),
    "base64 for a URL": lambda text: "of/" + urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "hexadecimal": lambda text: f"0x{text.encode().hex()}",
    "HTML": html.escape,
    "HTML, twice": lambda text: html.escape(html.escape(text)),
    "HTML, decimal": lambda text: "".join(f"&#{ord(char)};" for char in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#X{ord(char):05X};" for char in text),
    "percent": lambda text: _percent(text.encode()),
    "percent, twice": lambda text: quote(_percent(text.encode())),
    "percent in upper case": lambda text: quote(text, safe="").upper(),
    "percent of GBK": lambda text: _percent(text.encode("gb18030")),
    "as a form": quote_plus,
    "escaped": lambda text: "".join(f"\\u{unit}" for unit in _units(text).split()),
    "escaped in upper case": lambda text: "".join(f"\\u{unit.upper()}" for unit in _units(text).split()),
    "a literal of Python": lambda text: str(text.encode()),
    "another case": str.swapcase,
    "groups": lambda text: _with_gaps(text, (6, 14), " "),
    "groups with dashes": lambda text: _with_gaps(text, (6, 10, 14), "-"),
    "spaced out": lambda text: _with_gaps(text, range(1, 18), " "),
}
