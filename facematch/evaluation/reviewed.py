"""``python -m facematch.evaluation.reviewed``: error rates of the calls that a run or a reviewer has labelled.

Exit codes: 0 done; 1 the log cannot be read, or has no such call.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select

from facematch.analytics.liveness import presented
from facematch.analytics.rows import Selection
from facematch.evaluation.campaign import run
from facematch.evaluation.moments import moment
from facematch.evaluation.reviewed_rates import Labelled, Unjudged, make_report
from facematch.evaluation.reviewed_report import report_lines, report_object
from facematch.log import CallLog, open_log
from facematch.log.schema import calls, reviews
from facematch.settings import Settings

NAME = "facematch.evaluation.reviewed"
_ENGINE = {  # the row's extra is JSON as text
    "sqlite": "json_extract(calls.extra, '$.engine')",
    "postgresql": "CAST(calls.extra AS json) ->> 'engine'",
}
_c = calls.c
_IDENTITY: ColumnElement[str] = literal_column("'identity'")  # a parameter would make PostgreSQL doubt the grouping
_COMPARED = and_(_c.outcome == "ok", _c.success.is_not(None))
_LABELLED = or_(_c.label.is_not(None), _c.attack.is_not(None))  # the condition of the index ix_reviewed


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    options = _parser().parse_args(arguments)
    return run(NAME, lambda: _report(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {NAME}", description="Error rates of the labelled calls.")
    parser.add_argument("--env", help="only this environment")
    parser.add_argument("--since", type=moment, metavar="TIME", help="only calls from this date or time on, in UTC")
    parser.add_argument("--threshold", type=_score, help="also the rates at this score, for calls that tell theirs")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    return parser


def _score(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found <= 100:  # noqa: PLR2004 - the wire's scale
        raise argparse.ArgumentTypeError("not a score of 0 to 100")
    return found


def _report(options: argparse.Namespace) -> str | None:
    where = [_LABELLED]
    where += [] if options.env is None else [_c.env == options.env]
    where += [] if options.since is None else [_c.ts_ms >= options.since]
    selection = Selection(since_ms=options.since, envs=() if options.env is None else (options.env,))
    with closing(open_log(Settings.from_env(os.environ))) as log:
        with log.reading() as db:
            videos = presented(db, selection)
        report = make_report(compared(log, where), unjudged(log, where), videos, options.threshold)
    if report.is_empty:
        return "the log has no labelled call"
    text = json.dumps(report_object(report), ensure_ascii=False, indent=2) if options.json else None
    sys.stdout.write((text or "\n".join(report_lines(report))) + "\n")
    return None


def compared(log: CallLog, where: Sequence[ColumnElement[bool]]) -> tuple[Labelled, ...]:
    """Verdicts on labelled comparisons, those alike counted together.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    engine: ColumnElement[str] = literal_column(_ENGINE["postgresql" if log.form == "postgresql" else "sqlite"])
    by_reviewer = exists().where(reviews.c.call_id == _c.id, reviews.c.kind == _IDENTITY)
    alike = (_c.env, engine, _c.threshold, _c.label, _c.success, _c.score, by_reviewer)
    asked = _counted(*alike).where(*where, _c.label.is_not(None), _COMPARED)
    with log.reading() as db:
        rows = db.execute(asked).all()
    return tuple(
        Labelled(env, engine, threshold, bool(label), bool(success), score, bool(reviewed), n)
        for env, engine, threshold, label, success, score, reviewed, n in rows
    )


def unjudged(log: CallLog, where: Sequence[ColumnElement[bool]]) -> tuple[Unjudged, ...]:
    """Labelled comparisons that gave no verdict.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    asked = _counted(_c.env, _c.outcome, _c.errcode).where(*where, _c.label.is_not(None), ~_COMPARED)
    with log.reading() as db:
        return tuple(Unjudged(*row) for row in db.execute(asked).all())


def _counted(*alike: Any) -> Select[Any]:
    return select(*alike, func.count()).group_by(*alike).order_by(*alike)


if __name__ == "__main__":
    sys.exit(main())
