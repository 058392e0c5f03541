"""Logs that are there before a page is opened: a few calls that a test names, or two days of work of every kind."""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from facematch import codes
from facematch.log import CallLog
from facematch.log.schema import calls

CALLS = 160
SPAN_MS = 60 * 3_600_000
THRESHOLD = 70.0
FAILED = (
    ("biz_error", 200, codes.NO_FACE),
    ("biz_error", 200, codes.NO_FACE),
    ("biz_error", 200, codes.SEVERAL_FACES),
    ("biz_error", 200, codes.LIVENESS_NOT_PASSED),
    ("biz_error", 200, codes.WRONG_DIGITS),
    ("biz_error", 200, codes.PHOTO_NOT_FETCHED),
    ("biz_error", 200, codes.UNKNOWN_ID_NUMBER),
    ("biz_error", 401, codes.BAD_TOKEN),
    ("http_error", 502, None),
    ("timeout", None, None),
)
SCORES = {1: (86.0, 8.0), 0: (24.0, 12.0), None: (62.0, 24.0)}  # by label: mean and deviation

Row = Mapping[str, object]


def write(path: Path, rows: Iterable[Row]) -> None:
    """A new log with *rows*: columns of the log, whatever is not said being that of a photo match just now."""
    usual = {
        "ts_ms": time.time_ns() // 1_000_000,
        "env": "embedded",
        "endpoint": "match",
        "mode": "photo",
        "http_status": 200,
        "outcome": "ok",
        "client_version": "1",
    }
    log = CallLog(path)
    with log.writing() as db:
        for number, row in enumerate(rows, 1):
            names = {"request_id": f"r{number}", "trace_no": f"{number:020d}"}
            db.execute(insert(calls), {**usual, **names, **row})
    log.close()


def judged(score: float, *, threshold: float = THRESHOLD, **others: object) -> Row:
    """A call with a score and its verdict."""
    return {"score": score, "threshold": threshold, "success": int(score >= threshold), "errcode": 0, **others}


def two_days() -> Iterator[Row]:
    """Mated, non-mated and unlabelled scores, failures at every layer, times; the same at every run but for now."""
    random, now = np.random.default_rng(4), time.time_ns() // 1_000_000
    for ago_ms in sorted(random.integers(0, SPAN_MS, CALLS).tolist(), reverse=True):
        mode = str(random.choice(("photo", "SILENT", "LIP")))
        took = float(random.lognormal(6.0 if mode == "photo" else 7.5, 0.4))
        about = {"ts_ms": now - ago_ms, "mode": mode, "latency_ms": took}
        if random.random() < 0.25:
            outcome, status, errcode = FAILED[random.integers(len(FAILED))]
            yield {**about, "outcome": outcome, "http_status": status, "errcode": errcode}
        else:
            label = (1, 0, None)[random.integers(3)]
            score = float(np.clip(random.normal(*SCORES[label]), 0, 100).round(1))
            yield {**judged(score, label=label), **about}
