"""A report as text, and as JSON with the same numbers."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from facematch import codes
from facematch.evaluation.report import FailedToAcquire, Rate, Report

TUNED = "The best threshold is chosen on the same pairs that it is measured on: it flatters, and is no forecast."
LABEL_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Setup:
    """What was measured, and how."""

    run_id: str  # of the rows in the call log
    environment: str
    engine: str | None  # None: the server does not tell
    threads: int


def as_json(report: Report, setup: Setup) -> str:
    """One JSON object; rates carry k, n, share, low and high."""
    told = asdict(setup) | asdict(report) | {"interrupted": report.interrupted}
    for name in ("accuracy", "fmr", "fnmr", "fnmr_generalised"):
        told[name] = _rate_object(getattr(report, name))
    if report.best is not None:
        told["best"]["accuracy"] = _rate_object(report.best.accuracy)
    told["failed_calls"] = dict(report.failed_calls)
    return json.dumps(told | {"note": TUNED}, ensure_ascii=False, indent=2)


def as_text(report: Report, setup: Setup) -> str:
    """A table of two columns."""
    lines = (*_setup(setup), *_counts(report), *_rates(report), *_times(report))
    note = (TUNED,) if report.best is not None else ()
    return "\n".join((*(f"{label:<{LABEL_WIDTH}}{text}" for label, text in lines), *note))


def _rate_object(rate: Rate | None) -> dict[str, float] | None:
    return None if rate is None else asdict(rate) | {"share": rate.share}


def _setup(setup: Setup) -> Iterator[tuple[str, str]]:
    yield "run", setup.run_id
    yield "environment", setup.environment
    yield "engine", setup.engine or "the server does not tell"
    yield "threads", str(setup.threads)


def _counts(report: Report) -> Iterator[tuple[str, str]]:
    split = f"{report.mated} mated, {report.non_mated} non-mated"
    if report.interrupted:
        yield "interrupted", f"after {report.done} of {report.pairs} pairs; all numbers are of those {report.done}"
    yield "pairs", f"{report.done}: {split}"
    yield "compared", str(report.compared)
    yield "failures to acquire", _pairs(sum(each.pairs for each in report.not_acquired))
    for each in report.not_acquired:
        yield f"  {each.errcode}", _not_acquired(each)
    yield "failed calls", _pairs(sum(number for _, number in report.failed_calls))
    for kind, number in report.failed_calls:
        yield f"  {kind}", _pairs(number)


def _pairs(number: int) -> str:
    return "1 pair" if number == 1 else f"{number} pairs"


def _not_acquired(each: FailedToAcquire) -> str:
    code = codes.find(each.errcode)
    photos = "" if each.photos is None else f", {each.photos} photo{'' if each.photos == 1 else 's'}"
    return f"{_pairs(each.pairs)}{photos}: {'unknown errcode' if code is None else code.en.meaning}"


def _rates(report: Report) -> Iterator[tuple[str, str]]:
    yield "threshold", f"{report.threshold:g} ({'told by the server' if report.threshold_told else 'assumed'})"
    yield "accuracy of the compared", _rate(report.accuracy)
    yield "FMR", _rate(report.fmr)
    yield "FNMR", _rate(report.fnmr)
    yield "FNMR, not acquired as non-match", _rate(report.fnmr_generalised)
    if report.best is not None:
        yield f"best threshold, of the {report.best.scale}", f"{report.best.threshold:.4g}"
        yield "accuracy there", _rate(report.best.accuracy)


def _rate(rate: Rate | None) -> str:
    if rate is None:
        return "nothing to make it of"
    return f"{rate.share:7.2%}  {rate.k} of {rate.n}, 95 % interval {rate.low:.2%} to {rate.high:.2%}"


def _times(report: Report) -> Iterator[tuple[str, str]]:
    if report.median_ms is not None:
        yield "time of a call, compared pairs", f"median {report.median_ms:.0f} ms, p95 {report.p95_ms:.0f} ms"
