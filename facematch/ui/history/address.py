"""The History's selection as an address: read from a link, leniently, and written to one that can be shared."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

from facematch.analytics.ends import ENDS
from facematch.analytics.rows import Selection
from facematch.log.rollups import NO_ERRCODE, NONE

HOUR_MS = 3_600_000
PERIODS_MS = {"hour": HOUR_MS, "day": 24 * HOUR_MS, "week": 168 * HOUR_MS, "month": 720 * HOUR_MS, "all": None}
USUAL = "month"
LABELS = {"mated": 1, "non_mated": 0, "unlabelled": NONE}
COMPARED = ("period", "environment")
NO_CODE = "none"  # an errcode: of the calls that failed without one
NAMES = ("period", "since", "until", "env", "endpoint", "mode", "outcome", "errcode", "label", "end", "score",
         "latency", "q", "cmp", "b")  # fmt: skip
TOP_SCORE = 100
_TEXT_LETTERS = 200
_SEVERAL = 50  # values of one name that are read
_LEAST_YEAR, _MOST_YEAR = 2000, 2200  # that every clock and database can count
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MINUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_RANGE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)-(\d{1,9}(?:\.\d{1,6})?)")
Range = tuple[float, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """What is selected, in the words of the link. Times are on the operator's clock, without a zone."""

    period: str = USUAL  # of no meaning when since or until is there
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    envs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    errcodes: tuple[str, ...] = ()  # numbers, or NO_CODE
    labels: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    score: Range | None = None
    latency: Range | None = None  # ms
    text: str = ""
    compared: str = ""  # one of COMPARED, or nothing
    other: str = ""  # an environment; or SINCE..UNTIL; of a period, nothing: the one before

    @property
    def is_dated(self) -> bool:
        """Whether it has a beginning or an end of its own."""
        return self.since is not None or self.until is not None


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of a link that nobody can read, and that is left out."""

    name: str
    value: str


def read(params: Mapping[str, Sequence[str]]) -> tuple[Address, tuple[Refused, ...]]:
    """The address in a link, and what of it was left out."""
    refused: list[Refused] = []
    several = _Several(params, refused)
    period = several.one("period", _period) or USUAL
    since, until = several.one("since", _moment), several.one("until", _end)
    if since is not None and until is not None and since >= until:
        refused.append(Refused("until", params["until"][-1]))
        until = None
    compared = several.one("cmp", lambda text: text if text in COMPARED else None) or ""
    address = Address(
        period=period,
        since=since,
        until=until,
        envs=several.all("env", _word),
        endpoints=several.all("endpoint", _word),
        modes=several.all("mode", _word),
        outcomes=several.all("outcome", _word),
        errcodes=several.all("errcode", _errcode),
        labels=several.all("label", lambda text: text if text in LABELS else None),
        ends=several.all("end", lambda text: text if text in ENDS else None),
        score=several.one("score", _score),
        latency=several.one("latency", _range),
        text=several.one("q", _text) or "",
        compared=compared,
        other=several.one("b", _period_of_its_own if compared == "period" else _word) or "" if compared else "",
    )
    return address, tuple(refused)


def written(address: Address) -> dict[str, list[str]]:
    """The parameters of the link to *address*; nothing of what is usual."""
    dated = address.is_dated
    found = {
        "period": "" if dated or address.period == USUAL else address.period,
        "since": "" if address.since is None else _told(address.since),
        "until": "" if address.until is None else _told(address.until, exact=True),
        "score": "" if address.score is None else range_text(address.score),
        "latency": "" if address.latency is None else range_text(address.latency),
        "q": address.text,
        "cmp": address.compared,
        "b": address.other,
    }
    several = {
        "env": address.envs,
        "endpoint": address.endpoints,
        "mode": address.modes,
        "outcome": address.outcomes,
        "errcode": address.errcodes,
        "label": address.labels,
        "end": address.ends,
    }
    lists = {name: list(values) for name, values in several.items() if values}
    return lists | {name: [value] for name, value in found.items() if value}


def selection(address: Address, *, now_ms: int, zone: tzinfo) -> Selection:
    """What *address* selects of the log, but for its text."""
    length_ms = PERIODS_MS[address.period]
    since_ms = None if length_ms is None else now_ms - length_ms
    if address.is_dated:
        since_ms = None if address.since is None else epoch_ms(address.since, zone)
    return Selection(
        since_ms=since_ms,
        until_ms=None if address.until is None else epoch_ms(address.until, zone),
        envs=address.envs,
        endpoints=address.endpoints,
        outcomes=address.outcomes,
        modes=address.modes,
        errcodes=tuple(NO_ERRCODE if code == NO_CODE else int(code) for code in address.errcodes),
        labels=tuple(LABELS[label] for label in address.labels),
        ends=address.ends,
        score=address.score,
        latency_ms=address.latency,
    )


def epoch_ms(moment: datetime, zone: tzinfo) -> int:
    """*moment* of the operator's clock in UTC milliseconds since 1970."""
    return round(moment.replace(tzinfo=zone).timestamp() * 1000)


def on_clock(ts_ms: int, zone: tzinfo) -> datetime:
    """The minute of the operator's clock, without a zone."""
    return datetime.fromtimestamp(ts_ms // 1000, zone).replace(second=0, microsecond=0, tzinfo=None)


def two_moments(text: str) -> tuple[datetime, datetime] | None:
    """The two times of ``SINCE..UNTIL``; None when they are none."""
    since, _, until = text.partition("..")
    moments = _moment(since), _end(until)
    return (moments[0], moments[1]) if moments[0] and moments[1] and moments[0] < moments[1] else None


def between(since: datetime, until: datetime) -> str:
    """The same, written."""
    return f"{_told(since)}..{_told(until, exact=True)}"


def range_text(pair: Range) -> str:
    """``LOW-HIGH``."""
    return f"{pair[0]:.9g}-{pair[1]:.9g}"


@dataclass(frozen=True, slots=True)
class _Several:
    """Reads values by name and notes what cannot be read."""

    params: Mapping[str, Sequence[str]]
    refused: list[Refused]

    def one(self, name: str, read_one: Callable[[str], T | None]) -> T | None:
        values = [value for value in self.params.get(name, ()) if value]
        found = [self._read(name, value, read_one) for value in values[-1:]]
        return found[0] if found else None

    def all(self, name: str, read_one: Callable[[str], T | None]) -> tuple[T, ...]:
        values = [part.strip() for value in self.params.get(name, ()) for part in value.split(",") if part.strip()]
        found = [self._read(name, value, read_one) for value in values[:_SEVERAL]]
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def _read(self, name: str, value: str, read_one: Callable[[str], T | None]) -> T | None:
        found = read_one(value)
        if found is None:
            self.refused.append(Refused(name, value))
        return found


def _period(text: str) -> str | None:
    return text if text in PERIODS_MS else None


def _word(text: str) -> str | None:
    return text if len(text) <= _TEXT_LETTERS and text.isprintable() else None


def _text(text: str) -> str | None:
    """A search; control characters, which a database may refuse, are none of it."""
    return _word(text.strip())


def _errcode(text: str) -> str | None:
    if text == NO_CODE:
        return text
    return str(int(text)) if re.fullmatch(r"-?[0-9]{1,15}", text) else None


def _range(text: str) -> Range | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = float(found[1]), float(found[2])
    return (low, high) if low <= high and math.isfinite(high) else None


def _score(text: str) -> Range | None:
    found = _range(text)
    return found if found is not None and found[1] <= TOP_SCORE else None


def _moment(text: str) -> datetime | None:
    form = "%Y-%m-%d" if _DAY.fullmatch(text) else "%Y-%m-%dT%H:%M" if _MINUTE.fullmatch(text) else None
    try:
        found = None if form is None else datetime.strptime(text, form)  # noqa: DTZ007 - the operator's clock
    except ValueError:
        return None
    return found if found is not None and _LEAST_YEAR <= found.year <= _MOST_YEAR else None


def _end(text: str) -> datetime | None:
    """A day ends with its last minute."""
    found = _moment(text)
    return found + timedelta(days=1) if found is not None and _DAY.fullmatch(text) else found


def _period_of_its_own(text: str) -> str | None:
    return text if two_moments(text) else None


def _told(moment: datetime, *, exact: bool = False) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M" if exact or moment.hour or moment.minute else "%Y-%m-%d")
