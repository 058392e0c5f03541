"""What axe finds on a page, and what hangs over its edge: all that stops or hinders a person."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from playwright.sync_api import Page, expect

from .conftest import settled

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HINDERS = ("serious", "critical")
GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(14, 21, 33)"}  # of .streamlit/config.toml
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
_STILL = """() => document.getAnimations().every(
  each => each.playState !== 'running' || each.effect.getComputedTiming().endTime === Infinity)"""
_OVER_THE_EDGE = """() => {
  const over = each => each.scrollWidth > each.clientWidth + 1;
  const main = document.querySelector('[data-testid=stMain]');
  if (!over(main) && !over(document.documentElement)) return [];
  const out = each => each.getBoundingClientRect().right > main.getBoundingClientRect().right + 1;
  const named = each => `${each.dataset.testid ?? each.tagName} ${each.className}`;
  return ['sideways', ...[...main.querySelectorAll('*')].filter(out).map(named).slice(0, 5)];
}"""
_UNFOLD = """() => {
  const closed = [...document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary')];
  const seen = closed.filter(each => each.checkVisibility());
  seen.forEach(each => each.click());
  return seen.length;
}"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken at one place."""

    rule: str
    impact: str
    where: str  # a CSS selector
    what: str  # axe's own summary


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[Violation]:
    """Serious and critical ones on *page* as it stands; its theme and its open parts are the caller's."""
    page.evaluate(_axe())
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run(document, {json.dumps(asked)})")
    return [
        Violation(each["id"], each["impact"], str(node["target"]), node["failureSummary"])
        for each in found["violations"]
        if each["impact"] in HINDERS
        for node in each["nodes"]
    ]


def in_both_themes(page: Page) -> dict[str, list[Violation]]:
    """The violations by theme; the page follows the system's, as it does for everybody who has chosen none."""
    found = {}
    for theme, ground in GROUNDS.items():
        page.emulate_media(color_scheme=theme)
        expect(page.locator("[data-testid=stApp]")).to_have_css("background-color", ground)
        page.wait_for_function(_STILL)
        found[theme] = violations(page)
    return found


def over_the_edge(page: Page) -> list[str]:
    """What makes a phone's page scroll sideways; empty when nothing does."""
    page.set_viewport_size(PHONE)
    page.wait_for_function(_STILL)
    found = page.evaluate(_OVER_THE_EDGE)
    page.set_viewport_size(DESK)
    return found


def unfold(page: Page) -> None:
    """Open every part that is closed, and what is closed in it."""
    settled(page)
    while page.evaluate(_UNFOLD):
        page.wait_for_function(_STILL)
        settled(page)
