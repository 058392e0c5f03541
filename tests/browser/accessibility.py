"""What axe finds on a page: violations of WCAG A and AA that a person would be stopped or hindered by."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
HINDERS = ("serious", "critical")

# Streamlit's own markup that no page of ours can reach: selector, and why it is left out.
NOT_OURS: dict[str, str] = {
    '[data-testid="stDataFrame"]': "a canvas with a hidden table that a screen reader walks; axe cannot see its cells",
}


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
    context = {"exclude": [[selector] for selector in NOT_OURS]}
    asked = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found = page.evaluate(f"axe.run({json.dumps(context)}, {json.dumps(asked)})")
    return [
        Violation(each["id"], each["impact"], str(node["target"]), node["failureSummary"])
        for each in found["violations"]
        if each["impact"] in HINDERS
        for node in each["nodes"]
    ]
