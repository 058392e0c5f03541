"""Calls of the past put into a log, its cells counted from the rows in Python, and processes that write meanwhile."""

import math
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

import facematch
from facematch.log import CallLog
from facematch.log.rollups import DAY_MS, HOUR_MS, NO_ERRCODE, NO_THRESHOLD, NONE
from facematch.log.schema import calls, r_call, r_latency, r_score

ROOT = Path(facematch.__file__).parents[1]
Cell = tuple[tuple[str, Any], ...]

UNTIDY = {"wal": None, "postgresql": "server"}  # why copies may be left, by the form of the log
NOON = 20_000 * DAY_MS + DAY_MS // 2  # a day in 2024

WRITER = """
import random, sys
from pathlib import Path
from facematch.log import CallLog, Key
place, name, calls = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
log = CallLog(place if "://" in place else Path(place), key=Key("k1", b"s" * 32))
random.seed(name)
print("ready", flush=True)
sys.stdin.readline()
for i in range(calls):
    with log.recording(env=f"env {name % 3}", endpoint="match", mode="photo", request_id=f"{name}-{i}") as draft:
        draft.errcode = random.choice((None, 0, 2012))
        draft.success = random.choice((None, True, False))
        draft.score, draft.threshold = random.choice((None, random.uniform(0, 100))), random.choice((None, 70.0))
        draft.label = random.choice((None, 0, 1))
    print(draft.id, log.trouble, flush=True)
"""


def put(log: CallLog, ts_ms: int = NOON, **values: Any) -> int:
    """A call that began then; its id."""
    usual = {
        "env": "test",
        "endpoint": "match",
        "mode": "photo",
        "request_id": "past",
        "outcome": "ok",
        "success": 1,
        "score": 81.5,
        "threshold": 70.0,
        "latency_ms": 12.0,
        "errcode": 0,
        "client_version": "0",
    }
    with log.writing() as db:
        row = usual | {"ts_ms": ts_ms} | values
        return int(db.execute(insert(calls).values(row).returning(calls.c.id)).scalar_one())


def rows_of(log: CallLog) -> list[dict[str, Any]]:
    with log.reading() as db:
        return [dict(row) for row in db.execute(select(calls).order_by(calls.c.id)).mappings()]


def cells_in(log: CallLog) -> dict[str, Counter[Cell]]:
    """What the log's cells say."""
    with log.reading() as db:
        found = {t.name: db.execute(select(t)).mappings().all() for t in (r_call, r_latency, r_score)}
    return {name: Counter({cell(**row): row["n"] for row in rows}) for name, rows in found.items()}


def counted(rows: list[dict[str, Any]]) -> dict[str, Counter[Cell]]:
    """What the cells should say of these rows."""
    found: dict[str, Counter[Cell]] = {"r_call": Counter(), "r_latency": Counter(), "r_score": Counter()}
    for row in rows:
        where = {name: row[name] for name in ("env", "endpoint", "mode")}
        day, success, outcome = row["ts_ms"] // DAY_MS, row["success"], row["outcome"]
        errcode = NO_ERRCODE if row["errcode"] is None else row["errcode"]
        verdict = NONE if success is None else success
        hour = row["ts_ms"] // HOUR_MS
        found["r_call"][cell(hour=hour, **where, outcome=outcome, errcode=errcode, success=verdict)] += 1
        if row["latency_ms"] is not None:
            number = math.floor(math.log(max(row["latency_ms"], 0.1) / 0.1) * 170)
            found["r_latency"][cell(day=day, **where, outcome=outcome, bin=number)] += 1
        if outcome == "ok" and success is not None and row["score"] is not None and 0 <= row["score"] <= 100:
            label = NONE if row["label"] is None else row["label"]
            judged = NO_THRESHOLD if row["threshold"] is None else row["threshold"]
            point = math.floor(row["score"])
            key = cell(day=day, **where, label=label, success=success, threshold=judged, bin=point)
            found["r_score"][key] += 1
    return found


def cell(**key: Any) -> Cell:
    """A key, in whatever order its columns are."""
    return tuple(sorted((name, value) for name, value in key.items() if name != "n"))


@contextmanager
def writers(place: Path | str, count: int, rows: int) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that write *rows* calls each, all begun when the block begins."""
    command = [sys.executable, "-c", WRITER, str(place)]
    started = [
        subprocess.Popen(
            [*command, str(name), str(rows)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for name in range(count)
    ]
    try:
        assert [process.stdout.readline() for process in started] == ["ready\n"] * count
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def told_by(processes: list[subprocess.Popen[str]]) -> list[tuple[int | None, str]]:
    """What each writer said of each call: its row, None when there is none, and the trouble; waits for their end."""
    lines = [line.split(" ", 1) for process in processes for line in process.stdout.read().splitlines()]
    return [(None if number == "None" else int(number), trouble) for number, trouble in lines]
