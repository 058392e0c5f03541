"""``python -m tests.browser.take_pictures FOLDER``: every page in both languages and themes, wide and narrow."""

import argparse
import itertools
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import worked_log
from tests.browser.conftest import CHROMIUM, FLAGS, dashboard

WIDTHS_PX, HEIGHT_PX = (1280, 390), 900


def main() -> None:
    """Take them all; the file name says what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        worked_log.write(Path(data) / "log" / "calls.db", worked_log.two_days())
        with dashboard(Path(data)) as url, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for locale, theme, width in itertools.product(("en-US", "zh-CN"), ("light", "dark"), WIDTHS_PX):
                take(chromium, url, folder, locale, theme, width)
            chromium.close()


def take(chromium: Browser, url: str, folder: Path, locale: str, theme: str, width: int) -> None:
    """One visit: the overview, a verdict, a refusal, that call in full, the history of two days."""
    viewport = {"width": width, "height": HEIGHT_PX}
    context = chromium.new_context(locale=locale, color_scheme=theme, viewport=viewport)
    page = context.new_page()
    suffix = f"{locale[:2]}_{theme}_{width}.png"

    def picture(name: str) -> None:
        settle(page)
        whole = page.locator("[data-testid=stMain]").evaluate("e => e.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(whole, HEIGHT_PX)})
        settle(page)
        page.screenshot(path=folder / f"{name}_{suffix}")
        page.set_viewport_size(viewport)

    page.goto(url)
    page.wait_for_selector("h1")
    picture("overview")
    page.goto(f"{url}/photo_match")
    for pair in ("same_person", "two_faces"):
        page.locator(f".st-key-sample_{pair} button").click()
        page.wait_for_selector(".st-key-verdict")
        picture(f"photo_match_{pair}")
    page.locator("[data-testid=stPageLink-NavLink][href*='trace=']").click()
    page.wait_for_selector(".st-key-call h3")
    picture("call")
    page.goto(f"{url}/history")
    page.wait_for_selector(".js-plotly-plot")
    picture("history")
    context.close()


def settle(page: Page) -> None:
    """Until the page's run has ended and its pictures have come."""
    page.wait_for_timeout(500)
    page.wait_for_selector("[data-testid=stStatusWidget]", state="detached")
    page.wait_for_timeout(1500)


if __name__ == "__main__":
    main()
