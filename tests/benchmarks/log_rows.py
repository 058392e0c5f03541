"""A year's log in a moment: made-up calls in bulk, of 90 days, three environments, endpoints and modes."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from facematch.log import CallLog, rollups
from facematch.log.database import provide_mathematics
from facematch.log.schema import calls

DAYS = 90
END_MS = 1_795_305_600_000  # 2026-11-22, midnight UTC
BEGIN_MS = END_MS - DAYS * rollups.DAY_MS
PATTERN = 100_000  # rows made one by one; the others are copies of them with another time, place, score and latency
ERRCODES = (1003, 1005, 1103, 1107, 2005, 2006, 2010, 2012, 2103)
ENDPOINTS = ("match", "match_idno", "validate_data")
OUTCOMES = ("ok", "biz_error", "timeout", "http_error", "connect_error")
OUTCOME_SHARES = (0.88, 0.09, 0.015, 0.01, 0.005)
LABELS, LABEL_SHARES = (1, 0, None), (0.4, 0.4, 0.2)
_SPREAD = {1: (82, 10), 0: (28, 14), None: (60, 25)}  # scores: mean and deviation by label
_MILESTONE = 0.4  # of the time: the threshold was 65 until then, and is 70

_KEPT = (
    "SELECT type, name, sql FROM sqlite_master "
    "WHERE tbl_name = 'calls' AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name"
)
_DRAWN = {
    "id": "NULL",
    "ts_ms": "began",
    "env": "CASE WHEN place < 5 THEN 'test' WHEN place < 8 THEN 'prod' ELSE 'embedded' END",
    "mode": "CASE abs(random() % 3) WHEN 0 THEN 'photo' WHEN 1 THEN 'SILENT' ELSE 'LIP' END",
    "request_id": "lower(hex(randomblob(16)))",
    "trace_no": "CAST(10000000000000000 + abs(random() % 90000000000000000) AS TEXT)",
    "latency_ms": "latency_ms * (0.8 + abs(random() % 1000) / 2500.0)",
    "score": "drawn",
    "success": "CASE WHEN drawn IS NOT NULL THEN drawn >= threshold END",
}
_COPIED = f"""
    WITH RECURSIVE copies (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k < :times)
    INSERT INTO calls SELECT {", ".join(_DRAWN.get(column.name, column.name) for column in calls.columns)}
    FROM (
        SELECT pattern.*, :day + abs(random() % :length) AS began, abs(random() % 10) AS place,
            round(min(max(score + random() % 4, 0), 100), 1) AS drawn
        FROM pattern, copies WHERE ts_ms >= :day AND ts_ms < :day + :length ORDER BY began
    )
    """  # noqa: S608 - its columns are the log's

Column = list[Any]


def fill(path: Path, rows: int) -> None:
    """Write *rows* calls with triggers and indexes away, then make the cells, the indexes and the triggers again."""
    db = sqlite3.connect(path, isolation_level=None)
    provide_mathematics(db)
    for pragma in "journal_mode = OFF", "synchronous = OFF", "secure_delete = OFF", "cache_size = -200000":
        db.execute(f"PRAGMA {pragma}")
    kept = db.execute(_KEPT).fetchall()
    for kind, name, _ in kept:
        db.execute(f"DROP {kind} {name}")
    db.execute("CREATE TEMP TABLE pattern AS SELECT * FROM calls")
    columns = _columns(np.random.default_rng(7), min(rows, PATTERN))
    marks = ", ".join("?" * len(columns))
    db.execute("BEGIN")
    db.executemany(
        f"INSERT INTO pattern ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - the log's columns
        zip(*columns.values(), strict=True),
    )
    for day in range(BEGIN_MS, END_MS, rollups.DAY_MS):
        db.execute(_COPIED, {"day": day, "length": rollups.DAY_MS, "times": max(rows // PATTERN, 1)})
    db.execute("COMMIT")
    made_again = {kind: [sql for its_kind, _, sql in kept if its_kind == kind] for kind in ("index", "trigger")}
    for sql in (*made_again["index"], *_cells(), *made_again["trigger"]):
        db.execute(sql)
    db.close()


def _cells() -> Iterator[str]:
    for day in range(BEGIN_MS, END_MS, rollups.DAY_MS):
        yield from (rollup.fill(f"ts_ms >= {day} AND ts_ms < {day + rollups.DAY_MS}") for rollup in rollups.ALL)


def made(path: Path, rows: int) -> CallLog:
    """The log at *path*, filled when it is new.

    Raises:
        SystemExit: It has another number of rows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    CallLog(path).close()
    if is_new:
        fill(path, rows)
    log = CallLog(path)
    with log.reading() as db:
        there = db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
        counted = db.exec_driver_sql("SELECT sum(n) FROM r_call").scalar_one()
    if (there, counted) != (rows, rows):
        raise SystemExit(f"{path}: {there} rows, {counted} in cells; asked for {rows}")
    return log


def _columns(random: np.random.Generator, n: int) -> dict[str, Column]:
    begins = np.sort(random.integers(BEGIN_MS, END_MS, n))
    endpoint = _some(random, ENDPOINTS, n)
    outcome = _some(random, OUTCOMES, n, OUTCOME_SHARES)
    label = _some(random, LABELS, n, LABEL_SHARES)
    threshold = np.where(begins < BEGIN_MS + _MILESTONE * (END_MS - BEGIN_MS), 65.0, 70.0).tolist()
    errcode = [code if o == "biz_error" else None for code, o in zip(_some(random, ERRCODES, n), outcome, strict=True)]
    judged = [o == "ok" and e != "validate_data" for o, e in zip(outcome, endpoint, strict=True)]
    score = _scores(random, label, judged)
    return {
        "ts_ms": begins.tolist(),
        "env": ["drawn"] * n,
        "endpoint": endpoint,
        "mode": ["drawn"] * n,
        "request_id": [secrets.token_hex(16) for _ in range(n)],
        "attempt": [1] * n,
        **{name: [secrets.token_bytes(16) for _ in range(n)] for name in ("req_digest", "ref_digest", "probe_digest")},
        "req_bytes": random.integers(100_000, 4_000_000, n).tolist(),
        "resp_bytes": random.integers(140, 400, n).tolist(),
        "key_id": ["0123abcd"] * n,
        "latency_ms": random.lognormal(6.0, 0.5, n).tolist(),
        "outcome": outcome,
        "http_status": [
            502 if o == "http_error" else None if o in ("timeout", "connect_error") else 200 for o in outcome
        ],
        "errcode": errcode,
        "errmsg": [
            None if o == "ok" else f"{o} {code or ''}: the service's own words"
            for o, code in zip(outcome, errcode, strict=True)
        ],
        "status": ["SUCCESS" if o == "ok" else None for o in outcome],
        "trace_no": [str(number) for number in random.integers(10**16, 10**17, n).tolist()],
        "success": [None if s is None else int(s >= t) for s, t in zip(score, threshold, strict=True)],
        "score": score,
        "label": label,
        "threshold": threshold,
        "client_version": ["1.0"] * n,
        "attack": _some(random, (None, 0, 1), n, (0.99, 0.006, 0.004)),
    }


def _some(
    random: np.random.Generator, values: tuple[Any, ...], n: int, shares: tuple[float, ...] | None = None
) -> Column:
    return [values[i] for i in random.choice(len(values), n, p=shares).tolist()]


def _scores(random: np.random.Generator, labels: Column, judged: list[bool]) -> Column:
    mean, deviation = np.array([_SPREAD[label] for label in labels]).T
    scores = np.clip(random.normal(mean, deviation), 0, 100).round(1).tolist()
    return [score if is_judged else None for score, is_judged in zip(scores, judged, strict=True)]
