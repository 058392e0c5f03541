"""What a page asks often goes by an index. SQLite alone: it plans without knowing how many rows there are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from facematch.analytics import queries
from facematch.analytics.queries import Selection

ALL = Selection()
RARE = Selection(envs=("test",))


@pytest.fixture
def database_place(tmp_path: Path) -> Path:
    return tmp_path / "calls.db"


def asked(db: Connection, question: Callable[[Connection], object]) -> list[str]:
    """The steps of all that *question* asks, in SQLite's words."""
    statements: list[tuple[str, tuple[object, ...]]] = []
    event.listen(db, "before_cursor_execute", lambda _db, _cursor, sql, values, *_: statements.append((sql, values)))
    question(db)
    selects = [each for each in statements if each[0].startswith("SELECT")]
    return [row[3] for sql, values in selects for row in db.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, values)]


@pytest.mark.parametrize(
    ("question", "plan"),
    [
        (lambda db: queries.newest(db, ALL), "SCAN calls USING INDEX ix_ts"),
        (lambda db: queries.newest(db, ALL, before_id=3), "SEARCH calls USING INDEX ix_ts (ts_ms<?)"),
        (lambda db: queries.newest(db, Selection(since_ms=5)), "SEARCH calls USING INDEX ix_ts (ts_ms>?)"),
        (lambda db: queries.newest(db, RARE), "SEARCH calls USING INDEX ix_ts (ts_ms>? AND ts_ms<?)"),
        (lambda db: queries.liveness(db, ALL), "SCAN calls USING COVERING INDEX ix_attack"),
        (lambda db: queries.call(db, id=3), "SEARCH calls USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda db: queries.call(db, trace_no="3"), "SEARCH calls USING INDEX ix_trace (trace_no=?)"),
        (lambda db: queries.attempts(db, "3"), "SEARCH calls USING INDEX ix_request (request_id=?)"),
        (lambda db: queries.reviews(db, 3), "SEARCH reviews USING INDEX ix_reviews (call_id=?)"),
        (lambda db: queries.error_counts(db, ALL), "SEARCH calls USING COVERING INDEX ix_fail (ts_ms>? AND ts_ms<?)"),
    ],
)
def test_rows_are_found_by_an_index(add, db, question, plan):
    add(3)
    steps = asked(db, question)

    assert plan in steps
    assert "SCAN calls" not in steps


@pytest.mark.parametrize(
    ("walk", "plan"),
    [
        (9, "SCAN calls USING INDEX ix_ts"),
        (-1, "SEARCH calls USING INDEX ix_score (score>? AND score<?)"),
    ],
)
def test_who_would_flip_is_found_by_time_or_by_score(add, db, walk, plan, monkeypatch):
    monkeypatch.setattr("facematch.analytics.flips._SHORT_WALK", walk)
    add(1, score=66, success=1)
    add(5, score=90, success=1)
    steps = asked(db, lambda db: queries.flips(db, ALL, 70, limit=1))

    assert plan in steps or plan.replace("SCAN", "SEARCH") + " (ts_ms>? AND ts_ms<?)" in steps


@pytest.mark.parametrize(
    "question",
    [queries.totals, queries.scores, queries.failures_over_time, queries.error_counts, queries.latency, queries.funnel],
)
@pytest.mark.parametrize("sel", [ALL, Selection(envs=("test",)), Selection(since_ms=1, until_ms=10**9 + 1)])
def test_a_chart_reads_cells_and_goes_to_rows_by_time_alone(add, db, question, sel):
    add(outcome="timeout", ts_ms=7, latency_ms=3.0)
    by_rows = [step for step in asked(db, lambda db: question(db, sel)) if " calls" in step]

    assert all("ts_ms>? AND ts_ms<?" in step for step in by_rows)


@pytest.mark.parametrize(
    ("score", "by_score"), [((90.0, 91.0), True), ((100.0, 100.0), True), ((30.0, 70.0), False), ((0.5, 2.0), False)]
)
def test_a_bar_of_scores_is_found_by_score_and_a_wide_range_without_that_index(add, db, score, by_score):
    add(3, score=90.5)
    steps = asked(db, lambda db: queries.totals(db, Selection(score=score)))

    assert any("ix_score" in step for step in steps) == by_score
