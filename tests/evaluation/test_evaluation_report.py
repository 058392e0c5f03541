"""Numbers worked out by hand from ten results."""

import json
from pathlib import Path
from typing import Any

import pytest

from facematch.analytics.metrics import wilson
from facematch.evaluation.pairs import Pair
from facematch.evaluation.report import Best, FailedToAcquire, Rate, make_report
from facematch.evaluation.run import Result
from facematch.evaluation.table import TUNED, Setup, as_json, as_text

SETUP = Setup(run_id="r1", environment="test", engine="an engine", threads=2)
MATED, NON_MATED = (Pair(2, Path("x"), Path("y"), mated) for mated in (True, False))
BLURRED = Path("blurred")


def scored(pair: Pair, score: float, cosine: float | None, elapsed_ms: float = 100.0) -> Result:
    return Result(pair, "ok", elapsed_ms, score, cosine, threshold=60.0)


def refused(pair: Pair, errcode: int, blamed: Path | None) -> Result:
    return Result(pair, "biz_error", 50.0, errcode=errcode, blamed=blamed)


RESULTS = (
    scored(MATED, 90, 0.7, 100),
    scored(MATED, 80, 0.6, 200),
    scored(MATED, 50, 0.35, 300),  # a false non-match at 60
    scored(NON_MATED, 70, 0.5, 400),  # a false match at 60
    scored(NON_MATED, 10, 0.1, 500),
    refused(MATED, 2103, BLURRED),
    refused(NON_MATED, 2103, BLURRED),
    refused(NON_MATED, 2010, None),
    Result(MATED, "connect_error"),
    Result(MATED, "biz_error", errcode=40102),  # a bad token says nothing about faces
)


def rate(k: int, n: int) -> Rate:
    return Rate(k, n, *wilson(k, n))


def test_counts_tell_scores_refused_photos_and_failed_calls_apart() -> None:
    report = make_report(RESULTS, 10)

    assert (report.pairs, report.mated, report.non_mated, report.compared) == (10, 6, 4, 5)
    assert report.not_acquired == (FailedToAcquire(2010, 1, None), FailedToAcquire(2103, 2, 1))
    assert report.failed_calls == (("biz_error 40102", 1), ("connect_error", 1))


def test_rates_are_those_of_the_threshold_that_the_server_told() -> None:
    report = make_report(RESULTS, 10)

    assert (report.threshold, report.threshold_told) == (60.0, True)
    assert (report.accuracy, report.fmr, report.fnmr) == (rate(3, 5), rate(1, 2), rate(1, 3))


def test_the_generalised_fnmr_counts_refused_photos_of_mated_pairs_and_no_failed_calls() -> None:
    assert make_report(RESULTS, 10).fnmr_generalised == rate(2, 4)


def test_the_best_threshold_is_of_the_cosine_when_every_comparison_has_one() -> None:
    assert make_report(RESULTS, 10).best == Best("cosine", 0.35, rate(4, 5))


def test_the_best_threshold_is_of_the_score_when_one_cosine_is_missing() -> None:
    report = make_report((*RESULTS, scored(MATED, 95, None)), 11)

    assert report.best == Best("score", 50.0, rate(5, 6))


def test_times_are_those_of_the_calls_that_compared() -> None:
    report = make_report(RESULTS, 10)

    assert (report.median_ms, report.p95_ms) == (300.0, pytest.approx(480.0))


def test_a_server_that_tells_no_threshold_is_judged_at_70() -> None:
    told_nothing = (Result(MATED, "ok", 1.0, score=70.0), Result(NON_MATED, "ok", 1.0, score=69.0))
    report = make_report(told_nothing, 2)

    assert (report.threshold, report.threshold_told, report.accuracy) == (70.0, False, rate(2, 2))


def test_a_run_without_any_comparison_has_counts_and_no_rates() -> None:
    report = make_report((Result(MATED, "timeout", 30_000.0),), 3)

    assert (report.compared, report.accuracy, report.best, report.median_ms) == (0, None, None, None)
    assert "interrupted" in as_text(report, SETUP)
    assert TUNED not in as_text(report, SETUP)


def test_the_text_says_every_number_with_its_counts() -> None:
    text = as_text(make_report(RESULTS, 10), SETUP)
    lines = {line[:32].strip(): line[32:].strip() for line in text.splitlines()}

    assert lines["pairs"] == "10: 6 mated, 4 non-mated"
    assert lines["compared"] == "5"
    assert lines["failures to acquire"] == "3 pairs"
    assert lines["2103"].startswith("2 pairs, 1 photo: ")
    assert lines["2010"].startswith("1 pair: ")
    assert lines["failed calls"] == "2 pairs"
    assert lines["threshold"] == "60 (told by the server)"
    assert lines["FMR"] == "50.00%  1 of 2, 95 % interval 9.45% to 90.55%"
    assert lines["FNMR, not acquired as non-match"].startswith("50.00%  2 of 4")
    assert lines["best threshold, of the cosine"] == "0.35"
    assert lines["time of a call, compared pairs"] == "median 300 ms, p95 480 ms"
    assert text.endswith(TUNED)


def test_the_json_has_the_same_numbers() -> None:
    told: dict[str, Any] = json.loads(as_json(make_report(RESULTS, 10), SETUP))

    assert told["run_id"] == "r1"
    assert told["engine"] == "an engine"
    assert told["fmr"] == {
        "k": 1,
        "n": 2,
        "share": 0.5,
        "low": pytest.approx(0.0945, abs=1e-4),
        "high": pytest.approx(0.9055, abs=1e-4),
    }
    assert told["not_acquired"] == [
        {"errcode": 2010, "pairs": 1, "photos": None},
        {"errcode": 2103, "pairs": 2, "photos": 1},
    ]
    assert told["failed_calls"] == {"biz_error 40102": 1, "connect_error": 1}
    assert (told["best"]["scale"], told["best"]["accuracy"]["k"]) == ("cosine", 4)
    assert told["interrupted"] is False
