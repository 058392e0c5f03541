"""Odd files against a service of its own process, and what counts as expected."""

import json
from pathlib import Path

import pytest

from facematch import samples
from facematch.errors import ServiceNotStarted
from facematch.evaluation.asked import Asked
from facematch.evaluation.expected import agreement
from facematch.evaluation.robustness import main
from facematch.evaluation.service_process import started
from facematch.settings import Settings

HEADER = "path,kind,expect,note\n"


@pytest.mark.parametrize(
    ("expect", "errcode", "seen"),
    [
        ("reject_decode", 2101, "as expected"),
        ("reject_decode", 2102, "refused otherwise"),
        ("reject_decode", 0, "not as expected"),
        ("reject_decode_or_accept", 0, "as expected"),
        ("reject_decode_or_accept", 1202, "not as expected"),
        ("reject_pose_or_no_face", 2010, "as expected"),
        ("reject_multi_face", 2012, "as expected"),
        ("reject_identity_change", 2012, "as expected"),
        ("reject_no_face_or_spoof", 1005, "as expected"),
        ("reject_too_long", 1121, "as expected"),
        ("reject_occlusion_or_no_face", 0, "not as expected"),
        ("accept", 0, "as expected"),
        ("accept", 2103, "not as expected"),
        ("accept_container", 1002, "as expected"),
        ("accept_container", 1104, "not as expected"),
        ("accept_or_reject_format", 2101, "as expected"),
        ("reject_no_face", 4, "not as expected"),
        ("reject_no_face", 40102, "not as expected"),
    ],
)
def test_an_errcode_is_held_against_what_the_list_expects(expect: str, errcode: int, seen: str) -> None:
    assert agreement(expect, Asked("biz_error" if errcode else "ok", errcode, 200, 1.0, None)) == seen


@pytest.mark.parametrize(("outcome", "seen"), [("request_invalid", "as expected"), ("timeout", "not as expected")])
def test_an_empty_file_may_be_refused_before_it_is_sent_and_a_call_without_an_answer_is_no_refusal(
    outcome: str, seen: str
) -> None:
    assert agreement("reject_decode", Asked(outcome, None, None, None, None)) == seen


def test_odd_files_are_answered_by_a_process_that_stays_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    files = {
        "good.jpg": (samples.photo("obama_2.jpg"), "image,accept,"),
        "text.jpg": (b"no picture at all", "image,reject_decode,text"),
        "empty.mp4": (b"", "video,reject_decode,"),
        "photo.mp4": (samples.photo("obama_2.jpg"), "video,reject_decode_or_spoof,"),
        "crowd.jpg": (samples.photo("two_faces.jpg"), "image,reject_no_face,not what it is"),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    path, report = tmp_path / "expect.csv", tmp_path / "report.json"
    path.write_text(HEADER + "".join(f"{name},{cells}\n" for name, (_, cells) in files.items()), encoding="utf-8")

    assert main([str(path), "--json", str(report)]) == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert [(row["errcode"], row["agreement"]) for row in told["rows"]] == [
        (0, "as expected"),
        (2101, "as expected"),
        (None, "as expected"),
        (1104, "as expected"),
        (2012, "refused otherwise"),
    ]
    assert all(row["well"] for row in told["rows"])
    assert told["alive"] is True
    text = capsys.readouterr().out
    assert "5 files: as expected x 4, refused otherwise x 1" in text
    assert "HTTP 5xx: 0; not well afterwards: 0; the process is alive" in text


def test_a_server_elsewhere_cannot_be_watched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path / "expect.csv"), "--url", "http://127.0.0.1:1"])

    assert "--url cannot be used" in capsys.readouterr().err


def test_a_service_that_ends_before_it_listens_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path))

    with pytest.raises(ServiceNotStarted), started(Settings(), {"FACEMATCH_NO_SUCH_SETTING": "1"}):
        pass


def test_the_memory_of_the_process_is_read_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path))

    with started(Settings(data_dir=tmp_path)) as service:
        assert service.alive
        now, peak = service.memory_mib(), service.peak_mib()
    assert now is not None
    assert peak is not None
    assert 10 < now <= peak
    assert not service.alive


def test_an_answer_that_says_zero_and_failed_has_let_nobody_through():
    assert Asked("biz_error", 0, 200, 1.0, None).stage == "failed"
    assert Asked("ok", 0, 200, 1.0, None).stage == "passed"
