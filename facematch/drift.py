"""How an answer may depart from the document without failing the call: every form of it, and its words.

A clause holds names of the contract and spellings of them, never a value that a server sent.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from facematch.errors import InvalidResponse

SPELLING_MAX = 40  # characters of a key that are repeated


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of departure.

    Args:
        key: Its stable name, for instance to find a translation.
        words: The English clause; ``{field}`` is a name of the contract, ``{found}`` the spelling in its place.
    """

    key: str
    words: str

    def of(self, field: str = "", found: str = "") -> str:
        """The clause for *field*."""
        return self.words.format(field=field, found=found)

    def fields_of(self, clause: str) -> Mapping[str, str] | None:
        """What ``of`` was given for *clause*; None when it is not of this form."""
        pattern = re.escape(self.words).replace(r"\{field\}", r"(?P<field>[\w.-]+)")
        found = re.fullmatch(pattern.replace(r"\{found\}", r"(?P<found>[\w.-]+)"), clause)
        return None if found is None else found.groupdict()


# What an HTTP answer says of its body, and the answer's three layers against each other.
NOT_JSON_TYPE = Form("not_json_type", "Content-Type is not JSON")
NOT_UTF8 = Form("not_utf8", "the text is not UTF-8")
HTTP_CONTRADICTS = Form("http_contradicts", "HTTP status contradicts errcode")
CONTRADICTS = Form("contradicts", "{field} contradicts errcode")
UNASKED = Form("unasked", "PROCESSING to a call that was not async")
AT_ONCE = Form("at_once", "a verdict at once to an async call")

# A key.
MISSING = Form("missing", "{field} missing")
SPELLED = Form("spelled", "{found} instead of {field}")
BESIDE = Form("beside", "{found} beside {field}")

# A value. The special forms come before the general ones that they look like.
JSON_TEXT = Form("json_text", "result is a JSON text")
BAD_TRUTH = Form("bad_truth", '{field} is not "true" or "false"')
OUT_OF_RANGE = Form("out_of_range", "{field} outside 0 to 100")
NOT_OBJECT = Form("not_object", "{field} is not an object")
NOT_TEXT = Form("not_text", "{field} is not a text")
IS_TEXT = Form("is_text", "{field} is a text")
OTHER_CASE = Form("other_case", "{field} in another case")
UNKNOWN = Form("unknown", "{field} unknown")

FORMS = (
    *(NOT_JSON_TYPE, NOT_UTF8, HTTP_CONTRADICTS, CONTRADICTS, UNASKED, AT_ONCE),
    *(MISSING, SPELLED, BESIDE),
    *(JSON_TEXT, BAD_TRUTH, OUT_OF_RANGE, NOT_OBJECT, NOT_TEXT, IS_TEXT, OTHER_CASE, UNKNOWN),
)


def understood(clause: str) -> tuple[Form, Mapping[str, str]] | None:
    """The form of *clause* and its fields; None for a clause of another version."""
    for form in FORMS:
        fields = form.fields_of(clause)
        if fields is not None:
            return form, fields
    return None


def find(wire: Mapping[str, object], names: tuple[str, ...], drift: list[str]) -> object:
    """The value under the first of *names*, or under a key that is one of them but for case, ``_`` and ``-``.

    Whatever is not the first name alone drifts.

    Raises:
        InvalidResponse: Several such keys stand side by side, and their values differ.
    """
    keys = spellings(wire, names)
    if len({_as_json(wire[key]) for key in keys}) > 1:
        raise InvalidResponse(f"two spellings of {names[0]} contradict each other")
    chosen = next((name for name in names if name in wire), next(iter(keys), None))
    drift += [(SPELLED if key == chosen else BESIDE).of(names[0], key) for key in keys if key != names[0]]
    return None if chosen is None else wire[chosen]


def spellings(wire: Mapping[str, object], names: tuple[str, ...]) -> list[str]:
    """The keys that are one of *names* but for case, ``_`` and ``-``, as they come."""
    folded = {_folded(name) for name in names}
    return [key for key in wire if len(key) <= SPELLING_MAX and key.isascii() and _folded(key) in folded]


def _as_json(value: object) -> str:
    """Tells 1, 1.0, true and "1" apart; a value too deep to be written is like no other."""
    try:
        return json.dumps(value, sort_keys=True)
    except RecursionError:
        return f"deep {id(value)}"


def _folded(key: str) -> str:
    return re.sub("[_-]", "", key).lower()
