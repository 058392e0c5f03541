"""What the History page's questions cost on a large log: every chart, the newest calls, one call.

    python tests/benchmarks/log_speed.py --rows 1000000 --folder FOLDER

FOLDER/log/calls.db is made when it is not there (some 300 bytes a row) and stays. Wall and CPU milliseconds, median and
worst of five, the file in the system's cache.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, func, select, text

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from log_rows import END_MS, made  # noqa: E402

from facematch.analytics import queries  # noqa: E402
from facematch.analytics.queries import Selection  # noqa: E402
from facematch.log import CallLog, rollups  # noqa: E402
from facematch.log.schema import calls, r_call, r_latency, r_score  # noqa: E402

RUNS = 5
PAGES = 20
RAGGED_MS = 30 * rollups.DAY_MS + 7 * rollups.HOUR_MS + 123_456
SELECTIONS = {
    "all time": Selection(),
    "30 days, cut": Selection(since_ms=END_MS - RAGGED_MS, until_ms=END_MS - 4_567_890),
    "one env": Selection(envs=("test",)),
}
Question = Callable[[Connection, Selection], object]
CHARTS: dict[str, Question] = {
    "totals": queries.totals,
    "scores (verdict, label)": queries.scores,
    "failures over time": lambda db, sel: queries.failures_over_time(db, sel, utc_offset_min=480),
    "error codes": queries.error_counts,
    "latency": queries.latency,
    "funnel": queries.funnel,
    "what-if curve": lambda db, sel: queries.what_if_curve(queries.scores(db, sel)),
    "flips at 60 (many)": lambda db, sel: queries.flips(db, sel, 60),
    "flips at 66 (days of 65)": lambda db, sel: queries.flips(db, sel, 66),
    "flips at 70 (old days only)": lambda db, sel: queries.flips(db, sel, 70),
    "liveness by reviewers": queries.liveness,
    "choices": lambda db, _: queries.choices(db),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    began = time.perf_counter()
    path = options.folder / "log" / "calls.db"
    log = made(path, options.rows)
    print(
        f"{options.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB, ready after {time.perf_counter() - began:.0f} s"
    )
    with log.reading() as db:
        for table in (r_call, r_latency, r_score):
            print(f"{table.name}: {db.scalar(select(func.count()).select_from(table)):,} cells")
    check(log)
    charts(log)
    single_calls(log)
    log.close()
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def check(log: CallLog) -> None:
    """Stop when the cells do not count what the rows are."""
    with log.reading() as db:
        for rollup, table in zip(rollups.ALL, (r_call, r_latency, r_score), strict=True):
            counted = select(func.count()).select_from(calls).where(text(rollup.condition("")))
            rows, cells = db.scalar(counted), db.scalar(select(func.sum(table.c.n)))
            if rows != cells:
                raise SystemExit(f"{rollup.name} counts {cells} of {rows} rows")


def charts(log: CallLog) -> None:
    print(f"\n{'chart: wall ms, worst (CPU ms)':30}" + "".join(f"{name:>26}" for name in SELECTIONS))
    for name, question in CHARTS.items():
        cells = (told(list(timed(log, question, sel))) for sel in SELECTIONS.values())
        print(f"{name:30}" + "".join(f"{cell:>26}" for cell in cells))


def single_calls(log: CallLog) -> None:
    with log.reading() as db:
        traces = [row.trace_no for row in queries.newest(db, Selection(until_ms=END_MS - RAGGED_MS), limit=RUNS)]
    newest = {
        "newest 50": Selection(),
        "newest 50, one env": Selection(envs=("embedded",)),
        "newest 50, failures": Selection(outcomes=("biz_error", "timeout", "http_error", "connect_error")),
        "newest 50, one errcode": Selection(errcodes=(2012,)),
        "newest 50, one mode": Selection(modes=("LIP",)),
        "newest 50 of an old day": Selection(until_ms=END_MS - RAGGED_MS),
    }
    print()
    for name, sel in newest.items():
        print(f"{name:30}{told(list(timed(log, queries.newest, sel))):>26}")
    by_trace = iter(traces)
    one = timed(log, lambda db, _: queries.call(db, trace_no=next(by_trace)), Selection())
    print(f"{'call by traceNo':30}{told(list(one)):>26}")
    for name, sel in newest.items():
        print(f"{name + ', 20 pages':40}{told(list(paged(log, sel))):>16}")


def timed(log: CallLog, question: Question, sel: Selection) -> Iterator[tuple[float, float]]:
    """Wall and CPU milliseconds of each run."""
    for _ in range(RUNS):
        with log.reading() as db:
            wall, cpu = time.perf_counter(), time.process_time()
            question(db, sel)
            yield (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def paged(log: CallLog, sel: Selection) -> Iterator[tuple[float, float]]:
    """The same of one page after the other."""
    before = None
    for _ in range(PAGES):
        with log.reading() as db:
            wall, cpu = time.perf_counter(), time.process_time()
            rows = queries.newest(db, sel, before_id=before)
            yield (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
        if not rows:
            return
        before = rows[-1].id


def told(times: list[tuple[float, float]]) -> str:
    walls, cpus = zip(*times, strict=True)
    return f"{statistics.median(walls):.1f}, {max(walls):.1f} ({statistics.median(cpus):.1f})"


if __name__ == "__main__":
    main()
