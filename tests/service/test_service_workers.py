"""Several processes behind one port: real ones, on the scripted engine."""

import os
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Client
from pathlib import Path

import pytest
import requests
from scripted_program import HINDRANCE
from started import PATIENCE_S, SCRIPTED, Running, launch, photos, running, until

from facematch.contract import MATCH
from facematch.local import EVIDENCE, RESULTS, Evidence
from facematch.service import shared_evidence
from facematch.service.shared_evidence import SharedEvidence, keeping

TRACE_NO = "00000000000000000001"
GIVEN = Evidence(TRACE_NO, 0, None, None, None, 0.8, 80, 70, "percent/1", "scripted engine", {"total": 1.5})
STRANGER = "another token's digest"


@pytest.fixture
def pair(tmp_path):
    """Two workers."""
    with running(tmp_path / "data", "--workers", "2") as service:
        yield service


def match(service: Running, probe: bytes = b"0.8", **options: object) -> str:
    """The traceNo of a call that was handled."""
    answer = service.send(MATCH, photos(probe, **options))
    assert answer["errcode"] == 0, answer
    return answer["data"]["traceNo"]


def calls_until_both_answered(service: Running) -> dict[int, str]:
    """A traceNo of each worker; eight callers at once, as one alone may meet the same worker for ever."""
    found: dict[int, str] = {}

    def more() -> bool:
        with ThreadPoolExecutor(8) as pool:
            for trace_no in pool.map(lambda _: match(service), range(8)):
                found[service.worker_of(trace_no)] = trace_no
        return len(found) == 2

    until(more)
    return found


def test_every_worker_finds_the_evidence_of_every_call_and_nobody_else_does(pair):
    stranger = pair.send("/local/tokens", {"note": "another"})["data"]["result"]["token"]
    for trace_no in calls_until_both_answered(pair).values():
        asked_at: set[int] = set()

        def ask(trace_no: str = trace_no, asked_at: set[int] = asked_at) -> bool:
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: pair.send(f"{EVIDENCE}/{trace_no}", method="GET"), range(8)))
            assert {answer["data"]["result"]["trace_no"] for answer in answers} == {trace_no}
            asked_at |= {pair.worker_of(answer["data"]["traceNo"]) for answer in answers}
            return len(asked_at) == 2

        until(ask)
        assert pair.send(f"{EVIDENCE}/{trace_no}", method="GET", token=stranger)["errcode"] == 2


def test_a_killed_worker_is_replaced_and_its_async_calls_end_as_failed(pair):
    calls_until_both_answered(pair)
    trace_no = match(pair, b"slow", **{"async": True})
    victim = pair.worker_of(trace_no)
    before = {line["worker"] for line in pair.lines()}
    assert pair.send(f"{RESULTS}/{trace_no}", method="GET")["data"]["status"] == "PROCESSING"

    os.kill(victim, signal.SIGKILL)

    answer = until(lambda: finished(pair, trace_no))
    assert (answer["errcode"], answer["data"]["traceNo"], answer["data"]["status"]) == (4, trace_no, "FAIL")
    until(lambda: pair.worker_of(match(pair)) not in before)
    assert pair.stop()[0] == 0


def test_a_worker_that_cannot_start_is_tried_again_until_it_can(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / HINDRANCE).touch()
    with running(data, "--workers", "2") as service:
        until(lambda: len(service.lines()) >= 2)
        told = service.lines()[0]
        (data / HINDRANCE).unlink()

        assert len(match(service)) == 20
        assert service.stop()[0] == 0
    assert (told["level"], told["message"]) == ("error", "worker not started: the script says so")


def test_a_worker_that_fails_for_good_ends_the_service_with_a_sentence(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / HINDRANCE).write_text("3")  # how uvicorn ends when an app cannot start
    process = launch(data, "--port", "0", "--workers", "2", program=SCRIPTED)
    _, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 1
    assert err.splitlines()[-1] == "facematch.service: 服务未能启动 | not started: a worker could not start"
    assert not list(data.rglob("*.token"))


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("pause_s", [0.0, 0.5, 2.0])
def test_interrupted_from_the_keyboard_while_it_starts_it_ends_in_good_order(workers, pause_s, tmp_path):
    process = launch(tmp_path, "--port", "0", "--workers", workers, program=SCRIPTED, start_new_session=True)
    process.stdout.readline()
    threading.Event().wait(pause_s)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the group gets it
    out, err = process.communicate(timeout=PATIENCE_S)

    assert (process.returncode, out, err) == (0, "", "")
    assert not list(tmp_path.rglob("*.token"))


def test_told_to_renew_its_workers_it_goes_on_answering(pair):
    before = set(calls_until_both_answered(pair))
    answered = 0

    pair.process.send_signal(signal.SIGHUP)
    while {line["worker"] for line in pair.lines()[answered:]} & before or not answered:
        answered = len(pair.lines())
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: match_again(pair), range(8)))

    assert pair.stop() == (0, "")


def match_again(service: Running) -> str:
    """A worker that goes closes connections on which no request has come yet: then there is no answer."""
    try:
        return match(service)
    except requests.ConnectionError:
        return match(service)


def finished(service: Running, trace_no: str) -> dict | None:
    answer = service.send(f"{RESULTS}/{trace_no}", method="GET")
    return None if answer["data"]["status"] == "PROCESSING" else answer


@pytest.mark.parametrize("workers", ["1", "2"])
def test_told_to_stop_it_answers_the_calls_under_way(workers, tmp_path):
    with running(tmp_path / "data", "--workers", workers) as service, ThreadPoolExecutor(2) as pool:
        match(service)  # they have started
        here = [pool.submit(match, service, b"nap") for _ in range(2)]
        threading.Event().wait(0.5)  # the calls last three times as long
        code, out = service.stop()

        assert [len(each.result()) for each in here] == [20, 20]
    assert (code, out) == (0, "")
    assert not service.token_file.exists()
    assert [line["status"] for line in service.lines()] == [200, 200, 200]


def test_the_token_is_in_no_command_line_and_no_environment(pair):
    workers = calls_until_both_answered(pair)

    for pid in (pair.process.pid, *workers):
        for name in ("cmdline", "environ"):
            assert pair.token.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()


def test_workers_do_not_outlive_the_process_that_watches_over_them(pair):
    workers = calls_until_both_answered(pair)

    pair.process.kill()

    until(lambda: not any(is_alive(pid) for pid in workers))


def is_alive(pid: int) -> bool:
    """Nobody may have collected what is left of it: then it is a zombie."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_shared_evidence_comes_back_as_it_was_given():
    with keeping(60.0) as shared:
        shared.keep(GIVEN, "owner")

        assert shared.find(TRACE_NO, "owner") == GIVEN
        assert shared.find(TRACE_NO, STRANGER) is None
        assert shared.find("2", "owner") is None


def test_shared_evidence_is_dropped_after_a_while():
    with keeping(0.0) as shared:
        shared.keep(GIVEN, "owner")

        assert shared.find(TRACE_NO, "owner") is None


def test_shared_evidence_is_bounded_and_the_oldest_goes_first(monkeypatch):
    monkeypatch.setattr(shared_evidence, "KEPT_AT_MOST", 2)
    with keeping(60.0) as shared:
        for trace_no in "1233":
            shared.keep(replace(GIVEN, trace_no=trace_no), "owner")

        assert [shared.find(trace_no, "owner") is not None for trace_no in "123"] == [False, True, True]

    monkeypatch.setattr(shared_evidence, "BYTES_AT_MOST", 300)
    with keeping(60.0) as shared:
        for trace_no in "12":
            shared.keep(replace(GIVEN, trace_no=trace_no), "owner")

        assert [shared.find(trace_no, "owner") is not None for trace_no in "12"] == [False, True]


def test_without_its_keeper_there_is_no_evidence_and_no_error(caplog):
    with keeping(60.0) as shared:
        shared.keep(GIVEN, "owner")

    shared.keep(GIVEN, "owner")

    assert shared.find(TRACE_NO, "owner") is None
    assert "the keeper of evidence does not answer" in caplog.text


def test_only_who_has_the_key_reaches_the_keeper(caplog):
    with keeping(60.0) as shared:
        shared.keep(GIVEN, "owner")
        folder = Path(str(shared.place)).parent

        assert folder.stat().st_mode & 0o077 == 0
        assert SharedEvidence(shared.place, "another key").find(TRACE_NO, "owner") is None
        assert shared.key not in repr(shared)
        assert shared.find(TRACE_NO, "owner") == GIVEN  # the stranger did it no harm
    assert not folder.exists()


def test_a_worker_that_dies_in_the_middle_of_a_question_harms_nobody():
    with keeping(60.0) as shared:
        Client(shared.place).close()
        shared.keep(GIVEN, "owner")

        assert shared.find(TRACE_NO, "owner") == GIVEN
