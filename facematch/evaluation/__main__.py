"""``python -m facematch.evaluation PAIRS.csv``: how well a service judges labelled pairs of photos.

Exit codes: 0 done, also when some calls failed; 1 could not run, or every call failed; 130 interrupted. What came
back before is printed in every case.
"""

import argparse
import os
import sys
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from facematch.errors import FaceMatchError
from facematch.evaluation.pairs import Pair, read_pairs
from facematch.evaluation.report import Report, make_report
from facematch.evaluation.run import Caller, Result, results
from facematch.evaluation.table import Setup, as_json, as_text
from facematch.evaluation.target import Target, opened
from facematch.log import CallLog, open_log
from facematch.settings import Settings

DONE, FAILED, INTERRUPTED = 0, 1, 130
PROGRESS_STEPS = 20  # lines of progress at most
_URL_HELP = "server to measure, with the token of FACEMATCH_TOKEN (default: FACEMATCH_URL, else the embedded service)"


def main(arguments: list[str] | None = None) -> int:
    """Run; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        pairs = read_pairs(options.pairs, options.root, limit=options.limit)
        return _evaluate(pairs, options, _settings(os.environ, options.url))
    except FaceMatchError as error:
        sys.stderr.write(f"facematch.evaluation: {error}\n")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m facematch.evaluation", description="Judge labelled pairs.")
    parser.add_argument("pairs", type=Path, help="CSV file with the columns file_x, file_y and same (1 or 0)")
    parser.add_argument("--root", type=Path, help="folder that the photos' paths start from (default: the CSV file's)")
    parser.add_argument("--url", help=_URL_HELP)
    parser.add_argument("--environment", help="the server's name in the call log")
    parser.add_argument("--threads", type=_positive, default=os.cpu_count() or 1, help="calls at a time (%(default)s)")
    parser.add_argument("--limit", type=_positive, help="only so many pairs, from the top")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError("not a whole number of at least 1")
    return int(text)


def _settings(env: Mapping[str, str], url: str | None) -> Settings:
    """The settings of *env*; an address that is given goes before its own, an empty one means the embedded service."""
    return Settings.from_env(env if url is None else {**env, "FACEMATCH_URL": url})


def _evaluate(pairs: Sequence[Pair], options: argparse.Namespace, settings: Settings) -> int:
    log = open_log(settings)
    with closing(log), opened(settings, options.environment) as target:
        setup = Setup(_new_run_id(), target.environment, target.engine(), options.threads)
        come = _run(pairs, target, log, setup)
        if log.trouble is not None:
            sys.stderr.write(f"facematch.evaluation: {log.trouble}\n")
    report = make_report(come, len(pairs))
    sys.stdout.write((as_json if options.json else as_text)(report, setup) + "\n")
    return _exit_code(report)


def _new_run_id() -> str:
    return f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:8]}"


def _run(pairs: Sequence[Pair], target: Target, log: CallLog, setup: Setup) -> list[Result]:
    """The results; after an interrupt those that there are."""
    come: list[Result] = []
    caller = Caller(lambda: target.client(log), setup.run_id)
    with (
        closing(caller),
        ThreadPoolExecutor(setup.threads, thread_name_prefix="facematch-evaluation") as executor,
        closing(results(pairs, caller, executor, in_flight=setup.threads)) as coming,
    ):
        _collect(coming, come, len(pairs))
    return come


def _collect(coming: Iterable[Result], come: list[Result], pairs: int) -> None:
    try:
        for result in coming:
            come.append(result)
            if len(come) * PROGRESS_STEPS // pairs > (len(come) - 1) * PROGRESS_STEPS // pairs:
                sys.stderr.write(f"{len(come)} of {pairs} pairs\n")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: waiting for the calls under way\n")


def _exit_code(report: Report) -> int:
    if report.interrupted:
        return INTERRUPTED
    if sum(number for _, number in report.failed_calls) == report.done:
        sys.stderr.write("facematch.evaluation: every call failed\n")
        return FAILED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
