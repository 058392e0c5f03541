"""What calls are told that are not worked off when the service stops."""

import json
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import anyio
import pytest
import requests
from bodies import body

from facematch.contract import MATCH
from facematch.service import cores as module
from facematch.service.cores import Cores, Stopping

CORES = os.cpu_count() or 1
LINES = "facematch.service.traffic"


@dataclass
class Told:
    status: int
    headers: dict[str, str]
    wire: dict


@pytest.fixture
def call(own_service, token):
    """Send a match of a photo with these words in a thread of its own."""

    def send(words: bytes) -> Told:
        with requests.Session() as session:
            session.trust_env = False
            reply = session.post(
                own_service.url + MATCH, json=body(probe=words), headers={"Authorization": token}, timeout=20
            )
        return Told(reply.status_code, {name.lower(): text for name, text in reply.headers.items()}, reply.json())

    with ThreadPoolExecutor(CORES + 3) as pool:
        yield lambda words: pool.submit(send, words)


@pytest.fixture
def busy(call, engine_script):
    """Every core has a call that lasts until `engine_script.released`."""
    calls = []
    for _ in range(CORES):
        calls.append(call(b"slow"))
        assert engine_script.waiting.wait(10)
        engine_script.waiting.clear()
    return calls


def waiting_for_a_core(call, service, count: int) -> list[Future[Told]]:
    calls = [call(b"0.8") for _ in range(count)]
    threading.Event().wait(0.5)  # they are at the door by then; one that is not is refused, too
    return calls


def test_what_runs_is_finished_and_what_has_no_core_is_told_when_to_come_back(
    monkeypatch, own_service, call, busy, engine_script, caplog
):
    monkeypatch.setattr(module, "LAST_TURNS_S", 0.1)
    caplog.set_level(logging.INFO, LINES)
    queued = waiting_for_a_core(call, own_service, 3)
    stop = threading.Thread(target=own_service.stop)
    stop.start()

    refused = [each.result(20) for each in queued]
    engine_script.released.set()
    finished = [each.result(20) for each in busy]
    stop.join(20)

    assert [told.wire["errcode"] for told in finished] == [0] * CORES
    assert [(told.status, told.wire["errcode"], told.headers["retry-after"]) for told in refused] == [
        (503, 16, "5")
    ] * 3
    assert {told.headers["connection"] for told in refused} == {"close"}
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == LINES]
    assert sorted((line["status"], line["errcode"]) for line in lines) == [(200, 0)] * CORES + [(503, 16)] * 3


def test_a_short_queue_is_still_worked_off(own_service, call, busy, engine_script):
    queued = waiting_for_a_core(call, own_service, 3)
    stop = threading.Thread(target=own_service.stop)
    stop.start()
    engine_script.released.set()

    assert [each.result(20).wire["errcode"] for each in (*busy, *queued)] == [0] * (CORES + 3)
    stop.join(20)


def test_what_the_time_to_stop_cuts_off_is_an_envelope_too(own_service, busy, engine_script, caplog):
    caplog.set_level(logging.INFO, LINES)
    stop = threading.Thread(target=own_service.stop)
    stop.start()

    told = [each.result(20) for each in busy]
    engine_script.released.set()
    stop.join(20)

    assert [(each.status, each.wire["errcode"], each.headers["retry-after"]) for each in told] == [
        (503, 16, "5")
    ] * CORES
    lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == LINES]
    assert [(line["status"], line["errcode"]) for line in lines] == [(503, 16)] * CORES


def test_after_the_last_turn_a_free_core_is_still_given_and_waiting_refused(monkeypatch):
    monkeypatch.setattr(module, "LAST_TURNS_S", 0.05)
    cores, begun, released = Cores(1), anyio.Event, threading.Event()

    async def run() -> tuple[str, bool]:
        cores.stop()
        assert await cores.run(lambda: "a free core") == "a free core"
        started = begun()

        async def hold() -> None:
            started.set()
            await cores.run(released.wait, 10)

        async with anyio.create_task_group() as group:
            group.start_soon(hold)
            await started.wait()
            await anyio.sleep(0)
            with pytest.raises(Stopping):
                await cores.run(lambda: "never")
            released.set()
        return await cores.run(lambda: "free again"), cores.is_stopping

    assert anyio.run(run) == ("free again", True)
    assert cores.threads.borrowed_tokens == 0
