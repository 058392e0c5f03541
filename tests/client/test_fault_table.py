"""Every fault of the faulty server by name: the one error or verdict, the attempts, their rows, the time it took."""

import itertools
import json
import logging
import time
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping

import pytest
from faulty.documents import NO_FACE
from faulty.expected import EXPECTED, Expected, Kind
from faulty.scenarios import SCENARIOS, served
from faulty.server import FaultyServer

from facematch.client import Budget, FaceMatchClient, IssuedCode, Match, Photo, Video
from facematch.errors import CallError
from facematch.log import CallLog, Key

TIMEOUT_S = 20.0  # for calls that must not need it
HELD_TIMEOUT_S = 1.0  # for calls that end by it
LATE_S = 8.0  # a call that is not over by then hangs: the server holds a connection for 60 s
SECRET_PHOTO = Photo(bytes(range(256)))
SECRET_VIDEO = Video(bytes(range(255, -1, -1)))
BIG_PHOTO = Photo(bytes(12 * 2**20))  # more than the sockets' buffers hold
SECRETS = (b64encode(bytes(range(256))).decode(), b64encode(bytes(range(255, -1, -1))).decode()[:300])
TOKEN = "a-token-nobody-may-read-0123456789"  # noqa: S105 - of no server
ID_NUMBER, NAME = "190001196102030010", "演示甲"

ASKS: Mapping[Kind, Callable[[FaceMatchClient, Photo], Match | IssuedCode]] = {
    "photo": lambda client, probe: client.match(SECRET_PHOTO, probe),
    "SILENT": lambda client, _: client.match(SECRET_PHOTO, SECRET_VIDEO),
    "LIP": lambda client, _: client.match(SECRET_PHOTO, SECRET_VIDEO, live_code="2312"),
    "idno": lambda client, probe: client.verify_identity(ID_NUMBER, NAME, probe),
    "live_code": lambda client, _: client.live_code(),
}
# One scenario for each rule of retrying; how the kinds of call differ in nothing else is not tried.
ONES: tuple[Kind, ...] = ("LIP", "idno")  # what a second attempt may spend or charge for
RULES = [
    *itertools.product(
        ("closes", "resets_in_body", "hangs", "429_bare", "502_html_gbk"), (*ONES, "live_code", "SILENT")
    ),
    *itertools.product(("503_bare", "503_busy", "429_day", "401_envelope", "truncated_json"), ONES),
    *itertools.product(("500_html_gbk", "several_faces", "307_elsewhere", "echo"), (*ONES, "live_code")),
]


@pytest.fixture
def within_budget(client_of: Callable[..., FaceMatchClient]) -> Callable[..., FaceMatchClient]:
    """Clients with a retry budget each: the one that a process shares would be spent by so many faults."""
    return lambda url, **options: client_of(url, token=TOKEN, budget=Budget(), **options)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    with served() as server:
        yield server

        assert server.elsewhere.connections == 0  # no redirect was followed, by any of the calls


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CallLog]:
    """One for all: to make a new one takes longer than most of these calls."""
    log = CallLog(tmp_path_factory.mktemp("faults") / "calls.db", key=Key("k1", b"s" * 32))
    yield log
    log.close()


@pytest.fixture
def rows(rows: Callable[[], list[dict]]) -> Callable[[], list[dict]]:
    """Those of this test."""
    before = len(rows())
    return lambda: rows()[before:]


@pytest.fixture
def written(rows, caplog) -> Callable[[], str]:
    """All that a call leaves behind: its rows, and what was logged by whomever."""
    caplog.set_level(logging.DEBUG)
    return lambda: f"{rows()}{caplog.text}"


def ask(client: FaceMatchClient, kind: Kind, expected: Expected) -> tuple[Match | IssuedCode | CallError, float]:
    started = time.monotonic()
    try:
        outcome = ASKS[kind](client, BIG_PHOTO if expected.is_big else SECRET_PHOTO)
    except CallError as error:
        outcome = error
    return outcome, time.monotonic() - started


def arrived(server: FaultyServer, request_id: str, expected: int) -> int:
    """How many requests of a call the server took; the last one may be on its way when a call ends by its deadline."""
    patience = time.monotonic() + LATE_S
    while (count := len(server.requests_of(request_id))) < expected and time.monotonic() < patience:
        time.sleep(0.01)
    return count


def row_of(expected: Expected) -> tuple[str, int | None, int | None]:
    return expected.outcome, expected.http_status, expected.errcode


def check(expected: Expected, attempts: int, outcome: Match | IssuedCode | CallError, rows: list[dict]) -> None:
    if expected.error is None:
        assert isinstance(outcome, Match | IssuedCode), outcome
        assert getattr(outcome, "passed", expected.passed) is expected.passed
        assert bool(outcome.drift) is expected.drifts
    else:
        assert type(outcome) is expected.error, "".join(traceback.format_exception(outcome))
        assert getattr(outcome, "sent", None) is expected.sent
        assert (outcome.attempt, outcome.http_status) == (attempts, expected.http_status)
    assert [(row["outcome"], row["http_status"], row["errcode"]) for row in rows] == [
        *[row_of(expected.before or expected)] * (attempts - 1),
        row_of(expected),
    ]
    assert [(row["attempt"], row["request_id"]) for row in rows] == [
        (number, outcome.request_id) for number in range(1, attempts + 1)
    ]
    verdict = int(outcome.passed) if isinstance(outcome, Match) else None
    assert [row["success"] for row in rows] == [None] * (attempts - 1) + [verdict]
    extras = [json.loads(row["extra"] or "{}") for row in rows]
    assert ["retried" in extra for extra in extras] == [True] * (attempts - 1) + [False]
    assert ["drift" in extra for extra in extras if expected.drifts] == [True] * (attempts if expected.drifts else 0)


def check_privacy(outcome: Match | IssuedCode | CallError, written: str) -> None:
    """Neither what may be shown of a call nor what was *written* of it holds what was sent."""
    if isinstance(outcome, CallError):
        shown = f"{''.join(traceback.format_exception(outcome))}{vars(outcome)}{outcome.exchange.answer}"
    else:
        shown = f"{outcome}{outcome.exchange.answer}"
    for secret in (TOKEN, ID_NUMBER, NAME, *SECRETS):
        assert secret not in shown + written


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_fault_has_one_end_in_time_a_row_for_each_attempt_and_betrays_nothing(
    name, server, within_budget, rows, written
):
    expected = EXPECTED[name]
    client = within_budget(f"{server.url}/{name}", timeout_s=HELD_TIMEOUT_S if expected.is_held else TIMEOUT_S)
    outcome, took_s = ask(client, "photo", expected)

    check(expected, expected.attempts.photo, outcome, rows())
    assert arrived(server, outcome.request_id, expected.attempts.photo) == expected.attempts.photo
    assert took_s < LATE_S
    check_privacy(outcome, written())


@pytest.mark.parametrize(("name", "kind"), RULES)
def test_what_may_have_side_effects_is_not_sent_again(name, kind, server, within_budget, rows, written):
    expected = EXPECTED[name]
    client = within_budget(f"{server.url}/{name}", timeout_s=HELD_TIMEOUT_S if expected.is_held else TIMEOUT_S)
    outcome, took_s = ask(client, kind, expected)

    check(expected, expected.attempts.of(kind), outcome, rows())
    assert arrived(server, outcome.request_id, expected.attempts.of(kind)) == expected.attempts.of(kind)
    assert took_s < LATE_S
    check_privacy(outcome, written())


@pytest.mark.parametrize("name", ["gbk_undeclared", "utf8_as_latin1"])
def test_a_text_is_read_in_its_charset_whatever_was_declared(name, server, within_budget):
    outcome, _ = ask(within_budget(f"{server.url}/{name}"), "photo", EXPECTED[name])

    assert outcome.errmsg == NO_FACE


@pytest.mark.parametrize("name", ["closes", "429_bare", "502_html_gbk", "503_busy", "reset_then_good"])
def test_with_one_attempt_nothing_is_sent_again(name, server, within_budget, rows):
    expected = EXPECTED[name]
    outcome, _ = ask(within_budget(f"{server.url}/{name}", attempts=1), "photo", expected)

    check(expected.before or expected, 1, outcome, rows())
    assert arrived(server, outcome.request_id, 1) == 1
