"""APCER and BPCER of labelled videos: hand-worked numbers, and the same ones wherever they are shown."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from facematch import codes
from facematch.analytics import queries
from facematch.analytics.liveness import Presented
from facematch.evaluation.reviewed import main
from facematch.evaluation.reviewed_rates import make_report
from facematch.evaluation.reviewed_report import CHALLENGE, report_lines
from facematch.log import CallLog, open_log
from facematch.log.schema import calls
from facematch.settings import Settings


def cell(mode: str, attack: bool, outcome: str, errcode: int | None, n: int, endpoint: str = "match") -> Presented:
    return Presented("e", mode, endpoint, attack, outcome, errcode, True if outcome == "ok" else None, n)


def test_apcer_counts_attacks_that_passed_and_bpcer_living_persons_that_were_refused() -> None:
    presented = (
        cell("SILENT", True, "ok", 0, 1),  # an attack that came through
        cell("SILENT", True, "biz_error", 1002, 6),
        cell("SILENT", True, "biz_error", 1005, 1),  # inconclusive: it did not pass
        cell("SILENT", True, "biz_error", 1004, 9),  # no face: in no rate
        cell("SILENT", False, "ok", 0, 18),
        cell("SILENT", False, "biz_error", 1003, 1),
        cell("SILENT", False, "biz_error", 1005, 1),
        cell("SILENT", False, "timeout", None, 2),
        cell("LIP", True, "biz_error", 1103, 4),  # other digits than asked for: refused by the spoken code
        cell("LIP", True, "biz_error", 1132, 3),  # the code was too old: that says nothing of the video
        cell("LIP", True, "ok", 0, 7, "validate_data"),
        cell("photo", True, "ok", 0, 5),
    )
    report = make_report((), (), presented, None)
    lip, silent = report.presentations

    assert silent.apcer is not None
    assert silent.bpcer is not None
    assert (silent.apcer.k, silent.apcer.n, silent.bpcer.k, silent.bpcer.n) == (1, 8, 2, 20)
    assert silent.left_out == {"1004": 9, "timeout": 2}
    assert lip.apcer is not None
    assert (lip.apcer.k, lip.apcer.n, lip.bpcer, lip.left_out) == (0, 4, None, {"1132": 3})
    assert (report.photos_labelled, report.others_labelled) == (5, 7)
    assert CHALLENGE in list(report_lines(report))


@pytest.fixture
def log(data_dir: Path) -> Iterator[CallLog]:
    with closing(open_log(Settings(data_dir=data_dir))) as log:
        yield log


def put(log: CallLog, times: int = 1, **columns: object) -> None:
    usual = {"ts_ms": 0, "env": "e", "endpoint": "match", "mode": "SILENT", "request_id": "r", "client_version": "0"}
    with log.writing() as db:
        db.execute(calls.insert(), [usual | {"outcome": "ok", "attack": 1} | columns for _ in range(times)])


def rates(capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[object, ...]]:
    """By mode: k and n of APCER and of BPCER, and what is in neither."""
    assert main(["--json"]) == 0
    found = json.loads(capsys.readouterr().out)["presentations"]
    counts = [[each[name] and (each[name]["k"], each[name]["n"]) for name in ("apcer", "bpcer")] for each in found]
    return {each["mode"]: (*count, each["left_out"]) for each, count in zip(found, counts, strict=True)}


def test_an_errcode_of_0_without_a_verdict_is_no_pass(log: CallLog, capsys: pytest.CaptureFixture[str]) -> None:
    put(log, errcode=0, status="PROCESSING")
    put(log, errcode=0, status="FAIL", outcome="biz_error")
    put(log, errcode=0, outcome="bad_response")
    put(log, errcode=codes.REPLAY, outcome="bad_response")
    put(log, endpoint="validate_data", mode="LIP", errcode=0)

    assert rates(capsys) == {"SILENT": (None, None, {"accepted": 1, "bad_response": 2, "biz_error": 1})}


def test_the_command_and_the_charts_show_the_same_numbers(log: CallLog, capsys: pytest.CaptureFixture[str]) -> None:
    for mode in ("SILENT", "LIP", "photo"):
        for times, errcode in enumerate(sorted(codes.CATALOGUE), start=1):
            for attack in (0, 1):
                put(log, times, mode=mode, errcode=errcode, outcome="biz_error", attack=attack)
        put(log, 5, mode=mode, success=1, errcode=0)
        put(log, 3, mode=mode, success=0, errcode=0, attack=0)
        put(log, 2, mode=mode, endpoint="validate_data", errcode=0)
    with log.reading() as db:
        drawn = queries.liveness(db, queries.Selection())

    told = rates(capsys)
    assert [(each.mode, each.attack) for each in drawn] == [
        ("LIP", False), ("LIP", True), ("SILENT", False), ("SILENT", True),
    ]  # fmt: skip
    for each in drawn:
        assert told[each.mode][0 if each.attack else 1] == (each.error.count, each.error.of)
        assert each.error.of > 0
    assert sum(each.undecided for each in drawn if each.mode == "LIP") == sum(dict(told["LIP"][2]).values())
