"""How the passive check and the challenge did on the probes that a reviewer called live, or attacks."""

from collections import Counter

from sqlalchemy import Connection, func, select

from facematch.analytics.cells import within
from facematch.analytics.layers import layer_of
from facematch.analytics.rows import LivenessCount, Selection
from facematch.log.schema import calls

_REFUSED_AT = ("liveness", "challenge")


def liveness(db: Connection, sel: Selection) -> tuple[LivenessCount, ...]:
    """By mode, living persons before attacks; calls without a reviewer's word are not among them."""
    c = calls.c
    key = c.mode, c.attack, c.outcome, c.errcode, c.success
    statement = select(*key, func.count()).where(*within(sel), c.attack.is_not(None)).group_by(*key)
    found = Counter[tuple[str, bool, str]]()
    for mode, attack, outcome, errcode, success, n in db.execute(statement):
        found[mode, bool(attack), _end(outcome, errcode, success)] += n
    groups = sorted({(mode, attack) for mode, attack, _ in found})
    ends = "passed", "refused", "undecided"
    return tuple(LivenessCount(*group, *(found[*group, end] for end in ends)) for group in groups)


def _end(outcome: str, errcode: int | None, success: int | None) -> str:
    """A verdict says that liveness let the probe through; a service may ask for the reference before it comes there."""
    if outcome == "ok":
        return "undecided" if success is None else "passed"
    return "refused" if layer_of(outcome, errcode) in _REFUSED_AT else "undecided"
