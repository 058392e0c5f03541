"""Rates of labelled calls: hand-worked numbers, from rows in a real log to what is printed."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from facematch.evaluation.reviewed import main
from facematch.evaluation.reviewed_rates import Labelled, Unjudged, make_report
from facematch.evaluation.reviewed_report import UNCALIBRATED, report_lines, report_object
from facematch.log import CallLog, open_log
from facematch.log.reviews import review
from facematch.log.rollups import DAY_MS
from facematch.settings import Settings

# threshold 70: of 10 mated 2 do not pass, of 5 non-mated 1 does. Wilson at 95 % (z = 1.96), worked by hand:
# 2 of 10: (0.2 + 0.19208 ± 1.96 √(0.016 + 0.009604)) / 1.38416 = 0.0567 to 0.5098; 1 of 5: 0.0362 to 0.6245.
VERDICTS = (
    Labelled("e", "m", 70.0, True, True, 90.0, True, 6),
    Labelled("e", "m", 70.0, True, True, 75.0, False, 2),
    Labelled("e", "m", 70.0, True, False, 60.0, False, 2),
    Labelled("e", "m", 70.0, False, True, 85.0, True, 1),
    Labelled("e", "m", 70.0, False, False, 20.0, False, 4),
)


def test_the_rates_at_the_stored_threshold_are_those_of_the_verdicts() -> None:
    (group,) = make_report(VERDICTS, (), (), None).groups
    (rates,) = group.stored

    assert rates.fmr is not None
    assert rates.fnmr is not None
    assert (rates.threshold, rates.fmr.k, rates.fmr.n, rates.fnmr.k, rates.fnmr.n) == (70.0, 1, 5, 2, 10)
    assert (rates.fnmr.low, rates.fnmr.high) == pytest.approx((0.0567, 0.5098), abs=5e-5)
    assert (rates.fmr.low, rates.fmr.high) == pytest.approx((0.0362, 0.6245), abs=5e-5)
    assert (group.calls, group.reviewed, group.contradicted, group.given) == (15, 7, 0, None)


def test_at_a_given_threshold_the_scores_are_judged_anew() -> None:
    (group,) = make_report(VERDICTS, (), (), 80.0).groups

    assert group.given is not None
    assert group.given.fmr is not None
    assert group.given.fnmr is not None
    assert (group.given.fmr.k, group.given.fmr.n) == (1, 5)  # 85
    assert (group.given.fnmr.k, group.given.fnmr.n) == (4, 10)  # 75 twice, 60 twice


def test_a_score_at_the_given_threshold_passes() -> None:
    (group,) = make_report(VERDICTS, (), (), 75.0).groups

    assert group.given is not None
    assert group.given.fnmr is not None
    assert group.given.fnmr.k == 2


def test_environments_engines_and_thresholds_are_told_apart() -> None:
    cells = (
        *VERDICTS,
        Labelled("e", "m", 80.0, True, False, 75.0, False, 3),
        Labelled("e", "other", 70.0, True, True, 90.0, False, 1),
        Labelled("f", None, None, False, False, None, False, 1),
    )
    groups = make_report(cells, (), (), 80.0).groups

    assert [(group.env, group.engine, group.calls) for group in groups] == [
        ("e", "m", 18), ("e", "other", 1), ("f", None, 1),
    ]  # fmt: skip
    assert [rates.threshold for rates in groups[0].stored] == [70.0, 80.0]
    assert groups[1].stored[0].fmr is None
    assert groups[2].given is not None
    assert (groups[2].given.fmr, groups[2].given.fnmr) == (None, None)


def test_a_verdict_that_is_not_what_its_score_says_is_counted() -> None:
    (group,) = make_report((Labelled("e", None, 70.0, True, True, 60.0, False, 3),), (), (), None).groups

    assert group.contradicted == 3


def test_the_text_says_what_is_not_known() -> None:
    lines = list(report_lines(make_report(VERDICTS, (Unjudged("e", "biz_error", 2010, 3),), (), None)))

    assert lines[0] == "e, engine m: 15 labelled verdicts, 7 by reviewers, 8 by runs"
    assert "    FMR   1 of 5, 20.0 % (3.6 % to 62.4 %); n too small: fewer than 100" in lines
    assert "e: 3 labelled calls without a verdict, biz_error 2010" in lines
    assert lines[-1] == UNCALIBRATED


def test_a_hundred_are_not_called_too_few() -> None:
    many = (
        Labelled("e", "m", 70.0, False, False, 20.0, False, 100),
        Labelled("e", "m", 70.0, True, True, 80, True, 99),
    )
    (group,) = report_object(make_report(many, (), (), None))["groups"]
    (rates,) = group["stored"]

    assert (rates["fmr"]["n_too_small"], rates["fnmr"]["n_too_small"]) == (False, True)
    assert rates["fmr"]["high"] == pytest.approx(0.037, abs=5e-4)  # 3.8416 / 103.8416


@pytest.fixture
def filled(data_dir: Path) -> Iterator[CallLog]:
    """A run's two labels, two more that reviewers gave, one withdrawn, a video, and calls that nobody labelled."""
    with closing(open_log(Settings(data_dir=data_dir))) as log:
        rows = (
            ("e", 1, 0, 90.0),
            ("e", 0, 0, 80.0),
            ("e", None, 0, 60.0),
            ("e", None, 400, 30.0),
            ("f", None, 0, 10.0),
        )
        for number, (env, label, days, score) in enumerate(rows):
            with log.recording(env=env, endpoint="match", mode="photo", request_id=f"r{number}") as draft:
                draft.ts_ms -= days * DAY_MS
                draft.label, draft.success, draft.score, draft.threshold = label, score >= 70, score, 70.0
                draft.errcode, draft.extra = 0, {"engine": "m"}
                draft.run_id, draft.item_id = (None, None) if label is None else ("run", str(number))
        with log.recording(env="e", endpoint="match", mode="SILENT", request_id="v") as draft:
            draft.outcome, draft.errcode = "biz_error", 1002
        review(log, 3, "identity", "same", "anna")
        review(log, 4, "identity", "different", "anna")
        review(log, 5, "identity", "same", "anna")
        review(log, 5, "identity", "unknown", "ben")
        review(log, 6, "presentation", "attack", "anna")
        yield log


def test_labels_of_runs_and_reviewers_are_read_from_the_log(
    filled: CallLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--json", "--threshold", "85"]) == 0

    told = json.loads(capsys.readouterr().out)
    (group,) = told["groups"]
    counts = {name: (rate["k"], rate["n"]) for name, rate in group["stored"][0].items() if name != "threshold"}
    given = {name: (rate["k"], rate["n"]) for name, rate in group["given"].items() if name != "threshold"}
    assert (group["env"], group["engine"], group["calls"], group["reviewed"]) == ("e", "m", 4, 2)
    assert counts == {"fmr": (1, 2), "fnmr": (1, 2)}
    assert given == {"fmr": (0, 2), "fnmr": (1, 2)}
    assert (told["presentations"][0]["apcer"]["k"], told["presentations"][0]["apcer"]["n"]) == (0, 1)


def test_a_span_and_an_environment_can_be_chosen(filled: CallLog, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--env", "e", "--since", "2020-01-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["groups"][0]["calls"] == 4
    assert main(["--env", "f"]) == 1
    assert "no labelled call" in capsys.readouterr().err


def test_a_threshold_beyond_the_scale_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--threshold", "101"])

    assert "not a score of 0 to 100" in capsys.readouterr().err
