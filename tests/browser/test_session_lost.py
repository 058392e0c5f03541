"""The console is started anew while its page stays open."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from .conftest import ROOT, settled, wait_for

EN = Speaker("en")
RECONNECTS_MS = 60_000  # Streamlit waits longer after each attempt


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def started(data_dir, port):
    with (data_dir / "output.txt").open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "FACEMATCH_DATA_DIR": str(data_dir)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, data_dir / "output.txt")
            yield
        finally:
            process.terminate()
            process.wait(15)


def test_a_form_that_lost_its_session_says_so_until_it_is_filled_again(chromium, tmp_path, free_port):
    context = chromium.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    page = context.new_page()  # not ``visiting``: the browser reports that the server was away
    lost = page.get_by_text(EN("session.lost"))
    with started(tmp_path, free_port):
        page.goto(f"http://127.0.0.1:{free_port}/photo_match")
        page.locator(".st-key-sample_same_person button").click()
        expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
        settled(page)
        expect(lost).to_have_count(0)
    with started(tmp_path, free_port):
        page.locator(".st-key-ask button").click(timeout=RECONNECTS_MS)  # the page stands as it was until it is used
        expect(lost).to_be_visible()
        expect(page.locator(".st-key-verdict")).to_have_count(0)
        settled(page)
        page.locator(".st-key-sample_different_persons button").click()
        expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.not_passed"))
        settled(page)

        expect(lost).to_have_count(0)
    context.close()
