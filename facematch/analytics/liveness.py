"""How liveness did on the videos that a reviewer called an attack, or live: one definition of APCER and BPCER.

APCER is the share of attacks that passed, BPCER that of living persons who were refused. The spoken code is part of
what LIP checks: who is refused by it is refused. A code that was expired, used or unknown says nothing of the video.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from facematch import codes
from facematch.analytics.cells import within
from facematch.analytics.rows import LivenessCount, Selection
from facematch.errors import BusinessError
from facematch.log.schema import calls

End = Literal["passed", "refused", "undecided"]
COMPARISONS = ("match", "match_idno")
VIDEO = ("SILENT", "LIP")  # nothing judges the liveness of photos
REFUSAL = BusinessError("", errcode=codes.REPLAY).outcome  # of an answer that names an errcode and means it
REFUSED = (
    *(codes.REPLAY, codes.NOT_A_PERSON, codes.LIVENESS_NOT_PASSED),
    *(codes.WRONG_DIGITS, codes.LIPS_NOT_MOVING),
)


@dataclass(frozen=True, slots=True)
class Presented:
    """Calls that are labelled as an attack or as live, and came to the same."""

    env: str
    mode: str
    endpoint: str
    attack: bool
    outcome: str
    errcode: int | None
    success: bool | None
    n: int

    @property
    def end(self) -> End | None:
        """What liveness said; None where it was not asked: of a photo, and by what compares nothing."""
        if self.mode not in VIDEO:
            return None
        return end_of(self.endpoint, self.outcome, self.errcode, self.success)


def end_of(endpoint: str, outcome: str, errcode: int | None, success: bool | None) -> End | None:
    """What liveness said of a video; None at an endpoint that compares nothing.

    A verdict, whatever it is, says that liveness let the video through. All else is undecided: a service may ask for
    the reference before it comes to liveness.
    """
    if endpoint not in COMPARISONS:
        return None
    if outcome == "ok" and success is not None:
        return "passed"
    return "refused" if outcome == REFUSAL and errcode in REFUSED else "undecided"


def presented(db: Connection, sel: Selection) -> tuple[Presented, ...]:
    """Every call with a reviewer's word on its presentation, those alike counted together."""
    c = calls.c
    key = c.env, c.mode, c.endpoint, c.attack, c.outcome, c.errcode, c.success
    statement = select(*key, func.count()).where(*within(sel), c.attack.is_not(None)).group_by(*key).order_by(*key)
    return tuple(
        Presented(env, mode, endpoint, bool(attack), outcome, errcode, None if success is None else bool(success), n)
        for env, mode, endpoint, attack, outcome, errcode, success, n in db.execute(statement)
    )


def liveness(db: Connection, sel: Selection) -> tuple[LivenessCount, ...]:
    """By mode, living persons before attacks; calls without a reviewer's word are not among them."""
    return counted(presented(db, sel))


def counted(cells: Iterable[Presented]) -> tuple[LivenessCount, ...]:
    """*cells* by mode, living persons before attacks; without those of which liveness says nothing."""
    found = Counter[tuple[str, bool, End]]()
    for each in cells:
        if each.end is not None:
            found[each.mode, each.attack, each.end] += each.n
    ends: tuple[End, ...] = ("passed", "refused", "undecided")
    groups = sorted({(mode, attack) for mode, attack, _ in found})
    return tuple(LivenessCount(*group, *(found[*group, end] for end in ends)) for group in groups)
