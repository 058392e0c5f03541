"""A measured value beside its limit, as a page shows both: one that breaks its limit never looks as if it did not."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from facematch.footage import Cue
from facematch.seen import Check
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

DIGITS = {"px": 0, "count": 0, "level": 0, "ratio": 2, "deg": 1, "s": 2, "dB": 1}
OWN_DIGITS = {"lips_move": 2, "frozen": 2, "face_rate": 1}  # by name: the changes of grey levels are small
MOST_DIGITS = 4
BROKEN = {"warn": "warn", "refuse": "refuse", "inconclusive": "refuse"}


@dataclass(frozen=True, slots=True)
class Measured:
    """The texts of one line: a dash for what was not measured."""

    value: str
    limit: str


def of_check(check: Check, say: Speaker) -> Measured:
    """The value of a quality check and both of its limits, where it has them."""
    limits = {"refuse": check.refuse, "warn": None if check.warn == check.refuse else check.warn}
    told = {kind: limit for kind, limit in limits.items() if limit is not None}
    line = _Line(check.name, check.unit, check.bound, _digits(check.name, check.unit, told.values()), say)
    words = [say(f"check.{kind}.{check.bound}", limit=line.shown(limit)) for kind, limit in told.items()]
    broken = {"refuse": check.refuse, "warn": check.warn}.get(BROKEN.get(check.verdict, ""))
    return Measured(line.shown(line.beyond(check.value, broken)), say("check.join").join(words))


def of_cue(cue: Cue, say: Speaker) -> Measured:
    """The value of a liveness cue and its one limit."""
    line = _Line(cue.name, cue.unit, cue.bound, _digits(cue.name, cue.unit, (cue.limit,)), say)
    limit = say(f"check.refuse.{cue.bound}", limit=line.shown(cue.limit))
    if cue.value is None:
        return Measured("–", limit)
    return Measured(line.shown(line.beyond(cue.value, cue.limit if cue.verdict in BROKEN else None)), limit)


def refusal(check: Check, say: Speaker) -> str:
    """The check that refused in one clause: name, value and the limit that it broke."""
    alone = Check(check.name, check.value, check.unit, check.bound, None, check.refuse, check.verdict)
    shown = of_check(alone, say)
    name = plain(say.or_itself(f"check.{check.name}"))
    return say("check.decided", name=name, value=shown.value, limit=shown.limit)


@dataclass(frozen=True, slots=True)
class _Line:
    """How the numbers of one value and its limits are written."""

    name: str
    unit: str
    bound: Literal["least", "most"]
    digits: int
    say: Speaker

    def shown(self, number: float) -> str:
        """With its unit; a unit that nobody knows is left away."""
        text = f"{number:.{self.digits}f}"
        keys = (f"unit.{self.unit}.{self.name}", f"unit.{self.unit}")
        return next((self.say(key, number=text) for key in keys if self.say.knows(key)), text)

    def beyond(self, value: float, limit: float | None) -> float:
        """*value* rounded, and by a last digit away from the *limit* that it breaks where rounding would hide that."""
        rounded, step = round(value, self.digits), 10.0**-self.digits
        if limit is None:
            return rounded
        return min(rounded, limit - step) if self.bound == "least" else max(rounded, limit + step)


def _digits(name: str, unit: str, limits: Iterable[float]) -> int:
    """As many as the unit wants, and more where a limit has more: a limit is shown as it is."""
    least = OWN_DIGITS.get(name, DIGITS.get(unit, 2))
    return max((_needed(limit, least) for limit in limits), default=least)


def _needed(number: float, least: int) -> int:
    exact = (digits for digits in range(least, MOST_DIGITS) if math.isclose(round(number, digits), number))
    return next(exact, MOST_DIGITS)
