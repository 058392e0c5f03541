"""What the client returns: frozen, typed, the three layers of an answer kept apart."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from facematch.local import Person
from facematch.seen import Refused

LARGEST_FACT = 1000  # scores and thresholds end at 100, cosines at 1
LONGEST_FACT = 200


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, fit to be shown: no token, media, name, ID number, live code or query of a link."""

    url: str
    request: Mapping[str, Any]  # the JSON body, what may not be shown replaced by a size or a mask
    http_status: int | None  # None: no answer came
    answer: str | None = field(repr=False)  # the body as text, at most 4000 characters
    elapsed_ms: float  # of this one exchange, the call's last
    request_bytes: int
    answer_bytes: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What our service tells beside a match's answer; None where a server does not."""

    cosine: float | None = None
    threshold: float | None = None
    mapping: str | None = None
    engine: str | None = None

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read a header that any server may have written: what does not look as it should is left out."""
        return cls(
            cosine=_number(wire.get("cosine")),
            threshold=_number(wire.get("threshold")),
            mapping=_short_text(wire.get("mapping")),
            engine=_short_text(wire.get("engine")),
        )

    def known(self) -> dict[str, object]:
        """Those that are not None, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) <= LARGEST_FACT else None


def _short_text(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= LONGEST_FACT else None


@dataclass(frozen=True, slots=True)
class Match:
    """A comparison that was made; a stranger is ``passed=False``, not an error."""

    errcode: int  # layer 1: 0, the request was handled
    status: str | None  # layer 2: "SUCCESS", the business went through
    passed: bool  # layer 3: the verdict
    score: float | None  # 0 to 100, higher is more alike; None when the server sent none
    trace_no: str | None
    request_id: str
    exchange: Exchange
    threshold: float | None = None  # the score that passes, where the server tells
    cosine: float | None = None  # likewise
    drift: tuple[str, ...] = ()  # where the answer departs from the document
    attempts: int = 1  # how many it took; each has a row in the log
    elapsed_ms: float = 0.0  # of the whole call: all attempts and the waits between them


@dataclass(frozen=True, slots=True)
class Accepted:
    """A call that the server took and answers later: neither passed nor failed."""

    trace_no: str | None  # what ``result`` asks with
    request_id: str
    exchange: Exchange
    drift: tuple[str, ...] = ()
    attempts: int = 1
    elapsed_ms: float = 0.0  # of the whole call


@dataclass(frozen=True, slots=True)
class Pending:
    """The server still works on an accepted call; ask again."""

    trace_no: str
    exchange: Exchange
    attempts: int = 1  # always: the next question is another call


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person in the ID library, and why the portrait cannot be used, if it cannot."""

    person: Person
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A live code: digits to be read aloud, leading zeros kept."""

    code: str = field(repr=False)
    trace_no: str | None
    request_id: str
    exchange: Exchange
    drift: tuple[str, ...] = ()
    attempts: int = 1
    elapsed_ms: float = 0.0  # of the whole call
