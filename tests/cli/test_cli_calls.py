"""``match`` and ``live-code``: what a script is told of each end that a call can have."""

import sqlite3
from pathlib import Path

import pytest
from faulty.acts import hangs, refuses, says, says_json, tells
from faulty.server import Act, FaultyServer

from facematch.service import Server
from facematch.service.server import bind

from .conftest import Rows, Run


def probe(text: str) -> str:
    Path("probe.jpg").write_text(text)
    return "probe.jpg"


pytestmark = pytest.mark.usefixtures("remote")


def test_the_same_person_ends_with_0_and_says_so_in_words(run: Run) -> None:
    ended = run("match", "card.jpg", probe("0.8"))

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Same person.\nScore 80 of 100\nPasses from 70\ntraceNo ")


def test_another_person_ends_with_1_and_one_object_has_the_facts(run: Run) -> None:
    ended = run("match", "card.jpg", probe("0.2"), "--json")

    assert (ended.code, ended.err) == (1, "")
    told = ended.json
    assert (told["passed"], told["score"], told["threshold"], told["exit_code"]) == (False, 20, 70, 1)
    assert told["trace_no"]
    assert told["logged"] is True


def test_what_the_service_refuses_ends_with_3_and_names_the_photo_and_the_remedy(run: Run) -> None:
    ended = run("match", "card.jpg", probe("wall"), "--json")

    assert ended.code == ended.json["exit_code"] == 3
    error = ended.json["error"]
    assert (error["kind"], error["errcode"], error["side"]) == ("BusinessError", 2010, "faceData")
    assert ended.err.startswith("facematch: probe: the service refused with errcode 2010: ")
    assert len(ended.err.splitlines()) == 4


def test_each_call_is_logged_under_the_name_that_the_pages_give(run: Run, remote: Server, logged: Rows) -> None:
    run("match", "card.jpg", probe("0.8"))
    run("match", "card.jpg", probe("wall"))

    name = remote.url.removeprefix("http://")
    assert [(row["env"], row["endpoint"], row["mode"], row["errcode"]) for row in logged()] == [
        (name, "match", "photo", 0),
        (name, "match", "photo", 2010),
    ]


def test_no_connection_ends_with_4(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with bind("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    monkeypatch.setenv("FACEMATCH_URL", f"http://127.0.0.1:{port}")

    ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert ended.code == 4
    assert (ended.json["error"]["kind"], ended.json["error"]["sent"]) == ("ConnectFailed", False)
    assert ended.err.startswith("facematch: no answer: ")


def test_no_answer_in_time_ends_with_4(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "0.5")
    with FaultyServer(hangs) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert (ended.code, ended.json["error"]["kind"]) == (4, "DeadlineExceeded")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (says(200, b"<html>hello"), "InvalidResponse"),
        (says(404, b"no"), "HttpStatusError"),
        (tells(None, status="PROCESSING"), "StillProcessing"),
    ],
)
def test_any_other_answer_without_a_verdict_ends_with_3(
    act: Act, kind: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultyServer(act) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert (ended.code, ended.json["error"]["kind"]) == (3, kind)


def test_a_bad_token_ends_with_3_and_is_not_repeated(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_TOKEN", "a-wrong-token-nobody-may-read")

    ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert (ended.code, ended.json["error"]["errcode"]) == (3, 40102)
    assert "nobody-may-read" not in ended.out + ended.err


def test_a_token_is_read_from_its_file(run: Run, token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text(f"{token}\n")
    monkeypatch.delenv("FACEMATCH_TOKEN")
    monkeypatch.setenv("FACEMATCH_TOKEN_FILE", str(tmp_path / "token"))

    assert run("match", "card.jpg", probe("0.8")).code == 0


@pytest.mark.parametrize(
    ("arguments", "says_what"),
    [
        (("nothing.jpg", "card.jpg"), "reference: the photo cannot be read: No such file"),
        (("card.jpg", "nothing.jpg"), "probe: the photo cannot be read: No such file"),
        (("card.jpg", "http://:/x"), "probe: the photo's link is not an http or https address"),
    ],
)
def test_a_file_that_cannot_be_sent_ends_with_5_and_says_which(
    arguments: tuple[str, str], says_what: str, run: Run, logged: Rows
) -> None:
    ended = run("match", *arguments)

    assert (ended.code, ended.out) == (5, "")
    assert says_what in ended.err
    assert logged() == []


def test_a_setting_that_cannot_be_used_ends_with_5(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "soon")

    ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert (ended.code, ended.json["error"]["kind"]) == (5, "SettingInvalid")


def test_a_log_that_cannot_be_opened_costs_no_verdict_and_is_told(run: Run, data_dir: Path) -> None:
    (data_dir / "log").mkdir(parents=True)
    with sqlite3.connect(data_dir / "log" / "calls.db") as db:
        db.execute("CREATE TABLE of_another_program (x)")
    db.close()

    ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert (ended.code, ended.json["passed"], ended.json["logged"]) == (0, True, False)
    assert "the call is not in the log: " in ended.err


def test_a_live_code_is_issued_and_good_for_the_video_in_which_it_is_read(run: Run, logged: Rows) -> None:
    code = run("live-code", "--json").json["code"]
    Path("clip.mp4").write_bytes(b"video 0.9")

    ended = run("match", "card.jpg", "clip.mp4", "--lip", "--code", code, "--json")

    assert (ended.code, ended.json["passed"]) == (0, True)
    assert code not in ended.out.replace(ended.json["trace_no"], "").replace(ended.json["request_id"], "")
    assert [row["mode"] for row in logged()] == ["none", "LIP"]
    assert run("match", "card.jpg", "clip.mp4", "--lip", "--code", code, "--json").json["error"]["errcode"] == 1133


@pytest.mark.parametrize(
    ("name", "content", "options", "mode"),
    [
        ("clip.mp4", b"video 0.9", (), "SILENT"),
        ("clip", b"video 0.9", ("--video",), "SILENT"),
        ("clip", b"video 0.9", ("--silent",), "SILENT"),
        ("clip", b"\0\0\0\x18ftypmp42", (), "SILENT"),
        ("clip", b"RIFF\0\0\0\0AVI LIST", (), "SILENT"),
        ("clip.mp4", b"\xff\xd8\xff\xe0 a photo, whatever its name", (), "photo"),
        ("clip", b"0.9", (), "photo"),
    ],
)
def test_a_video_is_told_by_its_first_bytes_its_ending_or_an_option(
    name: str, content: bytes, options: tuple[str, ...], mode: str, run: Run, logged: Rows
) -> None:
    Path(name).write_bytes(content)

    run("match", "card.jpg", name, *options)

    assert [row["mode"] for row in logged()] == [mode]


def test_links_and_file_server_paths_are_sent_as_such_and_told_by_their_ending(run: Run, logged: Rows) -> None:
    found = run("match", "fds:cards/1.jpg", "https://media.example/clip.mp4?key=secret", "--json")

    assert found.code == 3  # this service fetches neither
    assert [row["mode"] for row in logged()] == ["SILENT"]
    assert "secret" not in found.out + found.err + str(logged())


@pytest.mark.parametrize("arguments", [("--lip",), ("--code", "1234"), ("--lip", "--silent", "--code", "1234")])
def test_options_that_contradict_each_other_end_with_2(arguments: tuple[str, ...], run: Run, logged: Rows) -> None:
    ended = run("match", "card.jpg", "card.jpg", *arguments, "--json")

    assert ended.code == ended.json["exit_code"] == 2
    assert logged() == []


def test_a_wrong_command_is_not_repeated_for_it_may_hold_what_nobody_may_read(run: Run) -> None:
    for words in (("verify-id", "x.jpg", "--id-numr=190001196102030010"), ("log", "190001196102030010")):
        ended = run(*words, "--json")

        assert ended.code == 2
        assert ended.json["error"]["kind"] == "UsageWrong"
        assert "190001196102030010" not in ended.out + ended.err


def test_a_chinese_locale_is_answered_in_chinese(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")

    assert run("match", "card.jpg", probe("0.8")).out.startswith("同一人。\n")
    assert "照片" in run("match", "card.jpg", probe("wall")).err


def test_what_a_server_writes_cannot_steer_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wire: dict[str, object] = {"errcode": 0, "errmsg": "", "status": "SUCCESS"}
    wire["data"] = {"traceNo": "1\x1b]0;owned\x07", "result": {"isSccess": "true", "score": "90"}}
    with FaultyServer(says_json(200, wire)) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("match", "card.jpg", probe("0.8"))

    assert ended.code == 0
    assert "owned" in ended.out
    assert "\x1b" not in ended.out
    assert "\x07" not in ended.out


def test_an_id_number_in_a_servers_words_is_masked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultyServer(refuses(200, 2005, "nobody has 190001198002290033")) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("match", "card.jpg", probe("0.8"), "--json")

    assert ended.json["error"]["errmsg"] == "nobody has 1****************3"
