"""The video page before a server of someone else's, which answers the contract and has nothing beside it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import streamlit as st

from facematch.engine import silent_meaning
from tests.engine.clips import encoded, swaying

from .conftest import VIDEO_MATCH, rows, texts, upload


class Foreign(BaseHTTPRequestHandler):
    """Passes everybody."""

    def do_GET(self):
        self.answer(404, {"detail": "no such path"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        data = {"status": "SUCCESS", "traceNo": "7", "result": {"isSccess": "true", "score": "91"}}
        self.answer(200, {"errcode": 0, "errmsg": "success", "data": data})

    def answer(self, status, told):
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def foreign(data_dir, app, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Foreign)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("FACEMATCH_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("FACEMATCH_TOKEN", "token-of-a-foreign-service")
    st.cache_data.clear()
    st.cache_resource.clear()
    app.switch_page(VIDEO_MATCH)
    yield app.run()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def waved_photo():
    return encoded(swaying("obama_1.jpg", 3.0))


def compare(at, video):
    upload(at, "reference", "obama_2.jpg")
    at.file_uploader(key="video_upload_0").upload("clip.mp4", video, "video/mp4")
    at.run()
    at.button(key="ask").click().run()
    assert not at.exception
    return at


def test_our_own_rates_are_not_shown_for_a_check_that_nobody_measured(foreign, say):
    said = texts(foreign)

    assert say("liveness.unmeasured") in said
    assert say("liveness.no_certificate") not in said
    assert say("video.mode.told_below") not in said
    assert all(f"{each.passed} / {each.clips}" not in said for each in silent_meaning.ATTACKS)


def test_the_embedded_engine_looks_at_the_photo_and_the_video_of_a_silent_call(foreign, say, data_dir, waved_photo):
    at = compare(foreign, waved_photo)
    assert say("evidence.remote") in texts(at)
    at.button(key="look_here").click().run()

    assert not at.exception
    said = texts(at)
    assert say("evidence.own_look") in said
    assert say("liveness.title") in said
    assert say("clip.box") in said
    assert say("verdict.passed") in at.success[0].value
    assert len(rows(data_dir)) == 1


def test_the_embedded_engine_says_why_it_cannot_look_at_a_spoken_code(foreign, say, waved_photo):
    foreign.segmented_control(key="_video_mode").set_value("LIP").run()
    foreign.text_input(key="_live_code").set_value("1234").run()
    at = compare(foreign, waved_photo)

    assert say("evidence.no_look_here") in texts(at)
    assert "look_here" not in [button.key for button in at.button]
