"""The real dashboard as its own process, used in a real Chromium. Nothing here may be skipped."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
PROBES = ("/_stcore/health", "/_stcore/host-config")  # Streamlit asks for them below a page's path first: harmless 404s
START_TIMEOUT_S = 60
_IS_STILL = """(asked) => {
  const now = performance.now();
  if (window.stillSince?.asked !== asked) window.stillSince = { asked };
  const app = document.querySelector('[data-testid=stApp]');
  window.stillSince.at = app?.dataset.testScriptState === 'notRunning' ? window.stillSince.at ?? now : undefined;
  return now - window.stillSince.at > 200;
}"""
expect.set_options(timeout=60_000)  # milliseconds; a busy machine is no failure


@contextmanager
def dashboard(data_dir: Path, **env: str) -> Iterator[str]:
    """Start the dashboard as the README does, on a free port, with what it ships."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "FACEMATCH_DATA_DIR": str(data_dir), **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, data_dir / "output.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)


def wait_for(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            urllib.request.urlopen(url, timeout=1).close()  # noqa: S310 - our own loopback address
        except (urllib.error.URLError, OSError):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the dashboard did not start:\n{output.read_text()}")
            time.sleep(0.1)
        else:
            return


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def base_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with dashboard(tmp_path_factory.mktemp("dashboard")) as url:
        yield url


@contextmanager
def visiting(chromium: Browser, base_url: str, *others: str, **options: object) -> Iterator[Page]:
    """A page in a new session; at its end there was no request to elsewhere (but *others*), no error, no traceback."""
    options = {"locale": "en-US", "viewport": {"width": 1280, "height": 900}, **options}
    context = chromium.new_context(**options)
    elsewhere: list[str] = []
    faults: list[str] = []
    own = (base_url, base_url.replace("http", "ws", 1), "data:", "blob:", *others)
    context.on("request", lambda request: None if request.url.startswith(own) else elsewhere.append(request.url))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
    yield page
    exceptions = page.locator("[data-testid=stException]").all_inner_texts()
    context.close()
    assert (elsewhere, faults, exceptions) == ([], [], [])


def settled(page: Page) -> None:
    """Wait until the page's runs have ended for a moment: until then it may draw anew what a test has just opened."""
    page.wait_for_function(_IS_STILL, arg=time.monotonic_ns(), timeout=60_000)


def is_fault(message: object) -> bool:
    return message.type == "error" and not message.location["url"].endswith(PROBES)


@pytest.fixture
def page(chromium: Browser, base_url: str) -> Iterator[Page]:
    with visiting(chromium, base_url) as page:
        yield page
