"""Runs over HTTP: real samples, real engine, real log."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from facematch.client import FaceMatchClient
from facematch.evaluation.__main__ import main
from facematch.evaluation.pairs import Pair
from facematch.evaluation.run import Caller, Result, results
from facematch.log import CallLog
from facematch.service.server import bind

from .conftest import SAMPLES, TOKEN, Service, WriteList

Capture = pytest.CaptureFixture[str]


def logged(data_dir: Path) -> list[dict[str, Any]]:
    with closing(CallLog(data_dir / "log" / "calls.db")) as log, log.reading() as db:
        return [dict(row) for row in db.exec_driver_sql("SELECT * FROM calls ORDER BY id").mappings()]


def told(capture: Capture) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(capture.readouterr().out)
    return answer


def test_the_samples_give_what_they_are_made_to_show(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture
) -> None:
    assert main([str(write_list(SAMPLES)), "--url", service.url, "--json"]) == 0

    report = told(capsys)
    assert (report["pairs"], report["mated"], report["non_mated"], report["compared"]) == (11, 9, 2, 5)
    assert {each["errcode"]: each["pairs"] for each in report["not_acquired"]} == {
        1201: 1, 2010: 1, 2012: 1, 2101: 1, 2103: 2,
    }  # fmt: skip
    assert {each["photos"] for each in report["not_acquired"] if each["errcode"] != 2103} == {1}
    assert (report["fmr"]["k"], report["fmr"]["n"], report["fnmr"]["k"], report["fnmr"]["n"]) == (0, 2, 0, 3)
    assert (report["fnmr_generalised"]["k"], report["fnmr_generalised"]["n"]) == (6, 9)
    assert (report["best"]["scale"], report["best"]["accuracy"]["share"]) == ("cosine", 1.0)
    assert (report["threshold"], report["threshold_told"]) == (70.0, True)
    assert report["engine"].startswith("YuNet")
    assert report["failed_calls"] == {}


def test_every_call_leaves_a_row_that_carries_its_run_its_item_and_its_label(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture
) -> None:
    path = write_list(SAMPLES[:3])
    main([str(path), "--url", service.url, "--json", "--environment", "bench"])

    run_id = told(capsys)["run_id"]
    rows = sorted(logged(data_dir), key=lambda row: int(row["item_id"]))
    assert [(row["run_id"], row["item_id"], row["label"], row["env"]) for row in rows] == [
        (run_id, "2", 1, "bench"),
        (run_id, "3", 1, "bench"),
        (run_id, "4", 0, "bench"),
    ]
    assert all(row["outcome"] == "ok" and row["score"] is not None for row in rows)


def test_no_name_of_a_file_reaches_the_log_or_the_report(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture
) -> None:
    main([str(write_list(SAMPLES)), "--url", service.url])

    captured = capsys.readouterr()
    assert "obama" not in captured.out + captured.err + str(logged(data_dir))
    assert TOKEN not in captured.out + captured.err + str(logged(data_dir))


def test_without_an_address_the_embedded_service_is_measured_with_the_settings_of_the_environment(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.mkdir()
    (data_dir / "cache").symlink_to(service.cache_dir)
    monkeypatch.setenv("FACEMATCH_FACES", "largest")
    monkeypatch.setenv("FACEMATCH_PASS_SCORE", "55")
    path = write_list((("two_faces.jpg", "obama_1.jpg", 1),))

    assert main([str(path), "--json"]) == 0
    report = told(capsys)
    assert (report["environment"], report["compared"], report["threshold"]) == ("embedded", 1, 55.0)


def test_without_an_address_the_server_of_the_environment_is_measured(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_URL", service.url)

    assert main([str(write_list(SAMPLES[:1])), "--json"]) == 0
    assert told(capsys)["environment"] == service.url.removeprefix("http://")


def test_an_address_that_is_given_goes_before_that_of_the_environment(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_URL", "http://elsewhere.invalid")

    assert main([str(write_list(SAMPLES[:1])), "--url", service.url, "--json"]) == 0
    assert told(capsys)["environment"] == service.url.removeprefix("http://")


def test_a_service_that_cannot_be_reached_ends_the_program_with_one_sentence(
    write_list: WriteList, data_dir: Path, capsys: Capture
) -> None:
    with bind("127.0.0.1", 0) as sock:
        url = f"http://127.0.0.1:{sock.getsockname()[1]}"

    assert main([str(write_list(SAMPLES[:1])), "--url", url]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "facematch.evaluation: no connection: Connection refused\n"


def test_a_list_that_cannot_be_used_ends_the_program_with_one_sentence(
    tmp_path: Path, data_dir: Path, capsys: Capture
) -> None:
    assert main([str(tmp_path / "gone.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("threads", ["0", "-1", "two"])
def test_a_number_of_threads_that_cannot_be_is_refused(tmp_path: Path, capsys: Capture, threads: str) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "pairs.csv"), f"--threads={threads}"])

    assert "not a whole number of at least 1" in capsys.readouterr().err


def test_a_wrong_token_fails_every_call_and_the_table_is_still_printed(
    service: Service, write_list: WriteList, data_dir: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_TOKEN", "not-the-token")

    assert main([str(write_list(SAMPLES[:2])), "--url", service.url]) == 1
    captured = capsys.readouterr()
    assert "biz_error 40102" in captured.out
    assert captured.err.endswith("facematch.evaluation: every call failed\n")


def test_an_interrupted_run_prints_what_there_is(service: Service, write_list: WriteList, data_dir: Path) -> None:
    path = write_list(SAMPLES[:1] * 400)
    command = [sys.executable, "-m", "facematch.evaluation", str(path), "--url", service.url, "--threads", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."}
    ) as run:
        assert run.stderr is not None
        assert run.stderr.readline() == "20 of 400 pairs\n"
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)

    done = int(next(line for line in out.splitlines() if line.startswith("interrupted")).split()[2])
    assert run.returncode == 130
    assert 20 <= done < 400
    assert "Traceback" not in err
    assert done <= len(logged(data_dir)) <= done + 2  # calls under way still leave their rows


def test_no_more_calls_are_handed_over_than_may_be_in_flight() -> None:
    pairs = [Pair(row, Path("x"), Path("y"), mated=True) for row in range(50)]
    handed: list[int] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, *arguments: Any, **named: Any) -> Any:
            handed.append(1)
            return super().submit(*arguments, **named)

    with (
        Counting(4) as executor,
        closing(results(pairs, lambda pair: Result(pair, "ok"), executor, in_flight=3)) as all_,
    ):
        ahead = [len(handed) - number for number, _ in enumerate(all_)]

    assert len(handed) == len(ahead) == 50
    assert max(ahead) <= 2 * 3  # those under way, and those done but not yet taken


def test_an_empty_photo_is_a_failed_call_and_not_a_failure_to_acquire(service: Service, tmp_path: Path) -> None:
    photo = tmp_path / "empty.jpg"
    photo.write_bytes(b"")
    with closing(Caller(lambda: FaceMatchClient(service.url, TOKEN), "r1")) as call:
        result = call(Pair(2, photo, photo, mated=True))

    assert result == Result(result.pair, "request_invalid")
