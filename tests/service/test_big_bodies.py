"""Big bodies take turns: who waits is not read, who waits too long is told to come back, and every turn ends."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlsplit

import anyio
import pytest
from bodies import body, silent
from scripted_engine import ScriptedEngine

from facematch.contract import MATCH
from facematch.limits import Limits
from facematch.service import Server, access, big_bodies, create_app
from facematch.service.cores import Cores, Stopping
from facematch.settings import Settings

BIG = 5000
PATIENCE_S = 20
LATER = (429, 16, "5")
FOREVER = 60.0


@pytest.fixture(autouse=True)
def taken(monkeypatch) -> threading.Semaphore:
    """Released for each turn that is taken; a small body is big."""
    taken, take = threading.Semaphore(0), big_bodies.Claim.take

    async def told(claim: big_bodies.Claim) -> None:
        await take(claim)
        taken.release()

    monkeypatch.setattr(big_bodies, "BIG_BYTES", BIG)
    monkeypatch.setattr(big_bodies.Claim, "take", told)
    return taken


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(big_bodies, "WAIT_S", 0.3)


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(big_bodies, "WAIT_S", FOREVER)


@pytest.fixture
def one_turn(monkeypatch):
    monkeypatch.setattr(big_bodies, "AT_ONCE", 1)


@pytest.fixture
def engine():
    return ScriptedEngine()


@pytest.fixture
def service(engine, token, tmp_path) -> Iterator[Server]:
    settings = Settings(data_dir=tmp_path / "big", limits=Limits())
    server = Server(create_app(engine, token=token, settings=settings))
    yield server
    engine.released.set()
    server.stop()


def packed(wire: dict[str, object], size: int = 2 * BIG) -> bytes:
    """*wire* as JSON of *size* bytes."""
    return json.dumps(wire).encode().ljust(size)


class Caller:
    """A caller who sends as slowly as the test wants."""

    def __init__(self, server: Server, token: str, *lines: str) -> None:
        address = urlsplit(server.url)
        self.connection = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)
        head = (f"POST {MATCH} HTTP/1.1", "Host: a", f"Authorization: {token}", *lines, "", "")
        self.connection.sendall("\r\n".join(head).encode())

    def send(self, part: bytes) -> None:
        self.connection.sendall(part)

    def send_chunk(self, part: bytes) -> None:
        self.send(f"{len(part):x}\r\n".encode() + part + b"\r\n")

    def answer(self) -> tuple[int, int, str | None]:
        """HTTP status, errcode, Retry-After."""
        got = b""
        while b"}}" not in got:
            part = self.connection.recv(65536)
            assert part, got
            got += part
        head, _, wire = got.partition(b"\r\n\r\n")
        lines = dict(line.lower().split(": ", 1) for line in head.decode().split("\r\n")[1:])
        return int(head.split()[1]), json.loads(wire)["errcode"], lines.get("retry-after")


@pytest.fixture
def call(service, token) -> Iterator[Callable[..., Caller]]:
    """A caller who has told a length, or `chunked`, and sent nothing of the body yet."""
    callers: list[Caller] = []

    def call(declared: int | None = 2 * BIG) -> Caller:
        line = "Transfer-Encoding: chunked" if declared is None else f"Content-Length: {declared}"
        callers.append(Caller(service, token, line))
        return callers[-1]

    yield call
    for caller in callers:
        caller.connection.close()


@pytest.fixture
def held(call, taken) -> list[Caller]:
    """Two whose turns are taken: one has told its length, one sent too much for a small one."""
    told, untold = call(), call(None)
    untold.send_chunk(b" " * (BIG + 1))
    assert all(taken.acquire(timeout=PATIENCE_S) for _ in range(2))
    return [told, untold]


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[Callable[[], object]]:
    with ThreadPoolExecutor(1) as pool:
        begun = pool.submit(work)
        yield lambda: begun.result(PATIENCE_S)


def test_a_third_big_body_is_told_to_come_back_before_it_is_sent(hurried, held, call):
    assert call().answer() == LATER


def test_a_third_that_did_not_tell_its_length_is_told_so_once_it_is_big(hurried, held, call):
    third = call(None)
    third.send_chunk(b" " * (BIG + 1))

    assert third.answer() == LATER


def test_small_bodies_need_no_turn(held, service, send_to):
    assert send_to(service, body=body()).errcode == 0


def test_the_third_is_read_when_a_turn_is_free(patient, held, call):
    third = call()
    third.send(packed(body()))
    with meanwhile(third.answer) as answer:
        held[0].send(packed(body()))

        assert held[0].answer() == (200, 0, None)
        assert answer() == (200, 0, None)


@pytest.mark.parametrize("which", [0, 1])
def test_whoever_leaves_in_the_middle_leaves_the_turn(which, patient, held, call):
    third = call()
    third.send(packed(body()))
    with meanwhile(third.answer) as answer:
        held[which].connection.close()

        assert answer() == (200, 0, None)


@pytest.mark.parametrize(
    ("content", "errcode"),
    [(b"{" * 2 * BIG, 3), (packed({}), 1), (packed(body(b"junk")), 2101), (packed(body(probe=b"broken")), 4)],
    ids=["no JSON", "no parameters", "no photo", "a bug"],
)
def test_a_call_that_fails_ends_its_turn(content, errcode, one_turn, hurried, call):
    for _ in range(2):
        caller = call()
        caller.send(content)

        assert caller.answer()[1] == errcode


def test_waiting_for_a_turn_does_not_count_as_sending_slowly(monkeypatch, patient, held, call):
    monkeypatch.setattr(access, "BODY_TIMEOUT_S", 3.0)
    waiting = call(None)
    waiting.send_chunk(packed(body(), BIG + 1))
    threading.Event().wait(3.5)
    held[0].connection.close()
    threading.Event().wait(0.2)
    waiting.send(b"0\r\n\r\n")

    assert waiting.answer() == (200, 0, None)


def test_an_accepted_call_keeps_its_turn_until_it_is_over(one_turn, hurried, engine, call):
    accepted = call()
    accepted.send(packed(silent(b"video slow 0.8") | {"async": True}))
    assert accepted.answer() == (200, 0, None)
    assert engine.waiting.wait(PATIENCE_S)

    assert call().answer() == LATER
    engine.released.set()
    for _ in range(50):
        last = call()
        last.send(packed(body()))
        if (answer := last.answer()) != LATER:
            break
    assert answer == (200, 0, None)


def test_who_waits_when_the_service_stops_is_told_so(patient, one_turn):
    told = []

    async def wait(claim: big_bodies.Claim) -> None:
        with pytest.raises(Stopping):
            await claim.take()
        told.append("stopping")

    async def run() -> None:
        cores = Cores()
        bodies = big_bodies.BigBodies(cores)
        await bodies.claim().take()
        with anyio.fail_after(PATIENCE_S):
            async with anyio.create_task_group() as group:
                group.start_soon(wait, bodies.claim())
                await anyio.wait_all_tasks_blocked()
                cores.stop()

    anyio.run(run)

    assert told == ["stopping"]
