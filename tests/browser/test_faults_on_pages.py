"""A server that misbehaves and a log that does not answer, as operators see them: a sentence, never a traceback."""

import re
import socket
import socketserver
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from playwright.sync_api import expect

from facematch.ui.failure import explain
from facematch.ui.words import Speaker
from tests.faulty.expected import EXPECTED
from tests.faulty.page import example

from .conftest import ROOT, dashboard, settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
TOKEN = "a-token-nobody-may-read-0123456789"  # noqa: S105 - of no server
TIMEOUT_S = 4
REFUSED = [("hangs", EN), ("gzip_bomb", ZH), ("307_elsewhere", EN), ("duplicate_verdict", ZH), ("401_envelope", EN)]


class Crossing(socketserver.ThreadingTCPServer):
    """Takes each connection on to the *scenario* of the moment: the dashboard reads its server's address but once."""

    daemon_threads = True

    def __init__(self, target: tuple[str, int]) -> None:
        super().__init__(("127.0.0.1", 0), Crosser)
        self.target, self.scenario = target, "good"


class Crosser(socketserver.BaseRequestHandler):
    def handle(self):
        with suppress(OSError), socket.create_connection(self.server.target) as onward:
            asked = self.request.recv(65536)
            onward.sendall(asked.replace(b"/crossing/", f"/{self.server.scenario}/".encode(), 1))
            back = threading.Thread(target=carry, args=(onward, self.request), daemon=True)
            back.start()
            carry(self.request, onward)
            back.join()


def carry(source, target):
    """All that comes from *source*, then its end."""
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def faulty():
    """The faulty server as its readers start it, on a free port; its port."""
    command = [sys.executable, "-m", "tests.faulty", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as process:
        yield int(re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())[1])
        process.terminate()


@pytest.fixture(scope="module")
def crossing(faulty):
    with Crossing(("127.0.0.1", faulty)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def console(crossing, tmp_path_factory):
    """A dashboard that drives whatever *crossing* leads to; at its end it has written no traceback and no token."""
    data = tmp_path_factory.mktemp("faults")
    server = f"http://127.0.0.1:{crossing.server_address[1]}/crossing"
    with dashboard(data, FACEMATCH_URL=server, FACEMATCH_TOKEN=TOKEN, FACEMATCH_TIMEOUT_S=str(TIMEOUT_S)) as url:
        yield url
    told = (data / "output.txt").read_text()
    assert "Traceback" not in told
    assert TOKEN not in told


@pytest.fixture
def compared(chromium, console, crossing):
    """Drive a scenario and compare two photos; gives the page when its run has ended."""

    def go(name, say):
        crossing.scenario = name
        visit = visiting(chromium, console, locale=LOCALES[say.language])
        visits.append(visit)
        page = visit.__enter__()
        page.goto(f"{console}/photo_match")
        press_sample(page)
        return page

    visits = []
    yield go
    for visit in visits:
        visit.__exit__(None, None, None)


def press_sample(page):
    page.locator(".st-key-sample_same_person button").click()
    expect(page.locator(".st-key-verdict")).to_be_visible()
    settled(page)


def check_told(page, name, say):
    """The verdict's box says of *name* what is wrong, why and what to do; the page gives nothing away."""
    told, verdict = explain(example(EXPECTED[name]), say), page.locator(".st-key-verdict")
    for words in (say("verdict.none"), told.title, told.cause, told.remedy):
        expect(verdict).to_contain_text(words)
    text = page.locator("body").inner_text()
    assert "Traceback" not in text
    assert TOKEN not in text


def attempts_in(call):
    """The lines of the first table of a call in full: one an attempt."""
    return call.locator("[data-testid=stTable]").first.locator("tbody tr")


@pytest.mark.parametrize(("name", "say"), REFUSED)
def test_a_fault_is_a_clear_sentence_and_says_what_to_do(name, say, compared):
    page = compared(name, say)

    check_told(page, name, say)
    may_be_handled = page.get_by_text(say("failure.sent"), exact=True)
    expect(may_be_handled).to_have_count(int(bool(EXPECTED[name].sent)))


def test_the_history_shows_every_attempt_of_a_call_that_failed_in_the_end(compared):
    count = EXPECTED["502_html_gbk"].attempts.photo
    page = compared("502_html_gbk", ZH)
    check_told(page, "502_html_gbk", ZH)
    expect(page.get_by_text(ZH("failure.attempts", count=count))).to_be_visible()
    page.locator("[data-testid=stSidebar]").get_by_role("link", name=ZH("page.history")).click()
    expect(page.get_by_role("heading", name=ZH("history.calls"), exact=True)).to_be_visible()
    settled(page)
    page.locator(".st-key-calls .dvn-scroller").click(position={"x": 19, "y": 53})
    call = page.locator(".st-key-call")

    expect(attempts_in(call)).to_have_count(count)
    expect(attempts_in(call).first).to_contain_text(ZH("retried.server", wait="|").partition("|")[0])
    expect(attempts_in(call).last).to_contain_text(ZH("outcome.http_error"))


def test_a_call_that_was_good_at_the_second_attempt_says_so_and_the_history_has_both(compared):
    page = compared("503_then_good", EN)
    expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
    expect(page.get_by_text(EN("match.attempts", count=2))).to_be_visible()
    page.get_by_role("link", name=EN("number.open")).click()
    lines = attempts_in(page.locator(".st-key-call"))

    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text(EN("outcome.http_error"))
    expect(lines.last).to_contain_text(EN("verdict.passed"))


def test_an_answer_that_departs_from_the_contract_counts_and_its_departure_is_named(compared):
    page = compared("verdict_spelled_right", ZH)
    departure = ZH("drift.spelled", found="isSuccess", field="isSccess")
    expect(page.locator(".st-key-verdict")).to_contain_text(ZH("verdict.passed"))
    expect(page.get_by_text(ZH("match.drift", drift=departure))).to_be_visible()
    page.get_by_role("link", name=ZH("number.open")).click()

    expect(page.locator(".st-key-call")).to_contain_text(departure)


def test_calls_wait_here_while_the_logs_server_is_away_and_the_verdict_is_shown(chromium, tmp_path, faulty):
    with socket.socket() as nobody:  # bound, and never listening: a port that is surely dead
        nobody.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{faulty}/good"
        log = f"postgresql://nobody:secret@127.0.0.1:{nobody.getsockname()[1]}/calls"
        with (
            dashboard(tmp_path, FACEMATCH_URL=server, FACEMATCH_TOKEN=TOKEN, FACEMATCH_LOG_URL=log) as url,
            visiting(chromium, url) as page,
        ):
            page.goto(f"{url}/photo_match")
            for waiting in (1, 2):
                press_sample(page)
                expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
                notice = EN("log.waiting", waiting=waiting, reason="|").partition("|")[0]
                expect(page.get_by_text(notice)).to_be_visible()
            page.goto(f"{url}/history")
            expect(page.get_by_text(EN("log.not_read", reason="|").partition("|")[0])).to_be_visible()
            assert "secret" not in page.locator("body").inner_text()
