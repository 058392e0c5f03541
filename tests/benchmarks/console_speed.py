"""How fast the console is in Chromium: ``python -m tests.benchmarks.console_speed [STARTS] [ROUNDS]``.

From the command to the first page that stands still (the first start fills the disk's cache and is not counted), then
from a click in the navigation to the next page standing still, every page in turn; on a log with two days of calls.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from facematch.ui.frame import PAGES
from facematch.ui.words import Speaker
from tests.browser import worked_log
from tests.browser.conftest import CHROMIUM, FLAGS, dashboard

STARTS, ROUNDS = 5, 3
EN = Speaker("en")


def starts(chromium: Browser, data: Path, count: int) -> list[float]:
    """Seconds of each of *count* starts."""
    took_s = []
    for _ in range(count + 1):
        began = time.perf_counter()
        with dashboard(data) as url:
            page = chromium.new_context(locale="en-US").new_page()
            page.goto(url)
            stands(page, "overview")
            took_s.append(time.perf_counter() - began)
            page.context.close()
    return took_s[1:]


def visits(page: Page, rounds: int) -> dict[str, list[float]]:
    """Seconds from the click on each page's link, *rounds* times after one that loads each page's modules."""
    took_s: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(rounds + 1):
        for name in (*[each for each in PAGES if each != "overview"], "overview"):
            began = time.perf_counter()
            page.locator("[data-testid=stSidebar]").get_by_role("link", name=EN(f"page.{name}"), exact=True).click()
            stands(page, name)
            took_s[name].append(time.perf_counter() - began)
    return {name: each[1:] for name, each in took_s.items()}


def stands(page: Page, name: str) -> None:
    """Wait until the page is there and its run has ended; without ``expect``, which reads the whole page meanwhile."""
    page.locator("h1", has_text=EN(f"page.{name}")).wait_for(timeout=60_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def told(what: str, took_s: Sequence[float]) -> str:
    """The median and the worst."""
    return f"{what}: median {statistics.median(took_s):.2f} s, worst {max(took_s):.2f} s, n={len(took_s)}"


def main() -> None:
    """Print the median and the worst of each."""
    given = [int(each) for each in sys.argv[1:]]
    count, rounds = (*given, *(STARTS, ROUNDS)[len(given) :])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data, chromium = Path(folder), playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        worked_log.write(data / "log" / "calls.db", worked_log.two_days())
        print(told("command to first page", starts(chromium, data, count)), flush=True)
        with dashboard(data) as url:
            page = chromium.new_context(locale="en-US", viewport={"width": 1280, "height": 900}).new_page()
            page.goto(url)
            stands(page, "overview")
            for name, took_s in visits(page, rounds).items():
                print(told(name, took_s), flush=True)
        chromium.close()


if __name__ == "__main__":
    main()
