"""What a person is told of a call without a verdict: whether it may have been handled, what trying again costs."""

import re
import socket
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from faulty.acts import closes, good, hangs, refuses, says, says_json
from faulty.server import Act, FaultyServer

from facematch import drift
from facematch.cli import clauses_zh
from facematch.cli.words import Speaker
from facematch.log import CallLog
from facematch.service import Server

from .conftest import Ended, Rows, Run

pytestmark = pytest.mark.usefixtures("remote")
HANDLED, UNSENT = "may have been handled", "the request was not sent"
CODE, QUERY = "the live code may be spent", "one more query about this person"
LIP = ("match", "card.jpg", "clip.mp4", "--lip", "--code", "4071")
PHOTO, IDENTITY = ("match", "card.jpg", "card.jpg"), ("verify-id", "card.jpg")
ROOT = Path(drift.__file__).parent


@pytest.fixture(autouse=True)
def at_hand(remote: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "0.5")
    Path("clip.mp4").write_bytes(b"video 0.9")


def asked(act: Act, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...] = PHOTO) -> Ended:
    with FaultyServer(act) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        return run(*command, said="190001196102030010\nA\n")


def told(ended: Ended) -> set[str]:
    return {each for each in (HANDLED, UNSENT, CODE, QUERY) if each in ended.err}


@pytest.mark.parametrize(
    ("act", "command", "words"),
    [
        (closes, PHOTO, {HANDLED}),
        (hangs, PHOTO, {HANDLED}),
        (hangs, LIP, {HANDLED, CODE}),
        (closes, IDENTITY, {HANDLED, QUERY}),
        (says(500), LIP, {CODE}),
        (says(200, b"<html>"), IDENTITY, {QUERY}),
        (refuses(200, 2010), IDENTITY, set()),
        (says(401), LIP, set()),
    ],
)
def test_what_may_have_been_handled_is_told_and_what_trying_again_costs(
    act: Act, command: tuple[str, ...], words: set[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(asked(act, run, monkeypatch, command)) == words


def test_what_was_not_sent_costs_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_URL", "http://127.0.0.1:9")

    assert told(run(*LIP)) == {UNSENT}


@pytest.mark.parametrize(
    ("act", "beginning"),
    [
        (says(503), "facematch: the server failed: HTTP 503"),
        (refuses(500, 4), "facematch: the server failed with errcode 4: "),
        (refuses(500, 987654), "facematch: the server failed with errcode 987654, "),
        (refuses(200, 987654), "facematch: the service refused with errcode 987654, "),
        (says(404), "facematch: the server refused: HTTP 404"),
        (says(302, headers={"Location": "http://127.0.0.1:9/"}), "facematch: neither photos nor token were sent on: "),
    ],
)
def test_a_server_that_fails_has_not_refused(
    act: Act, beginning: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = asked(act, run, monkeypatch)

    assert (ended.code, ended.err.startswith(beginning)) == (3, True), ended.err


def test_of_an_unknown_errcode_the_servers_own_words_are_shown_clean(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asked(refuses(200, 987654, "quota of 190001198002290033 is used up"), run, monkeypatch)

    assert "facematch: the server says: quota of 1****************3 is used up\n" in ended.err


DRIFTED = {
    "errcode": "0",
    "errmsg": "",
    "data": {"status": "SUCCESS", "result": {"isSuccess": True, "score": 90, "x": 1}},
}
ENGLISH = re.compile(r"\b(?:the|is|not|no|of|in|missing|instead|answer|request|cannot|sent)\b")


@pytest.mark.parametrize(
    ("act", "command", "words"),
    [
        (says_json(200, DRIFTED), PHOTO, "isSccess 写成了 isSuccess"),
        (says_json(200, DRIFTED), PHOTO, "缺少 traceNo"),
        (refuses(200, 987654), PHOTO, "由该服务器自定义"),
        (closes, LIP, "应答完成之前连接中断"),
        (hangs, IDENTITY, "时限内没有应答"),
        (says(503), PHOTO, "服务器故障：HTTP 503"),
        (says(200, b"<html>"), PHOTO, "应答不是有效的 JSON"),
        (says(302, headers={"Location": "/"}), PHOTO, "服务器要求转到别处"),
        (hangs, ("match", "nothing.jpg", "card.jpg"), "参照照片：照片无法读取：没有此文件"),
        (hangs, ("match", "card.jpg"), "缺少参数：PROBE"),
        (hangs, ("log", "export", "--output", "card.jpg"), "输出文件已存在"),
    ],
)
def test_a_chinese_locale_has_no_english_clauses(
    act: Act, command: tuple[str, ...], words: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    ended = asked(act, run, monkeypatch, command)

    said = (ended.out + ended.err).replace("服务器原文：no", "")
    assert words in said
    assert ENGLISH.findall(said) == []


def test_a_row_that_is_late_for_its_call_is_in_the_log_when_the_command_ends(
    run: Run, monkeypatch: pytest.MonkeyPatch, data_dir: Path, call_log: CallLog, logged: Rows
) -> None:
    call_log.close()
    with closing(sqlite3.connect(data_dir / "log" / "calls.db", check_same_thread=False)) as other:

        def locks(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(2.0, other.rollback).start()  # well after the call's own 0.5 s
            good(server, connection, request)

        ended = asked(locks, run, monkeypatch, (*PHOTO, "--json"))

    assert (ended.code, ended.json["logged"], ended.err) == (0, True, "")
    assert [row["outcome"] for row in logged()] == ["ok"]


def test_a_chinese_help_has_chinese_headings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = run("log", "purge", "--help")

    assert said.code == 0
    assert said.out.startswith("用法：python -m facematch log purge ")
    assert "options" not in said.out


def test_each_form_of_drift_is_said_in_chinese_with_the_same_places() -> None:
    assert clauses_zh.DEPARTURES.keys() == {form.key for form in drift.FORMS}
    for form in drift.FORMS:
        said = Speaker("zh").departure(form.of("traceNo", "trace_no"))

        assert re.search(r"[\u4e00-\u9fff]", said)
        assert ("{field}" in form.words, "{found}" in form.words) == ("traceNo" in said, "trace_no" in said)


def test_a_clause_of_another_version_is_said_as_it_is() -> None:
    assert Speaker("zh").departure("moon in the wrong house") == "moon in the wrong house"
    assert Speaker("zh").clause("moon: no connection") == "moon：没有连接"


def test_the_clauses_that_have_a_translation_are_still_said() -> None:
    source = "".join(
        path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py") if path.name != Path(clauses_zh.__file__).name
    )
    parts = {part for clause in clauses_zh.OURS for part in re.split(r"\{\w+\}", clause) if len(part) > 3}

    assert {part for part in parts if part not in source} == set()
