"""The command line on a log in PostgreSQL, which answers or does not."""

import json
import os
from pathlib import Path

import pytest
from log_places import sql
from postgres import Cluster, own_postgres, postgres

from facematch.evaluation.reviewed import main as reviewed
from facematch.service import Server
from facematch.settings import Settings

from .conftest import Run

__all__ = ["own_postgres", "postgres"]


def test_the_commands_do_the_same_as_on_a_file(
    run: Run,
    remote: Server,
    postgres: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setenv("FACEMATCH_LOG_URL", postgres.new_database())
    Path("probe.jpg").write_bytes(b"0.9")
    trace_no = run("match", "card.jpg", "probe.jpg", "--json").json["trace_no"]
    run("verify-id", "probe.jpg", said="190001198002290033\nA\n")

    assert run("log", "review", trace_no, "identity", "different", "--json").code == 0
    assert run("log", "show", trace_no, "--json").json["label"] == 0
    assert len(run("log", "export", "--format", "jsonl").out.splitlines()) == 2
    assert run("log", "export", "--format", "sqlite", "--output", "x.db").code == 5
    assert run("log", "rebuild", "--check", "--json").json["differences"] == []
    assert run("log", "rebuild", "--json").json["days"] == 1
    assert run("log", "forget", "--yes", "--json", said="190001198002290033\n").json["deleted"] == 1
    assert run("log", "purge", "--days", "0", "--dry-run", "--json").json["due"] == []
    doctor = run("doctor", "--rollups", "--json")
    assert (doctor.code, postgres.password in doctor.out) == (0, False)

    assert reviewed(["--json", "--threshold", "50"]) == 0
    (group,) = json.loads(capfdbinary.readouterr().out)["groups"]
    assert (group["reviewed"], group["stored"][0]["fmr"]["k"], group["given"]["fmr"]["n"]) == (1, 1, 1)


def test_a_server_that_is_down_costs_no_verdict_and_the_call_waits_here(
    run: Run,
    remote: Server,
    own_postgres: Cluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = own_postgres.new_database()
    own_postgres.stop()
    monkeypatch.setenv("FACEMATCH_LOG_URL", url)
    Path("probe.jpg").write_bytes(b"0.9")

    ended = run("match", "card.jpg", "probe.jpg", "--json")
    exported, doctor = run("log", "export"), run("doctor", "--json")

    assert (ended.code, ended.json["passed"], ended.json["logged"], ended.json["waiting"]) == (0, True, False, True)
    assert "is kept on this computer" in ended.err
    assert exported.code == 5
    assert (doctor.code, next(each for each in doctor.json["checks"] if each["name"] == "log_waiting")["status"]) == (
        1,
        "warn",
    )
    waits = Settings.from_env(dict(os.environ)).log_spool_path
    sql(waits, "UPDATE calls SET ts_ms = 0")
    dry = run("log", "purge", "--days", "1", "--dry-run", "--json")
    purged = run("log", "purge", "--days", "1", "--yes", "--json")
    run("verify-id", "probe.jpg", said="190001198002290033\nA\n")
    forgot = run("log", "forget", "--yes", "--json", said="190001198002290033\n")
    assert (dry.code, [each["rows"] for each in dry.json["due"]]) == (0, [1])
    assert (purged.code, purged.json["deleted"], purged.json["error"]["kind"]) == (5, 1, "LogUnavailable")
    assert (forgot.code, forgot.json["deleted"], forgot.json["error"]["kind"]) == (5, 1, "LogUnavailable")
    assert "run the command again when it answers" in purged.err
    assert "run the command again when it answers" in forgot.err
    assert sql(waits, "SELECT count(*) FROM calls") == [(0,)]
    own_postgres.start()
    again = run("log", "forget", "--yes", "--json", said="190001198002290033\n")
    assert (again.code, again.json["deleted"], again.json["unreached"], again.json["untidy"]) == (0, 0, None, "server")
    assert own_postgres.password not in purged.out + purged.err + forgot.out + forgot.err
    assert own_postgres.password not in ended.out + ended.err + exported.err + doctor.out + doctor.err
