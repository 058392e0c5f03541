"""Where a call ended, as a condition: the layers and answers of the funnel, on rows and on cells."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, false, or_

from facematch import codes
from facematch.analytics import layers
from facematch.log.rollups import NO_ERRCODE, NONE

ANSWERS = ("passed", "not_passed", "accepted", "live_code")
ENDS = (*layers.ORDER, *ANSWERS)
_VERDICTS = {"passed": 1, "not_passed": 0}
_BY_STATUS = frozenset(layers.STATUSES.values()) | {"system"}  # of an answer without an envelope
_Term = ColumnElement[bool]
_Whole = ColumnElement[int]


def told_by_cells(ends: Iterable[str]) -> bool:
    """Whether cells, which know no HTTP status, tell these ends."""
    return not _BY_STATUS & set(ends)


def ended(
    ends: Iterable[str],
    outcome: ColumnElement[str],
    success: _Whole,
    errcode: _Whole,
    endpoint: ColumnElement[str],
    *,
    http_status: _Whole | None,
) -> _Term:
    """Whether a call ended at one of *ends*.

    Args:
        success: ``NONE`` where there is no verdict.
        errcode: ``NO_ERRCODE`` where there is none.
        http_status: None on cells.
    """
    answered = [_answered(end, outcome, success, endpoint) for end in ends if end in ANSWERS]
    layered = [_failed_at(end, outcome, errcode, http_status) for end in ends if end not in ANSWERS]
    return or_(false(), *answered, *layered)


def scored(ends: Iterable[str], success: _Whole) -> _Term:
    """The same of calls that have both score and verdict."""
    return success.in_([_VERDICTS[end] for end in ends if end in _VERDICTS])


def _answered(end: str, outcome: ColumnElement[str], success: _Whole, endpoint: ColumnElement[str]) -> _Term:
    if end in _VERDICTS:
        return and_(outcome == "ok", success == _VERDICTS[end])
    without = endpoint.in_(layers.WITHOUT_VERDICT)
    return and_(outcome == "ok", success == NONE, without if end == "live_code" else ~without)


def _failed_at(layer: str, outcome: ColumnElement[str], errcode: _Whole, http_status: _Whole | None) -> _Term:
    if layer == "system":  # what no other layer has
        others = (_failed_at(other, outcome, errcode, http_status) for other in layers.ORDER if other != layer)
        return and_(outcome != "ok", ~or_(*others))
    numbers = [number for number in codes.CATALOGUE if number and layers.layer_of("", number) == layer]
    found = [and_(outcome != "request_invalid", errcode.in_(numbers))]
    if layer == "request":
        found.append(outcome == "request_invalid")
    statuses = [status for status, name in layers.STATUSES.items() if name == layer]
    if statuses and http_status is not None:
        found.append(and_(outcome == layers.BARE, errcode == NO_ERRCODE, http_status.in_(statuses)))
    return and_(outcome != "ok", or_(*found))
