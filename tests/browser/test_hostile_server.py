"""A server, or a link, whose text is written to make the browser fetch something from elsewhere."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from .conftest import dashboard, settled, visiting

EN = Speaker("en")
SEEN = "elsewhere.example"
LURE = "http://elsewhere.example/login ![x](http://elsewhere.example/x.png) <img src='http://elsewhere.example/y.png'>"


class Luring(BaseHTTPRequestHandler):
    """Refuses every call with a text that would be a picture, were it read as Markdown or HTML; so is its health."""

    def do_GET(self):
        models = [{"name": LURE, "sha256": LURE, "task": LURE}]
        told = {"status": "ready", "version": LURE, "engine": LURE, "mapping": LURE, "threshold": 70, "models": models}
        told |= {"limits": {LURE: [LURE], "other": LURE}, "offers": [LURE]}
        self.answer({"errcode": 0, "errmsg": LURE, "data": {"status": "SUCCESS", "traceNo": "7", "result": told}})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        data = {"status": LURE, "traceNo": "7", "result": {"isSccess": "false"}}
        self.answer({"errcode": 99999, "errmsg": LURE, "data": data})

    def answer(self, told: dict[str, object]) -> None:
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def luring_url():
    server = HTTPServer(("127.0.0.1", 0), Luring)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_text_from_outside_never_makes_the_browser_fetch_anything(chromium, tmp_path, luring_url):
    with dashboard(tmp_path, FACEMATCH_URL=luring_url) as url, visiting(chromium, url) as page:
        page.goto(f"{url}/environments")
        for tab in ("engine", "limits"):
            page.get_by_role("tab", name=EN(f"kept.tab.{tab}"), exact=True).click()
            settled(page)
            expect(page.get_by_role("tabpanel").get_by_text(SEEN).first).to_be_visible()
            assert page.locator("a[href*=elsewhere]").count() == 0
        page.goto(f"{url}/photo_match")
        page.locator(".st-key-sample_same_person button").click()
        expect(page.locator(".st-key-verdict")).to_contain_text("errcode 99999")
        expect(page.get_by_text(SEEN).first).to_be_visible()
        assert page.locator("a[href*=elsewhere]").count() == 0
        page.get_by_role("link", name=EN("number.open")).click()
        expect(page.locator(".st-key-call")).to_contain_text(SEEN)
        assert page.locator("a[href*=elsewhere]").count() == 0
        page.goto(f"{url}/history?trace={quote(LURE)}")
        expect(page.get_by_text(SEEN).first).to_be_visible()
        assert page.locator("a[href*=elsewhere]").count() == 0
