"""``doctor``: each thing that can be wrong, really wrong, and what is said of it."""

import os
import sqlite3
from contextlib import closing
from email.utils import formatdate
from pathlib import Path
from time import time

import pytest
from faulty.acts import says, says_json
from faulty.server import FaultyServer

from facematch.cli import machine_checks
from facematch.cli.check import Check
from facematch.cli.words import Speaker
from facematch.engine.weights import SFACE
from facematch.log import CallLog
from facematch.log.schema import VERSION, r_call
from facematch.service import Server
from facematch.service.server import bind

from .conftest import Ended, Run

HEALTH = {"status": "ready", "version": "1", "engine": "an engine"}


def statuses(ended: Ended) -> dict[str, str]:
    return {each["name"]: each["status"] for each in ended.json["checks"]}


def remedy(ended: Ended, name: str) -> str:
    return next(each["remedy"] for each in ended.json["checks"] if each["name"] == name) or ""


def test_all_is_well_with_a_service_that_answers(run: Run, remote: Server) -> None:
    ended = run("doctor", "--rollups", "--json")

    assert (ended.code, ended.err, ended.json["failed"]) == (0, "", 0)
    found = statuses(ended)
    assert {name for name, status in found.items() if status == "ok"} >= {
        "settings", "python", "urllib3", "free_space", "weights_detection", "weights_recognition",
        "log", "rollups", "service", "token", "clock",
    }  # fmt: skip


def test_text_has_a_line_for_each_check_and_a_remedy_below_what_is_wrong(
    run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_TOKEN", "not-the-token-at-all")
    lines = run("doctor").out.splitlines()

    at = lines.index("fail The token is not accepted")
    assert lines[at + 1].startswith("     → Set FACEMATCH_TOKEN")
    assert "not-the-token-at-all" not in "".join(lines)


def test_the_embedded_service_is_left_alone_when_asked(run: Run) -> None:
    ended = run("doctor", "--no-start", "--json")

    assert statuses(ended)["service"] == "ok"
    assert "clock" not in statuses(ended)


def test_a_setting_that_cannot_be_used_is_the_only_thing_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "soon")
    ended = run("doctor", "--json")

    assert ended.code == 1
    assert statuses(ended) == {"settings": "fail"}
    assert "FACEMATCH_TIMEOUT_S" in remedy(ended, "settings")


def test_a_service_that_is_not_there_fails(run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with bind("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    monkeypatch.setenv("FACEMATCH_URL", f"http://127.0.0.1:{port}")

    ended = run("doctor", "--json")

    assert (ended.code, statuses(ended)["service"]) == (1, "fail")


@pytest.mark.parametrize("token", ["not-the-token-at-all", ""])
def test_a_token_that_is_not_accepted_fails(
    token: str, run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    ended = run("doctor", "--json")

    assert ended.code == 1
    assert (statuses(ended)["service"], statuses(ended)["token"]) == ("ok", "fail")


def test_a_server_that_tells_no_health_is_no_failure_and_its_token_unknown(
    run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultyServer(says(404, b"{}")) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("doctor", "--json")

    assert ended.code == 0
    assert (statuses(ended)["service"], statuses(ended)["token"]) == ("warn", "warn")


@pytest.mark.parametrize(
    ("ahead_s", "status", "health", "service"),
    [
        (0, "ok", HEALTH, "ok"),
        (-600, "warn", HEALTH, "ok"),
        (600, "warn", {**HEALTH, "status": "broken", "fault": "WeightsMissing"}, "fail"),
    ],
)
def test_a_clock_that_is_off_and_a_broken_engine_are_told(  # noqa: PLR0913, PLR0917
    ahead_s: int, status: str, health: object, service: str, run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = {"errcode": 0, "errmsg": "SUCCESS", "status": "SUCCESS", "data": {"traceNo": "1", "result": health}}
    with FaultyServer(says_json(200, wire, {"Date": formatdate(time() + ahead_s, usegmt=True)})) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("doctor", "--json")

    assert (statuses(ended)["clock"], statuses(ended)["service"]) == (status, service)


@pytest.mark.parametrize(
    ("date", "status"),
    [
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999999", "ok"),  # not told
        ("junk", "ok"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "warn"),
        (formatdate(0, usegmt=True), "warn"),
    ],
)
def test_whatever_a_server_writes_as_its_date_costs_no_check(
    date: str, status: str, run: Run, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultyServer(says(404, b"{}", {"Date": date})) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        ended = run("doctor", "--json")

    assert ended.code == 0
    assert statuses(ended).keys() >= {"settings", "python", "log", "service", "token"}
    assert statuses(ended)["clock"] == status


def test_a_log_of_a_newer_version_fails(run: Run, remote: Server, data_dir: Path, call_log: CallLog) -> None:
    call_log.close()
    with closing(sqlite3.connect(data_dir / "log" / "calls.db")) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")

    assert statuses(run("doctor", "--json"))["log"] == "fail"


def test_a_log_that_cannot_be_opened_fails(run: Run, remote: Server, data_dir: Path) -> None:
    (data_dir / "log").mkdir(parents=True)
    (data_dir / "log" / "calls.db").write_bytes(b"not a database, " * 64)

    assert statuses(run("doctor", "--json"))["log"] == "fail"


def test_counts_are_compared_only_when_asked(run: Run, remote: Server, call_log: CallLog) -> None:
    with closing(call_log):
        with call_log.recording(env="a", endpoint="match", mode="photo", request_id="r"):
            pass
        with call_log.writing() as db:
            db.execute(r_call.update().values(n=7))
        without, compared = run("doctor", "--json"), run("doctor", "--rollups", "--json")

    assert "rollups" not in statuses(without)
    assert (without.code, compared.code, statuses(compared)["rollups"]) == (0, 1, "fail")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_data_folder_that_others_may_look_into_is_told(run: Run, remote: Server, data_dir: Path) -> None:
    data_dir.mkdir(mode=0o755)
    data_dir.chmod(0o755)

    assert statuses(run("doctor", "--json"))["data_folder"] == "warn"


def test_a_data_folder_that_is_a_file_fails(run: Run, remote: Server, data_dir: Path) -> None:
    data_dir.write_bytes(b"")

    assert statuses(run("doctor", "--json"))["data_folder"] == "fail"


@pytest.mark.parametrize("content", [None, b"other bytes"])
def test_weights_that_are_missing_or_wrong_are_told_and_a_remote_service_needs_none(
    content: bytes | None, run: Run, remote: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    if content is not None:
        (tmp_path / "models" / SFACE.file).write_bytes(content)
    monkeypatch.setenv("FACEMATCH_MODEL_DIR", str(tmp_path / "models"))

    assert statuses(run("doctor", "--json"))["weights_recognition"] == "warn"
    monkeypatch.delenv("FACEMATCH_URL")
    assert statuses(run("doctor", "--no-start", "--json"))["weights_recognition"] == "fail"


def test_a_library_that_stands_in_urllib3s_place_fails(
    run: Run, remote: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "urllib3_future-2.25.904.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: urllib3-future\nVersion: 2.25.904\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))

    ended = run("doctor", "--json")

    assert statuses(ended)["urllib3"] == "fail"
    assert "urllib3-future" in remedy(ended, "urllib3")


@pytest.mark.parametrize(
    ("version", "status"), [((3, 40, 1), "warn"), ((3, 51, 2), "warn"), ((3, 51, 3), "ok"), ((3, 52, 0), "ok")]
)
def test_sqlite_is_warned_of_before_the_version_that_mends_its_wal(version: tuple[int, ...], status: str) -> None:
    found = machine_checks.sqlite_check(Speaker("en"), version)

    assert isinstance(found, Check)
    assert found.status == status
    assert bool(found.remedy) is (status == "warn")
