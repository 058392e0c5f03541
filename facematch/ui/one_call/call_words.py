"""How a logged call is put into words: its address, its answer, its endpoint."""

from facematch.analytics.queries import CallRow
from facematch.ui.words import Speaker

MARKS = {"ok": "✓", "accepted": "…", "passed": "✓", "not_passed": "≠", "failed": "✗"}


def address(row: CallRow) -> str:
    """What ``/history?trace=`` takes for *row*."""
    return row.trace_no or f"#{row.id}"


def answer(row: CallRow, say: Speaker) -> str:
    """The outcome in words: the verdict of a call that worked, the reason of one that did not."""
    if row.outcome != "ok":
        return f"{MARKS['failed']} {say.or_itself(f'outcome.{row.outcome}')}"
    if outcome_of(row) == "accepted":
        return f"{MARKS['accepted']} {say('outcome.accepted')}"
    if row.success is None:
        return f"{MARKS['ok']} {say('outcome.ok')}"
    kind = "passed" if row.success else "not_passed"
    return f"{MARKS[kind]} {say(f'verdict.{kind}')}"


def outcome_of(row: CallRow) -> str:
    """The kind of outcome; an accepted call is one of its own, although it did not fail."""
    return "accepted" if row.outcome == "ok" and row.extra.get("accepted") else row.outcome


def endpoint(row: CallRow, say: Speaker) -> str:
    """The endpoint, and of a comparison what was compared: photo, SILENT or LIP."""
    name = say.or_itself(f"endpoint.{row.endpoint}")
    return f"{name} · {say(f'kind.{row.mode}')}" if say.knows(f"kind.{row.mode}") else name


def number(value: float | None) -> str:
    """A score or a threshold; a dash for None."""
    return "–" if value is None else f"{value:g}"
