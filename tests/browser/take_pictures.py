"""``python -m tests.browser.take_pictures``: every page into docs/pictures, as the README shows them.

With ``--every FOLDER``: each in both languages and themes, wide and narrow, to be looked at.
"""

import argparse
import itertools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from facematch import samples
from facematch.engine.pipeline import FaceEngine
from facematch.settings import Settings

from . import worked_log
from .conftest import CHROMIUM, FLAGS, ROOT, dashboard, settled
from .fake_camera import filming, put, somebody_reads

WIDTHS_PX, HEIGHT_PX = (1280, 390), 900
VERDICT = ".st-key-verdict"


@dataclass(frozen=True)
class Shot:
    """One picture: the page, and what is done there first."""

    page: str
    do: Callable[[Page], None]
    most_px: int = 1400  # of its height; the whole page where it is shorter


def compare(pair: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.locator(f".st-key-sample_{pair} button").click()
        page.wait_for_selector(VERDICT)

    return act


def verify(page: Page) -> None:
    box = page.locator("details:has(.st-key-demo_persons), [data-testid=stExpander] details").first
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    page.locator(".st-key-case_own_photo button").click()
    expect(page.locator(".st-key-_id_number input")).not_to_have_value("", timeout=60_000)
    settled(page)
    page.locator(".st-key-ask button").click()
    page.wait_for_selector(VERDICT)


def film(page: Page) -> None:
    photo = {"name": "obama_2.jpg", "mimeType": "image/jpeg", "buffer": samples.photo("obama_2.jpg")}
    page.locator("[class*=st-key-reference_upload] input[type=file]").set_input_files(photo)
    page.get_by_alt_text("obama_2.jpg").wait_for()
    settled(page)
    page.locator(".open").click()
    page.locator(".record:enabled").click()
    page.locator(".use").click(timeout=60_000)
    page.locator(".st-key-ask button:enabled").click()
    page.wait_for_selector(VERDICT, timeout=60_000)


def ask_code(page: Page) -> None:
    page.locator(".st-key-ask_code button").click()
    page.wait_for_selector(".st-key-code_clock")


def see_call(page: Page) -> None:
    compare("two_faces")(page)
    settled(page)
    page.locator("[data-testid=stPageLink-NavLink][href*='trace=']").first.click()
    page.wait_for_selector(".st-key-call h3")


def wait_for_charts(page: Page) -> None:
    page.wait_for_selector(".js-plotly-plot")


def nothing(page: Page) -> None:
    """The page as it opens."""


SHOTS = {
    "overview": Shot("?period=week", nothing),
    "photo_match": Shot("photo_match", compare("same_person")),
    "refusal": Shot("photo_match", compare("two_faces")),
    "video_match": Shot("video_match", film, 2000),
    "id_verification": Shot("id_verification", verify),
    "live_code": Shot("live_code", ask_code),
    "history": Shot("history", wait_for_charts, 2000),
    "call": Shot("photo_match", see_call),
    "error_codes": Shot("error_codes", nothing),
    "environments": Shot("environments", nothing),
    "demo_mode": Shot("photo_match?demo=1", compare("same_person")),
}


def main() -> None:
    """Take them all; the file name says what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=Path, metavar="FOLDER")
    parser.add_argument("names", nargs="*", help=f"of {', '.join(SHOTS)}; none: all")
    asked = parser.parse_args()
    names = asked.names or list(SHOTS)
    with tempfile.TemporaryDirectory(prefix="facematch-") as folder, sync_playwright() as playwright:
        data = Path(folder)
        worked_log.write(data / "log" / "calls.db", worked_log.two_days())
        put(data, *somebody_reads(FaceEngine(Settings()), "4219", after_s=7.0, seconds=13.0))
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with dashboard(data) as url, filming(chromium, data) as browser:
            if asked.every is None:
                take(browser, url, ROOT / "docs" / "pictures", names)
                return
            for locale, theme, width in itertools.product(("en-US", "zh-CN"), ("light", "dark"), WIDTHS_PX):
                take(browser, url, asked.every, names, locale=locale, theme=theme, width=width)


def take(  # noqa: PLR0913 - what a picture is of, each named
    browser: Browser,
    url: str,
    folder: Path,
    names: list[str],
    *,
    locale: str = "en-US",
    theme: str = "light",
    width: int = WIDTHS_PX[0],
) -> None:
    """A visit for each; as many pictures as names."""
    folder.mkdir(parents=True, exist_ok=True)
    is_usual = (locale, theme, width) == ("en-US", "light", WIDTHS_PX[0])
    suffix = "" if is_usual else f"_{locale[:2]}_{theme}_{width}"
    for name in names:
        shot = SHOTS[name]
        context = browser.new_context(
            locale=locale, color_scheme=theme, viewport={"width": width, "height": HEIGHT_PX}, reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{url}/{shot.page}")
        page.wait_for_selector("h1", timeout=60_000)
        settled(page)
        shot.do(page)
        shoot(page, folder / f"{name}{suffix}.png", shot.most_px)
        context.close()


def shoot(page: Page, path: Path, most_px: int) -> None:
    """The page from its top, as far down as *most_px*."""
    wait_still(page)
    whole = page.locator("[data-testid=stMain]").evaluate("e => e.scrollHeight")
    width = page.viewport_size["width"]
    page.set_viewport_size({"width": width, "height": min(max(whole, HEIGHT_PX), most_px)})
    page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 0)")
    wait_still(page)
    page.screenshot(path=path)


def wait_still(page: Page) -> None:
    """Until the page's run has ended and its pictures have come."""
    settled(page)
    page.wait_for_timeout(2000)
    settled(page)


if __name__ == "__main__":
    main()
